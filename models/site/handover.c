#include "models/site/handover.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/link.h"
#include "models/metric.h"
#include "sim/hist.h"

struct handover {
	struct sim *sim;
	unsigned on_arrival;
	handover_fn *arrived;
	void *ctx;
	int64_t *free_ns; /* [nodes]: when the interface has carried what it was given */
	int64_t count;    /* arrived */
	double bytes;     /* arrived */
	double under_way, peak; /* bytes */
	struct hist time_s;
	double time_sum_s;
};

extern const struct metric handover_metrics[];
const struct metric handover_metrics[] = {
	{ "service.handovers", "1",
	    "requests whose KV cache went from a prefill node to a decode node", "count",
	    "counted" },
	{ "service.handover_bytes", "byte", "KV caches handed over, in all",
	    "sum of prompt tokens x KV bytes of a token",
	    "Patel et al. 2024 (Splitwise), section IV" },
	{ "service.handover_s", "s",
	    "from the first token at the prefill node until the cache is at the decode node, waiting "
	    "for either's interface included",
	    "t(cache received) - t(prompt computed)", "Patel et al. 2024 (Splitwise), section IV" },
	{ "service.handover_peak_bytes", "B",
	    "most KV cache that was on its way at one time, and in no node's blocks",
	    "max over time of the bytes handed over and not yet received", "counted" },
	{ 0 },
};

static void on_arrival(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct handover *h = ctx;
	double bytes = (double)ev->a;
	int64_t sent_ns = (int64_t)ev->b;
	double took_s = (double)(sim_now(s) - sent_ns) / (double)SIM_NS_PER_S;
	h->count++;
	h->bytes += bytes;
	h->under_way -= bytes;
	hist_add(&h->time_s, took_s);
	h->time_sum_s += took_s;
	h->arrived(h->ctx, ev->entity, sent_ns);
}

struct handover *handover_new(struct sim *sim, handover_fn *arrived, void *ctx)
{
	struct handover *h = mem_new(1, sizeof *h);
	h->sim = sim;
	h->arrived = arrived;
	h->ctx = ctx;
	h->on_arrival = sim_type(sim, "cache", SIM_PHASE_REQUEST, on_arrival, h);
	hist_init(&h->time_s);
	return h;
}

void handover_free(struct handover *h)
{
	if (!h) return;
	free(h->free_ns);
	free(h);
}

void handover_open(struct handover *h, uint32_t nodes)
{
	h->free_ns = mem_new(nodes, sizeof *h->free_ns);
}

static int64_t max_i64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Whole bytes, so that their sums are exact in any order. */
void handover_begin(struct handover *h, const struct datacentre_par *centre,
    const struct handover_move *m)
{
	int64_t now_ns = sim_now(h->sim);
	double bytes = round(m->bytes);
	int64_t begin_ns = max_i64(now_ns, max_i64(h->free_ns[m->from], h->free_ns[m->to]));
	int64_t end_ns = link_arrival_ns(begin_ns, bytes / centre->kv_bytes_s);
	h->free_ns[m->from] = h->free_ns[m->to] = end_ns;
	h->under_way += bytes;
	h->peak = fmax(h->peak, h->under_way);
	sim_at(h->sim, link_arrival_ns(end_ns, centre->kv_latency_s), h->on_arrival, m->request,
	    (uint64_t)bytes, (uint64_t)now_ns);
}

void handover_export(const struct handover *h, struct dataset *d)
{
	static const struct { const char *name; double p; } part[] = {
		{ "p50", 0.50 }, { "p90", 0.90 }, { "p95", 0.95 }, { "p99", 0.99 },
	};
	int64_t n = h->count;
	if (!n) return;
	metric_put(d, "service.handovers", NULL, estimate_exact((double)n, n));
	metric_put(d, "service.handover_bytes", NULL, estimate_exact(h->bytes, n));
	metric_put(
	    d, "service.handover_s", "mean", estimate_exact(h->time_sum_s / (double)n, n));
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		metric_put(d, "service.handover_s", part[i].name,
		    estimate_exact(hist_quantile(&h->time_s, part[i].p), n));
	metric_put(d, "service.handover_peak_bytes", NULL, estimate_exact(h->peak, n));
}
