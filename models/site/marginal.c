#include "models/site/marginal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/compute/node_spiking.h"
#include "models/metric.h"
#include "models/site/score.h"
#include "models/site/spiking_use.h"

#define RATIO_SOURCE                                                                               \
	"incremental cost-effectiveness as in Drummond et al. 2015, Methods for the Economic "     \
	"Evaluation of Health Care Programmes; here of correct answers and energy"

extern const struct metric marginal_metrics[];
const struct metric marginal_metrics[] = {
	{ "score.marginal_pairs", "1",
	    "pairs of <node> elements of which one has the better score in the same benchmark",
	    "count", RATIO_SOURCE },
	{ "score.marginal_dominates", "1",
	    "of them, those in which the better one takes no more energy an answer", "count",
	    RATIO_SOURCE },
	{ "score.marginal_correct_per_kj", "1/kJ",
	    "expected extra correct answers for each extra kilojoule at the inlets of nodes, idle "
	    "time included, when the <node> element of the best score answers instead of the one "
	    "that takes the least energy an answer, of those that have a score; none where these "
	    "are one: "
	    "then it dominates the others",
	    "1000 * (s_best - s_least) / (j_best - j_least), s: score, j: energy of the element's "
	    "nodes over the run / answers that they gave, those thrown away included",
	    RATIO_SOURCE, HIGHER_IS_BETTER },
	{ 0 },
};

const char *marginal_word(enum marginal_verdict v)
{
	static const char *const word[] = {
		[MARGINAL_COSTS] = "costs energy",
		[MARGINAL_DOMINATES] = "dominates",
		[MARGINAL_EQUAL] = "equal scores",
		[MARGINAL_BENCHMARKS] = "different benchmarks",
		[MARGINAL_UNKNOWN] = "score not known",
	};
	return word[v];
}

struct marginal marginal_between(const struct marginal_side *a, const struct marginal_side *b)
{
	struct marginal m = { .verdict = MARGINAL_UNKNOWN, .per_kj = NAN };
	if (!a->benchmark || !b->benchmark) return m;
	m.verdict = MARGINAL_BENCHMARKS;
	if (strcmp(a->benchmark, b->benchmark)) return m;
	m.verdict = MARGINAL_EQUAL;
	if (a->score_frac == b->score_frac) return m;
	m.swapped = b->score_frac > a->score_frac;
	const struct marginal_side *high = m.swapped ? b : a, *low = m.swapped ? a : b;
	m.verdict = MARGINAL_DOMINATES;
	if (high->answer_j <= low->answer_j) return m;
	m.verdict = MARGINAL_COSTS;
	m.per_kj = score_correct_per_kj(
	    high->score_frac - low->score_frac, high->answer_j - low->answer_j);
	return m;
}

/* ---- the elements that answered ---- */

struct element {
	const struct spiking_use *use;
	struct marginal_side side;
	double busy_j; /* of an answer, without idle time */
};

/* A chip's figures count a board at least. */
static bool is_whole(const struct node_par *n)
{
	const struct chip_par *c = node_chip(n);
	return !c || c->boundary == CHIP_BOARD || c->boundary == CHIP_SYSTEM;
}

static bool can_take(const struct spiking_use *u, bool any_boundary)
{
	bool alone = u->node->role == NODE_BOTH;
	return alone && u->given > 0 && u->node_j > 0 && (any_boundary || is_whole(u->node));
}

static struct element element_of(const struct spiking_use *u)
{
	double frac = node_score(u->node);
	return (struct element){
		.use = u,
		.side = { .score_frac = frac,
		    .benchmark = isnan(frac) ? NULL : node_model(u->node)->score_name,
		    .answer_j = u->node_j / u->given },
		.busy_j = u->busy_node_j / u->given,
	};
}

static const char *name_of(const struct element *e)
{
	const struct node_par *n = e->use->node;
	if (e->use->element->name) return e->use->element->name;
	return node_model(n) ? node_model(n)->name : "node";
}

/* ---- pairs ---- */

struct pair {
	const struct element *high, *low;
	struct marginal m;
};

static struct pair pair_of(const struct element *a, const struct element *b)
{
	struct marginal m = marginal_between(&a->side, &b->side);
	return (struct pair){ m.swapped ? b : a, m.swapped ? a : b, m };
}

/* One model on two kinds of nodes is as good on both. */
static bool is_told(const struct pair *p)
{
	bool any = p->high->side.benchmark || p->low->side.benchmark;
	bool same = node_model(p->high->use->node) == node_model(p->low->use->node);
	return any && !(same && p->m.verdict == MARGINAL_EQUAL);
}

static struct pair *pairs_of(const struct element *e, size_t elements, size_t *n)
{
	struct pair *pair = mem_new(elements * elements, sizeof *pair);
	*n = 0;
	for (size_t i = 0; i < elements; i++)
		for (size_t k = i + 1; k < elements; k++) {
			pair[*n] = pair_of(&e[i], &e[k]);
			if (is_told(&pair[*n])) ++*n;
		}
	return pair;
}

