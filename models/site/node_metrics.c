#include "models/site/node_metrics.h"

#include <math.h>
#include <stddef.h>

#include "models/compute/rest.h"
#include "models/metric.h"

extern const struct metric node_metrics[];

const struct metric node_metrics[] = {
	{ "node.loads", "1", "times that a request found its model unloaded and waited for it",
	    "count over replicas", "models/compute/rest.h" },
	{ "node.unloaded_frac", "1",
	    "share of the time that a replica which may unload its model was without it",
	    "mean over such replicas of time unloaded / time run", "models/compute/rest.h" },
	{ "node.load_j", "J",
	    "energy of loading a model once, mean over replicas that may unload it",
	    "(devices * load-power + host-active) * load time",
	    "over the power that unloading saves: the break-even time of arXiv 2605.23918, 1 to "
	    "5 min on data-centre GPUs",
	    LOWER_IS_BETTER },
	{ "node.break_even_s", "s",
	    "time without its model from which on a replica saves energy, mean over those that may",
	    "(devices * (load-power - idle) + host-active - host-idle) * load time / (devices * "
	    "(idle - idle-unloaded)); while it loads it would otherwise idle",
	    "ski rental: Karlin et al. 1988, Algorithmica 3", LOWER_IS_BETTER },
	{ "node.slowed_frac", "1",
	    "share of their busy time in which replicas with a power cap, always or by <flexible>, "
	    "were slowed by it",
	    "sum of time slowed / sum of time busy, over replicas with a cap",
	    "models/compute/governor.h", LOWER_IS_BETTER },
	{ "node.prefix_hit_frac", "1",
	    "share of prompt tokens whose keys and values a prefix cache had, first computations "
	    "only",
	    "prompt tokens found / prompt tokens of requests that replicas with a prefix cache "
	    "began",
	    "Zheng et al. 2024 (SGLang), section 3: cache hit rate", HIGHER_IS_BETTER },
	{ NULL },
};

/* Of the devices when nothing ran. */
static double at_rest_j(const struct node_par *p, const struct replica_total *t, double run_s)
{
	struct rest rest = rest_init(p);
	double loaded_s = fmax(0, run_s - t->busy_s - t->loading_s - t->unloaded_s);
	return (double)node_devices(p) * (rest.idle_w * loaded_s + rest.unloaded_w * t->unloaded_s +
					     rest.load_w * t->loading_s);
}

struct node_busy node_busy_of(const struct node_par *p, const struct replica_total *t, double run_s)
{
	double device_j = fmax(0, t->device_j - at_rest_j(p, t, run_s));
	double node_j = node_inlet_j(
	    p->psu_frac, p->psu_loss_w, device_j + p->host_active_w * t->busy_s, t->busy_s);
	return (struct node_busy){ device_j, node_j };
}

void node_sum_add(struct node_sum *sum, const struct node_par *p, bool capped,
    const struct replica_total *t, double run_s)
{
	struct rest rest = rest_init(p);
	struct node_busy busy = node_busy_of(p, t, run_s);
	sum->idle_device_j += fmax(0, t->device_j - busy.device_j);
	sum->idle_node_j += fmax(0, t->node_j - busy.node_j);
	if (p->role != NODE_DECODE) { /* where prompts are computed */
		sum->prefix_looked += t->prefix_looked;
		sum->prefix_hit += t->prefix_hit;
	}
	if (!isinf(rest.unload_after_s)) {
		sum->unloading++;
		sum->loads += t->loads;
		sum->unloaded_s += t->unloaded_s;
		sum->load_j += rest_load_j(&rest, p);
		sum->break_even_s += rest_break_even_s(&rest, p);
	}
	if (capped) {
		sum->capped++;
		sum->slowed_s += t->slowed_s;
		sum->busy_s += t->busy_s;
	}
}

static void put(struct dataset *d, const char *key, double value, int64_t n)
{
	metric_put(d, key, NULL, estimate_exact(value, n));
}

void node_sum_put(const struct node_sum *sum, double run_s, struct dataset *d)
{
	double n = (double)sum->unloading;
	put(d, "energy.device_idle_j", sum->idle_device_j, 1);
	put(d, "energy.node_idle_j", sum->idle_node_j, 1);
	if (sum->unloading > 0) {
		put(d, "node.loads", (double)sum->loads, sum->unloading);
		put(d, "node.unloaded_frac", sum->unloaded_s / (n * run_s), sum->unloading);
		put(d, "node.load_j", sum->load_j / n, sum->unloading);
		put(d, "node.break_even_s", sum->break_even_s / n, sum->unloading);
	}
	if (sum->capped > 0)
		put(d, "node.slowed_frac", sum->busy_s > 0 ? sum->slowed_s / sum->busy_s : 0,
		    sum->capped);
	if (sum->prefix_looked > 0)
		put(d, "node.prefix_hit_frac",
		    (double)sum->prefix_hit / (double)sum->prefix_looked, sum->prefix_looked);
}
