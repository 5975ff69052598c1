#include "models/site/handover.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/link.h"
#include "models/metric.h"
#include "sim/hist.h"

struct end {
	struct handover_node node;
	int64_t free_ns;          /* when the interface has carried what it was given */
	double under_way_tokens;  /* sent and not yet received */
};

struct handover {
	struct sim *sim;
	unsigned on_arrival;
	handover_fn *arrived;
	void *ctx;
	struct end *end; /* [nodes] */
	int64_t count;   /* arrived */
	double bytes;    /* arrived */
	double under_way, peak; /* bytes, of all nodes */
	double held_frac; /* of a sender's blocks, at most: prompts and what is on its way */
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
	    "from the first token at the prefill node until the cache is at the decode node, "
	    "waiting "
	    "for either's interface included",
	    "t(cache received) - t(prompt computed)", "Patel et al. 2024 (Splitwise), section IV",
	    LOWER_IS_BETTER },
	{ "service.handover_peak_bytes", "byte",
	    "most KV cache that was on its way at one time, and in no node's blocks",
	    "max over time of the bytes handed over and not yet received", "counted" },
	{ 0 },
};

static double cache_bytes(const struct end *from, double tokens)
{
	return tokens * from->node.token_bytes;
}

/* An event is of the sender; a: tokens above the request; b: when it was sent. */
static void on_arrival(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct handover *h = ctx;
	struct end *from = &h->end[ev->entity];
	double tokens = (double)(ev->a >> 32), bytes = cache_bytes(from, tokens);
	int64_t sent_ns = (int64_t)ev->b;
	double took_s = (double)(sim_now(s) - sent_ns) / (double)SIM_NS_PER_S;
	h->count++;
	h->bytes += bytes;
	h->under_way -= bytes;
	from->under_way_tokens -= tokens;
	hist_add(&h->time_s, took_s);
	h->time_sum_s += took_s;
	h->arrived(h->ctx, (uint32_t)ev->a, sent_ns);
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
	free(h->end);
	free(h);
}

void handover_open(struct handover *h, const struct handover_node *nodes, uint32_t count)
{
	h->end = mem_new(count, sizeof *h->end);
	for (uint32_t i = 0; i < count; i++) h->end[i].node = nodes[i];
}

static int64_t max_i64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void count_under_way(struct handover *h, struct end *from, const struct handover_move *m)
{
	from->under_way_tokens += m->tokens;
	h->under_way += cache_bytes(from, m->tokens);
	h->peak = fmax(h->peak, h->under_way);
	double held = from->under_way_tokens + (double)m->used_tokens;
	h->held_frac = fmax(h->held_frac, held / from->node.capacity_tokens);
}

void handover_begin(struct handover *h, const struct handover_move *m)
{
	struct end *from = &h->end[m->from], *to = &h->end[m->to];
	int64_t now_ns = sim_now(h->sim);
	int64_t begin_ns = max_i64(now_ns, max_i64(from->free_ns, to->free_ns));
	int64_t end_ns =
	    link_arrival_ns(begin_ns, cache_bytes(from, m->tokens) / from->node.bytes_s);
	from->free_ns = to->free_ns = end_ns;
	count_under_way(h, from, m);
	sim_at(h->sim, link_arrival_ns(end_ns, from->node.latency_s), h->on_arrival, m->from,
	    (uint64_t)m->tokens << 32 | m->request, (uint64_t)now_ns);
}

void handover_check(const struct handover *h, struct checks *c)
{
	if (h->held_frac > 0)
		checks_add(c, "check.handover_memory", h->held_frac, 1, VALIDITY_SUSPECT);
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
