#include "models/site/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/compute/node.h"

static int64_t *answered_by_node(const struct pool *p, size_t requests)
{
	int64_t *n = mem_new(pool_nodes(p), sizeof *n);
	const struct outcome *o = pool_outcomes(p);
	for (size_t i = 0; i < requests; i++)
		if (o[i].status == REQUEST_DONE) n[o[i].node]++;
	return n;
}

/* Adds a node's answers; false when they cannot be told or not be added. */
static bool add(struct score *s, int64_t *answers, const struct node_par *p, int64_t n)
{
	const char *benchmark = node_model(p)->score_name;
	double frac = node_score(p);
	if (!n) return true;
	if (isnan(frac) || (s->benchmark && strcmp(s->benchmark, benchmark))) return false;
	s->benchmark = benchmark;
	s->frac += frac * (double)n;
	*answers += n;
	return true;
}

struct score score_expected(const struct pool *p, size_t requests)
{
	struct score s = { 0, NULL };
	int64_t *n = answered_by_node(p, requests), answers = 0;
	bool known = true;
	for (uint32_t i = 0; i < pool_nodes(p) && known; i++)
		known = add(&s, &answers, pool_node(p, i), n[i]);
	free(n);
	if (!known || !answers) return (struct score){ 0, NULL };
	s.frac /= (double)answers;
	return s;
}

double score_correct_per_kj(double frac, double j)
{
	return 1000 * frac / j;
}
