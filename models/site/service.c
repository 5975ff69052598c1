#include "models/site/service.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "models/site/estimate.h"
#include "models/site/goodput.h"
#include "sim/sim.h"

#define SERVING_SOURCE "definition as in vLLM benchmarks/serve.py and inference-perf"
/* How the intervals of the latencies come about; estimate.h has the formulas. */
#define BY_REQUEST                                                                                 \
	"; 95 % interval of the mean: batch means of requests in order of sending (Conway 1963); " \
	"of a percentile: the wider of the binomial one and that of 32 batches (Woodruff 1952)"
#define BY_TIME                                                                                    \
	"; 95 % interval: blocks of time as observations, 10 to 64 of them (Cochran 1977, eq. "    \
	"6.13; percentiles: Woodruff 1952)"

/* Requests of a <deferral> have metrics of their own (deferral.h). */
#define PROMPT_ONES "; those that <deferral> lets wait left out"

extern const struct metric service_metrics[];
const struct metric service_metrics[] = {
	{ "latency.ttft_s", "s", "time to first token, as the client sees it" PROMPT_ONES,
	    "t(first token received) - t(request sent)", SERVING_SOURCE BY_REQUEST,
	    LOWER_IS_BETTER },
	{ "latency.tpot_s", "s",
	    "time per output token after the first, one value a request of at "
	    "least two output tokens" PROMPT_ONES,
	    "(e2e - ttft) / (output tokens - 1)", SERVING_SOURCE BY_REQUEST, LOWER_IS_BETTER },
	{ "latency.itl_s", "s",
	    "inter-token latency: gaps between consecutive tokens of a request, "
	    "pooled over all tokens, those of requests that <deferral> lets wait too, and of "
	    "answers that <tiers> throws away",
	    "t(token i + 1) - t(token i)", SERVING_SOURCE BY_TIME, LOWER_IS_BETTER },
	{ "latency.e2e_s", "s", "end-to-end latency, as the client sees it" PROMPT_ONES,
	    "t(last token received) - t(request sent)", SERVING_SOURCE BY_REQUEST,
	    LOWER_IS_BETTER },
	{ "latency.ntpot_s", "s",
	    "normalised latency: time per output token, the first included" PROMPT_ONES,
	    "e2e / output tokens", "Yu et al. 2022 (Orca), section 6" BY_REQUEST, LOWER_IS_BETTER },
	{ "service.run_s", "s", "length of the run", "grid steps * step", "counted" },
	{ "service.requests", "1", "requests that were sent", "count", "counted" },
	{ "service.done", "1", "requests whose last token was received", "count", "counted",
	    HIGHER_IS_BETTER },
	{ "service.rejected", "1",
	    "requests that no node can ever hold: prompt and output exceed every "
	    "node's KV cache",
	    "count", "counted", LOWER_IS_BETTER },
	{ "service.pending", "1", "requests not finished when the run ended", "count", "counted",
	    LOWER_IS_BETTER },
	{ "service.preemptions", "1",
	    "times a request lost its KV cache to others and was recomputed", "count",
	    "Kwon et al. 2023 (PagedAttention), section 4.5", LOWER_IS_BETTER },
	{ "service.prompt_tokens", "token", "prompt tokens of the finished requests", "sum",
	    "counted" },
	{ "service.output_tokens", "token", "output tokens of the finished requests", "sum",
	    "counted" },
	{ "service.output_token_rate_per_s", "token/s",
	    "output tokens of the finished requests over the "
	    "length of the run",
	    "service.output_tokens / run length", SERVING_SOURCE, HIGHER_IS_BETTER },
	{ "service.token_rate_per_s", "token/s",
	    "prompt and output tokens of the finished requests over the length of the run",
	    "(service.prompt_tokens + service.output_tokens) / run length", SERVING_SOURCE,
	    HIGHER_IS_BETTER },
	{ 0 },
};

static double seconds(int64_t ns)
{
	return (double)ns / (double)SIM_NS_PER_S;
}

double request_ttft_s(const struct request *q, const struct outcome *o)
{
	return seconds(o->first_ns - q->sent_ns);
}

double request_e2e_s(const struct request *q, const struct outcome *o)
{
	return seconds(o->done_ns - q->sent_ns);
}

double request_tpot_s(const struct request *q, const struct outcome *o)
{
	if (q->output_tokens < 2) return NAN;
	return seconds(o->done_ns - o->first_ns) / (q->output_tokens - 1);
}