static void put_words(const struct pair *pair, size_t n, struct ds_group *g, struct ds_dim *dim)
{
	char **name = ds_column(g, "node", DS_TEXT, dim, NULL, "",
	    "the <node> element of the better score, by its name or its model's");
	char **other = ds_column(g, "against", DS_TEXT, dim, NULL, "", "the other");
	char **benchmark = ds_column(
	    g, "benchmark", DS_TEXT, dim, NULL, "", "what the scores are of; empty: no common one");
	char **verdict = ds_column(g, "verdict", DS_TEXT, dim, NULL, "",
	    "costs energy, and how much is in correct_per_kj; dominates: the better one takes no "
	    "more; or why neither is the better: equal scores, different benchmarks, score not "
	    "known");
	for (size_t i = 0; i < n; i++) {
		enum marginal_verdict v = pair[i].m.verdict;
		bool common = v != MARGINAL_BENCHMARKS && v != MARGINAL_UNKNOWN;
		name[i] = mem_text(name_of(pair[i].high));
		other[i] = mem_text(name_of(pair[i].low));
		benchmark[i] = mem_text(common ? pair[i].high->side.benchmark : "");
		verdict[i] = mem_text(marginal_word(v));
	}
}

static void put_numbers(const struct pair *pair, size_t n, struct ds_group *g, struct ds_dim *dim)
{
	double *value = ds_column(g, "correct_per_kj", DS_F64, dim, NULL, "1/kJ",
	    "expected extra correct answers for each extra kilojoule; NaN: see verdict");
	double *s = ds_column(g, "score", DS_F64, dim, NULL, "1", "of the node; NaN: not known");
	double *other_s = ds_column(g, "against_score", DS_F64, dim, NULL, "1", "of the other");
	double *j = ds_column(g, "energy_per_answer", DS_F64, dim, NULL, "J",
	    "at the node's inlets, idle time included, an answer");
	double *other_j = ds_column(
	    g, "against_energy_per_answer", DS_F64, dim, NULL, "J", "the same of the other");
	double *busy = ds_column(g, "busy_energy_per_answer", DS_F64, dim, NULL, "J",
	    "at the node's inlets while requests run, an answer");
	double *other_busy = ds_column(
	    g, "against_busy_energy_per_answer", DS_F64, dim, NULL, "J", "the same of the other");
	for (size_t i = 0; i < n; i++) {
		value[i] = pair[i].m.per_kj;
		s[i] = pair[i].high->side.score_frac;
		other_s[i] = pair[i].low->side.score_frac;
		j[i] = pair[i].high->side.answer_j;
		other_j[i] = pair[i].low->side.answer_j;
		busy[i] = pair[i].high->busy_j;
		other_busy[i] = pair[i].low->busy_j;
	}
}

/* ---- metrics ---- */

static void put(struct dataset *d, const char *key, const char *benchmark, double value, int64_t n)
{
	metric_put(d, key, NULL, estimate_exact(value, n));
	if (benchmark) ds_attr_text(ds_group(d, "summary"), key, "benchmark", benchmark);
}

static bool is_better(const struct marginal_side *a, const struct marginal_side *b)
{
	if (a->score_frac != b->score_frac) return a->score_frac > b->score_frac;
	return a->answer_j < b->answer_j;
}

static bool is_cheaper(const struct marginal_side *a, const struct marginal_side *b)
{
	if (a->answer_j != b->answer_j) return a->answer_j < b->answer_j;
	return a->score_frac > b->score_frac;
}

/* The best element against the cheapest, of those with a score; none where benchmarks differ. */
static void put_best(const struct element *e, size_t n, struct dataset *d)
{
	const struct element *best = NULL, *least = NULL;
	for (size_t i = 0; i < n; i++) {
		const struct marginal_side *s = &e[i].side;
		if (!s->benchmark) continue;
		if (best && strcmp(s->benchmark, best->side.benchmark)) return;
		if (!best || is_better(s, &best->side)) best = &e[i];
		if (!least || is_cheaper(s, &least->side)) least = &e[i];
	}
	if (!best) return;
	struct marginal m = marginal_between(&best->side, &least->side);
	if (m.verdict == MARGINAL_COSTS)
		put(d, "score.marginal_correct_per_kj", best->side.benchmark, m.per_kj,
		    (int64_t)(best->use->given + least->use->given));
}

static void put_metrics(const struct pair *pair, size_t n, struct dataset *d)
{
	int64_t differ = 0, dominates = 0;
	for (size_t i = 0; i < n; i++) {
		dominates += pair[i].m.verdict == MARGINAL_DOMINATES;
		differ +=
		    pair[i].m.verdict == MARGINAL_DOMINATES || pair[i].m.verdict == MARGINAL_COSTS;
	}
	put(d, "score.marginal_pairs", NULL, (double)differ, (int64_t)n);
	if (differ) put(d, "score.marginal_dominates", NULL, (double)dominates, differ);
}

void marginal_export(const struct pool *p, struct dataset *d)
{
	size_t uses, n = 0, pairs;
	struct spiking_use *use = spiking_use_of(p, &uses);
	struct element *e = mem_new(uses, sizeof *e);
	for (size_t i = 0; i < uses; i++)
		if (can_take(&use[i], pool_policy(p)->compare_boundaries))
			e[n++] = element_of(&use[i]);
	struct pair *pair = pairs_of(e, n, &pairs);
	if (pairs) {
		struct ds_group *g = ds_group(d, "marginal");
		struct ds_dim *dim = ds_dim(g, "pair", pairs);
		put_metrics(pair, pairs, d);
		put_best(e, n, d);
		put_words(pair, pairs, g, dim);
		put_numbers(pair, pairs, g, dim);
	}
	free(pair);
	free(e);
	free(use);
}
