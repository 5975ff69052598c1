#include "models/site/goodput.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/estimate.h"

#define GOOD_SOURCE                                                                                \
	"vLLM benchmarks/serve.py (goodput); Zhong et al. 2024 (DistServe), as a ratio instead "  \
	"of a search for the highest rate"

extern const struct metric goodput_metrics[];
const struct metric goodput_metrics[] = {
	{ "service.goodput_frac", "1",
	    "share of the requests sent that finished within every limit of "
	    "the service-level objective; those that <deferral> lets wait left out",
	    "requests within all limits / requests sent; 95 % interval: the wider of Wilson's "
	    "(1927) and that of 32 batches in order of sending (Cochran 1977, eq. 6.13)",
	    GOOD_SOURCE, HIGHER_IS_BETTER },
	{ "service.goodput_rate_per_s", "1/s",
	    "requests within every limit of the objective, over the length of the run; those that "
	    "<deferral> lets wait left out",
	    "requests within all limits / run length", GOOD_SOURCE, HIGHER_IS_BETTER },
	{ "service.goodput_token_rate_per_s", "token/s",
	    "output tokens of the requests within every limit, over the length of the run; those "
	    "that "
	    "<deferral> lets wait left out",
	    "output tokens of the requests within all limits / run length", GOOD_SOURCE,
	    HIGHER_IS_BETTER },
	{ "service.attainment_frac", "1",
	    "share of the requests sent that finished within one limit of the objective; those "
	    "that "
	    "<deferral> lets wait left out",
	    "requests within the limit / requests sent; a request of one token meets any tpot",
	    GOOD_SOURCE, HIGHER_IS_BETTER },
	{ 0 },
};

/* The limits of an objective, by the words of its attributes. */
enum limit { LIMIT_TTFT, LIMIT_TPOT, LIMIT_E2E, LIMITS };
static const char *const limit_word[LIMITS] = { "ttft", "tpot", "e2e" };

static double limit_of(const struct service_limits *l, enum limit which)
{
	switch (which) {
	case LIMIT_TTFT:
		return l->ttft_s;
	case LIMIT_TPOT:
		return l->tpot_s;
	case LIMIT_E2E:
		return l->e2e_s;
	case LIMITS:
		break;
	}
	return NAN;
}

struct good {
	struct ratio all, within[LIMITS]; /* requests, in batches as of estimate.h */
	double requests;
	int64_t output_tokens; /* of those within all limits */
};

/* A limit that is not set is met, and so is one on what a request does not have. */
static bool within(double value_s, double limit_s)
{
	return isnan(limit_s) || isnan(value_s) || value_s <= limit_s;
}

/* Whether a finished request is within each limit; true: within all. */
static bool judge(const struct request *q, const struct outcome *o,
    const struct service_limits *l, double within_it[LIMITS])
{
	const double value_s[LIMITS] = { request_ttft_s(q, o), request_tpot_s(q, o),
		request_e2e_s(q, o) };
	bool all = true;
	for (int k = 0; k < LIMITS; k++) {
		bool met = within(value_s[k], limit_of(l, (enum limit)k));
		within_it[k] += met;
		all = all && met;
	}
	return all;
}

static void add_batch(const struct service *s, size_t from, size_t to,
    const struct service_limits *l, struct good *g)
{
	double within_it[LIMITS] = { 0 }, all = 0, n = 0;
	for (size_t i = from; i < to; i++) {
		const struct request *q = &s->request[i];
		const struct outcome *o = &s->outcome[i];
		if (q->deferrable) continue;
		n++;
		if (o->status != REQUEST_DONE || !judge(q, o, l, within_it)) continue;
		g->output_tokens += q->output_tokens;
		all++;
	}
	g->requests += all;
	ratio_add(&g->all, all, n);
	for (int k = 0; k < LIMITS; k++) ratio_add(&g->within[k], within_it[k], n);
}

static struct good count(const struct service *s, const struct service_limits *l)
{
	struct good g = { .requests = 0 };
	size_t from = 0;
	for (int b = 0; b < ESTIMATE_BATCHES; b++) {
		size_t to = estimate_batch_end(s->n, b);
		add_batch(s, from, to, l, &g);
		from = to;
	}
	return g;
}

static void put_attainment(const struct service_limits *l, enum limit which,
    const struct ratio *within_it, struct dataset *d)
{
	const char *metric = "service.attainment_frac", *word = limit_word[which];
	if (isnan(limit_of(l, which))) return;
	char *part = l->name ? mem_print("%s.%s", l->name, word) : mem_text(word);
	char *key = mem_print("%s.%s", metric, part);
	metric_put(d, metric, part, estimate_share_batched(within_it));
	ds_attr_f64(ds_group(d, "summary"), key, "limit_s", limit_of(l, which));
	free(key);
	free(part);
}

static void export_objective(const struct service *s, const struct service_limits *l,
    struct dataset *d)
{
	int64_t n = (int64_t)s->n;
	struct good g = count(s, l);
	metric_put(d, "service.goodput_frac", l->name, estimate_share_batched(&g.all));
	metric_put(d, "service.goodput_rate_per_s", l->name,
	    estimate_exact(g.requests / s->run_s, n));
	metric_put(d, "service.goodput_token_rate_per_s", l->name,
	    estimate_exact((double)g.output_tokens / s->run_s, n));
	for (int k = 0; k < LIMITS; k++)
		put_attainment(l, (enum limit)k, &g.within[k], d);
}

void goodput_export(const struct service *s, struct dataset *d)
{
	for (size_t i = 0; i < s->slos && s->n; i++) export_objective(s, &s->slo[i], d);
}