static double request_ntpot_s(const struct request *q, const struct outcome *o)
{
	return request_e2e_s(q, o) / q->output_tokens;
}

int64_t service_output_tokens(const struct service *s)
{
	int64_t sum = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->outcome[i].status == REQUEST_DONE) sum += s->request[i].output_tokens;
	return sum;
}

int64_t service_prompt_tokens(const struct service *s)
{
	int64_t sum = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->outcome[i].status == REQUEST_DONE) sum += s->request[i].prompt_tokens;
	return sum;
}

int64_t service_count(const struct service *s, enum request_status status)
{
	int64_t n = 0;
	for (size_t i = 0; i < s->n; i++) n += s->outcome[i].status == status;
	return n;
}

static void export_counts(const struct service *s, struct dataset *d)
{
	int64_t n = (int64_t)s->n, preemptions = 0;
	int64_t in = service_prompt_tokens(s), out = service_output_tokens(s);
	for (size_t i = 0; i < s->n; i++) preemptions += s->outcome[i].preemptions;
	const struct { const char *key; int64_t value; } count[] = {
		{ "service.requests", n },
		{ "service.done", service_count(s, REQUEST_DONE) },
		{ "service.rejected", service_count(s, REQUEST_REJECTED) },
		{ "service.pending", service_count(s, REQUEST_PENDING) },
		{ "service.preemptions", preemptions },
		{ "service.prompt_tokens", in },
		{ "service.output_tokens", out },
	};
	for (size_t i = 0; i < sizeof count / sizeof *count; i++)
		metric_put(d, count[i].key, NULL, estimate_exact((double)count[i].value, n));
	metric_put(d, "service.run_s", NULL, estimate_exact(s->run_s, 1));
	metric_put(d, "service.output_token_rate_per_s", NULL,
	    estimate_exact((double)out / s->run_s, n));
	metric_put(d, "service.token_rate_per_s", NULL,
	    estimate_exact((double)(in + out) / s->run_s, n));
}

static const struct { const char *name; double p; } percentiles[] = {
	{ "p50", 0.50 }, { "p90", 0.90 }, { "p95", 0.95 }, { "p99", 0.99 },
};
enum { PERCENTILES = sizeof percentiles / sizeof *percentiles };

typedef double latency_of(const struct request *q, const struct outcome *o);

void service_put_latency(struct dataset *d, const char *key, const double *v, size_t n)
{
	if (!n) return;
	double *sorted = mem_new(n, sizeof *sorted);
	metric_put(d, key, "mean", estimate_mean(v, n));
	memcpy(sorted, v, n * sizeof *v);
	sort_f64(sorted, n);
	for (int k = 0; k < PERCENTILES; k++)
		metric_put(d, key, percentiles[k].name,
		    estimate_quantile(v, sorted, n, percentiles[k].p));
	free(sorted);
}

/* One latency over the finished requests in order of sending, but for those that could
 * wait. */
static void export_latency(
    const struct service *s, struct dataset *d, const char *key, latency_of *of)
{
	double *v = mem_new(s->n, sizeof *v);
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++) {
		if (s->outcome[i].status != REQUEST_DONE || s->request[i].deferrable) continue;
		double x = of(&s->request[i], &s->outcome[i]);
		if (!isnan(x)) v[n++] = x;
	}
	service_put_latency(d, key, v, n);
	free(v);
}

static void export_itl(const struct service *s, const struct block *all, struct dataset *d)
{
	if (!all->hist.count) return;
	metric_put(d, "latency.itl_s", "mean", estimate_blocks_mean(s->itl, all));
	for (int k = 0; k < PERCENTILES; k++)
		metric_put(d, "latency.itl_s", percentiles[k].name,
		    estimate_blocks_quantile(s->itl, all, percentiles[k].p));
}

/* Buckets from the first to the last that holds something. */
static void export_hist(const struct hist *h, struct dataset *d, const char *name)
{
	int first = 0, last = HIST_BUCKETS - 1;
	if (!h->count) return;
	while (!h->bucket[first]) first++;
	while (!h->bucket[last]) last--;
	struct ds_group *g = ds_group(d, "hist");
	char *bin = mem_print("%s_bin", name), *count = mem_print("%s_count", name);
	struct ds_dim *dim = ds_dim(g, bin, (size_t)(last - first + 1));
	double *edge = ds_column(g, bin, DS_F64, dim, NULL, "s", "lower edge of the bucket");
	int64_t *n = ds_column(g, count, DS_I64, dim, NULL, "1", "values in the bucket");
	for (int i = first; i <= last; i++) {
		edge[i - first] = hist_edge(i);
		n[i - first] = h->bucket[i];
	}
	free(bin);
	free(count);
}

