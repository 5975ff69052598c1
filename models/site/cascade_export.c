/* What came of two tiers: who answered, what was thrown away, and whether it paid. */
#include "models/site/cascade_state.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/metric.h"
#include "models/site/estimate.h"
#include "models/site/service.h"

#define FRUGAL_SOURCE "Chen, Zaharia, Zou 2023 (FrugalGPT), section 3: LLM cascade"
#define ROUTE_SOURCE  "Ong et al. 2024 (RouteLLM), section 3: routing between two models"
#define TRY_FORMULA   "share of the energy of its iterations, by tokens; idle time left out"

/* Requests by where they were answered, and words for them. */
#define WAY_LIST(X)                                                                                \
	X(small, "answered by the small tier")                                                     \
	X(large, "that the large tier answered at once")                                           \
	X(escalated, "that the large tier answered after the small tier's answer was "             \
		     "insufficient")

enum way {
#define X(word, about) WAY_##word,
	WAY_LIST(X)
#undef X
	    WAYS,
	WAY_NONE, /* not finished */
};

extern const struct metric tiers_metrics[];
const struct metric tiers_metrics[] = {
#define X(word, about)                                                                             \
	{ "tiers." #word "_requests", "1", "finished requests " about, "count", ROUTE_SOURCE },
	WAY_LIST(X)
#undef X
	    { "tiers.judged", "1", "answers of the small tier that were judged", "count",
		FRUGAL_SOURCE },
	{ "tiers.insufficient_frac", "1",
	    "share of the judged answers that were insufficient and thrown away",
	    "insufficient / tiers.judged; 95 % interval: Wilson (1927)", FRUGAL_SOURCE,
	    LOWER_IS_BETTER },
	{ "tiers.judge_tokens", "token", "tokens that small models wrote to judge their answers",
	    "tiers.judged * judge-tokens", FRUGAL_SOURCE },
	{ "tiers.thrown_away_j", "J",
	    "accelerator energy of insufficient answers: spent, in the ledger, and of no use",
	    "sum over insufficient answers; of each, " TRY_FORMULA, FRUGAL_SOURCE,
	    LOWER_IS_BETTER },
	{ "tiers.thrown_away_frac", "1",
	    "the same over the energy of all answers, idle time left out",
	    "tiers.thrown_away_j / (that of all answers, thrown away or not)", FRUGAL_SOURCE,
	    LOWER_IS_BETTER },
	{ "tiers.small_answer_j", "J",
	    "accelerator energy of an answer of the small tier, judging included",
	    "mean over its answers, thrown away or not; of each, " TRY_FORMULA, FRUGAL_SOURCE,
	    LOWER_IS_BETTER },
	{ "tiers.large_answer_j", "J", "accelerator energy of an answer of the large tier",
	    "mean over its answers; of each, " TRY_FORMULA, FRUGAL_SOURCE, LOWER_IS_BETTER },
	{ "tiers.break_even_frac", "1",
	    "share of insufficient answers up to which a cascade can use less energy than sending "
	    "all "
	    "to the large tier: by the energy of answers at the batches of this run, which makes "
	    "it "
	    "an upper bound, for a large tier that answered all would have fuller batches and need "
	    "less for each; a run with large-share=\"100 %\" and escalate=\"0 %\" tells; negative: "
	    "never",
	    "1 - tiers.small_answer_j / tiers.large_answer_j",
	    "from E = E_small + share * E_large < E_large; " FRUGAL_SOURCE },
	{ "tiers.small_device_j", "J", "accelerator energy of the small tier, idle time included",
	    "integral of board power over the run", "models/control/tiers.h", LOWER_IS_BETTER },
	{ "tiers.small_node_j", "J", "energy at the inlets of the small tier's nodes",
	    "integral of (board + host power) / supply efficiency", "models/control/tiers.h",
	    LOWER_IS_BETTER },
	{ "tiers.large_device_j", "J", "accelerator energy of the large tier, idle time included",
	    "integral of board power over the run", "models/control/tiers.h", LOWER_IS_BETTER },
	{ "tiers.large_node_j", "J", "energy at the inlets of the large tier's nodes",
	    "integral of (board + host power) / supply efficiency", "models/control/tiers.h",
	    LOWER_IS_BETTER },
#define X(word, about)                                                                             \
	{ "tiers." #word "_ttft_s", "s", "time to first token of the requests " about,             \
		"as latency.ttft_s; an insufficient answer's first token does not count",          \
		"definition as in vLLM benchmarks/serve.py", LOWER_IS_BETTER },                    \
	    { "tiers." #word "_e2e_s", "s", "end-to-end latency of the requests " about,           \
		    "as latency.e2e_s: from when it is sent first to the last token of the "       \
		    "answer that is "                                                              \
		    "accepted",                                                                    \
		    "definition as in vLLM benchmarks/serve.py", LOWER_IS_BETTER },
	WAY_LIST(X)
#undef X
	    { 0 },
};

static enum way way_of(const struct leg *l, const struct outcome *o)
{
	if (o->status != REQUEST_DONE) return WAY_NONE;
	if (l->first_node != UINT32_MAX) return WAY_escalated;
	return l->tier == TIER_SMALL ? WAY_small : WAY_large;
}

/* Energy of a number of answers. */
struct answers {
	int64_t n;
	double joule;
};

static void answer_add(struct answers *a, double joule)
{
	a->n++;
	a->joule += joule;
}

struct sums {
	int64_t by_way[WAYS];
	struct answers small, large, thrown; /* those thrown away are among the small ones */
};

static void sums_add(struct sums *s, const struct leg *l, const struct outcome *o)
{
	enum way way = way_of(l, o);
	bool thrown = l->first_node != UINT32_MAX;
	if (thrown) {
		answer_add(&s->thrown, l->first_j);
		answer_add(&s->small, l->first_j);
	}
	if (way == WAY_NONE) return;
	s->by_way[way]++;
	if (way == WAY_small)
		answer_add(&s->small, o->energy_j);
	else
		answer_add(&s->large, o->energy_j - (thrown ? l->first_j : 0));
}

static void put(struct dataset *d, const char *key, double x, int64_t n)
{
	metric_put(d, key, NULL, estimate_exact(x, n));
}

static void put_mean(struct dataset *d, const char *key, const struct answers *a)
{
	if (a->n) put(d, key, a->joule / (double)a->n, a->n);
}

static void export_ways(const struct sums *s, int64_t n, struct dataset *d)
{
#define X(word, about) put(d, "tiers." #word "_requests", (double)s->by_way[WAY_##word], n);
	WAY_LIST(X)
#undef X
}

static void export_judge(const struct cascade *c, const struct sums *s, struct dataset *d)
{
	int64_t judged = s->small.n;
	if (!tiers_judges(&c->par)) return;
	double all_j = s->small.joule + s->large.joule, tokens = (double)c->par.judge_tokens;
	put(d, "tiers.judged", (double)judged, judged);
	if (judged)
		metric_put(d, "tiers.insufficient_frac", NULL, estimate_share(s->thrown.n, judged));
	put(d, "tiers.judge_tokens", tokens * (double)judged, judged);
	put(d, "tiers.thrown_away_j", s->thrown.joule, s->thrown.n);
	if (all_j > 0) put(d, "tiers.thrown_away_frac", s->thrown.joule / all_j, s->thrown.n);
}

static void export_energy(
    const struct cascade *c, const struct sums *s, const struct cascade_tier *e, struct dataset *d)
{
	put_mean(d, "tiers.small_answer_j", &s->small);
	put_mean(d, "tiers.large_answer_j", &s->large);
	if (tiers_judges(&c->par) && s->small.n && s->large.joule > 0) {
		double small_j = s->small.joule / (double)s->small.n;
		double large_j = s->large.joule / (double)s->large.n;
		put(d, "tiers.break_even_frac", 1 - small_j / large_j, s->small.n + s->large.n);
	}
	put(d, "tiers.small_device_j", e[TIER_SMALL].device_j, 1);
	put(d, "tiers.small_node_j", e[TIER_SMALL].node_j, 1);
	put(d, "tiers.large_device_j", e[TIER_LARGE].device_j, 1);
	put(d, "tiers.large_node_j", e[TIER_LARGE].node_j, 1);
}

typedef double latency_of(const struct request *q, const struct outcome *o);

/* Of the requests that could not wait (deferral.h), in order of sending. */
static void export_latency(const struct cascade *c, const struct outcome *o, uint32_t n,
    enum way way, const char *key, latency_of *of, struct dataset *d)
{
	double *v = mem_new(n, sizeof *v);
	size_t found = 0;
	for (uint32_t i = 0; i < n; i++)
		if (way_of(&c->leg[i], &o[i]) == way && !c->request[i].deferrable)
			v[found++] = of(&c->request[i], &o[i]);
	service_put_latency(d, key, v, found);
	free(v);
}

static void export_columns(const struct cascade *c, uint32_t n, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "requests");
	struct ds_dim *dim = ds_dim(g, "request", n);
	int8_t *tier = ds_column(g, "tier", DS_I8, dim, NULL, "1", "tier it was sent to last");
	int32_t *node = ds_column(g, "insufficient_node", DS_I32, dim, NULL, "1",
	    "node whose answer was insufficient and thrown away; -1: none");
	float *joule = ds_column(g, "insufficient_energy", DS_F32, dim, NULL, "J",
	    "device energy of that answer, a part of energy; NAN: none");
	for (uint32_t i = 0; i < n; i++) {
		const struct leg *l = &c->leg[i];
		bool thrown = l->first_node != UINT32_MAX;
		tier[i] = (int8_t)l->tier;
		node[i] = thrown ? (int32_t)l->first_node : -1;
		joule[i] = thrown ? (float)l->first_j : NAN;
	}
	static const int8_t flags[] = { TIER_SMALL, TIER_LARGE };
	ds_attr_i8s(g, "tier", "flag_values", flags, sizeof flags);
	ds_attr_text(g, "tier", "flag_meanings", "small large");
}

void cascade_export(const struct cascade *c, const struct outcome *o, uint32_t n,
    const struct cascade_tier *energy, struct dataset *d)
{
	struct sums s = { 0 };
	for (uint32_t i = 0; i < n; i++) sums_add(&s, &c->leg[i], &o[i]);
	export_ways(&s, n, d);
	export_judge(c, &s, d);
	export_energy(c, &s, energy, d);
#define X(word, about)                                                                             \
	export_latency(c, o, n, WAY_##word, "tiers." #word "_ttft_s", request_ttft_s, d);          \
	export_latency(c, o, n, WAY_##word, "tiers." #word "_e2e_s", request_e2e_s, d);
	WAY_LIST(X)
#undef X
	if (n) export_columns(c, n, d);
}
