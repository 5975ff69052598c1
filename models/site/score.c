#include "models/site/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/compute/node.h"
#include "models/site/cascade.h"

static int64_t *answered_by_node(const struct pool *p, size_t requests)
{
	int64_t *n = mem_new(pool_nodes(p), sizeof *n);
	const struct outcome *o = pool_outcomes(p);
	for (size_t i = 0; i < requests; i++)
		if (o[i].status == REQUEST_DONE) n[o[i].node]++;
	return n;
}

/* Answers of a tier, and the sum of their scores. */
struct answers {
	int64_t n;
	double sum;
};

/* Adds a node's answers; false when they cannot be told or not be added. */
static bool add(struct answers *a, const char **benchmark, const struct node_par *p, int64_t n)
{
	double frac = node_score(p);
	if (!n) return true;
	if (isnan(frac)) return false;
	const char *name = node_model(p)->score_name;
	if (*benchmark && strcmp(*benchmark, name)) return false;
	*benchmark = name;
	a->sum += frac * (double)n;
	a->n += n;
	return true;
}

static double mean(const struct answers *a)
{
	return a->sum / (double)a->n;
}

static double mix(const struct pool *p, const struct answers *a)
{
	const struct answers *small = &a[TIER_SMALL], *large = &a[TIER_LARGE];
	if (!small->n && !large->n) return mean(&a[TIER_ONE]);
	if (!small->n || !large->n) return mean(small->n ? small : large);
	double large_frac = (double)large->n / (double)(small->n + large->n);
	return tiers_score(cascade_par(pool_cascade(p)), mean(small), mean(large), large_frac);
}

struct score score_expected(const struct pool *p, size_t requests)
{
	struct answers a[TIERS] = { 0 };
	const char *benchmark = NULL;
	int64_t *n = answered_by_node(p, requests);
	bool known = true;
	for (uint32_t i = 0; i < pool_nodes(p) && known; i++)
		known = add(&a[pool_tier(p, i)], &benchmark, pool_node(p, i), n[i]);
	free(n);
	if (!known || !benchmark) return (struct score){ 0, NULL };
	return (struct score){ mix(p, a), benchmark };
}

double score_correct_per_kj(double frac, double j)
{
	return 1000 * frac / j;
}