static void export_released(const struct service *s, struct ds_group *g, struct ds_dim *dim)
{
	double *released = ds_column(g, "released", DS_F64, dim, NULL, "s",
	    "when a request that can wait was sent to a node, since the start; NAN: not, or it "
	    "cannot wait");
	for (size_t i = 0; i < s->n; i++)
		released[i] = s->released_ns[i] < 0 ? NAN : seconds(s->released_ns[i]);
}

static void export_requests(const struct service *s, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "requests");
	struct ds_dim *dim = ds_dim(g, "request", s->n);
	int64_t *id =
	    ds_column(g, "request", DS_I64, dim, NULL, "1", "number of the request, by time sent");
	double *sent =
	    ds_column(g, "arrival", DS_F64, dim, NULL, "s", "when it was sent, since the start");
	float *ttft = ds_column(g, "ttft", DS_F32, dim, NULL, "s", "time to first token");
	float *tpot =
	    ds_column(g, "tpot", DS_F32, dim, NULL, "s", "time per output token after the first");
	float *e2e = ds_column(g, "e2e", DS_F32, dim, NULL, "s", "end-to-end latency");
	float *energy = ds_column(g, "energy", DS_F32, dim, NULL, "J",
	    "device energy of its iterations, shared among the tokens computed in each");
	int32_t *in = ds_column(g, "prompt_tokens", DS_I32, dim, NULL, "token", "prompt tokens");
	int32_t *out = ds_column(g, "output_tokens", DS_I32, dim, NULL, "token", "output tokens");
	int32_t *first_node = ds_column(g, "first_node", DS_I32, dim, NULL, "1",
	    "node that computed its prompt; -1: none");
	int32_t *node = ds_column(g, "node", DS_I32, dim, NULL, "1",
	    "node that gave the last token: where it was handed over; -1: none");
	if (s->released_ns) export_released(s, g, dim);
	int8_t *status = ds_column(g, "status", DS_I8, dim, NULL, "1", "what became of it");
	for (size_t i = 0; i < s->n; i++) {
		const struct request *q = &s->request[i];
		const struct outcome *o = &s->outcome[i];
		bool done = o->status == REQUEST_DONE;
		id[i] = (int64_t)i;
		sent[i] = seconds(q->sent_ns);
		ttft[i] = o->first_ns >= 0 ? (float)request_ttft_s(q, o) : NAN;
		tpot[i] = done ? (float)request_tpot_s(q, o) : NAN;
		e2e[i] = done ? (float)request_e2e_s(q, o) : NAN;
		energy[i] = (float)o->energy_j;
		in[i] = q->prompt_tokens;
		out[i] = q->output_tokens;
		first_node[i] = o->first_node == UINT32_MAX ? -1 : (int32_t)o->first_node;
		node[i] = o->node == UINT32_MAX ? -1 : (int32_t)o->node;
		status[i] = (int8_t)o->status;
	}
	static const int8_t flags[] = {
#define X(id_, word) id_,
		REQUEST_STATUS_LIST(X)
#undef X
	};
	ds_attr_i8s(g, "status", "flag_values", flags, sizeof flags);
	ds_attr_text(g, "status", "flag_meanings",
#define X(id_, word) word " "
	    REQUEST_STATUS_LIST(X)
#undef X
	);
}

void service_export(const struct service *s, struct dataset *d)
{
	struct block *itl = mem_new(1, sizeof *itl);
	blocks_total(s->itl, itl);
	export_latency(s, d, "latency.ttft_s", request_ttft_s);
	export_latency(s, d, "latency.tpot_s", request_tpot_s);
	export_itl(s, itl, d);
	export_latency(s, d, "latency.e2e_s", request_e2e_s);
	export_latency(s, d, "latency.ntpot_s", request_ntpot_s);
	export_counts(s, d);
	goodput_export(s, d);
	if (s->n) export_requests(s, d);
	export_hist(&itl->hist, d, "itl");
	free(itl);
}
