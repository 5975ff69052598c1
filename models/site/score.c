#include "models/site/score.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/compute/llm.h"

static int64_t *answered_by_node(const struct pool *p, size_t requests)
{
	int64_t *n = mem_new(pool_nodes(p), sizeof *n);
	const struct outcome *o = pool_outcomes(p);
	for (size_t i = 0; i < requests; i++)
		if (o[i].status == REQUEST_DONE) n[o[i].node]++;
	return n;
}

/* Adds a node's answers; false when they cannot be told or not be added. */
static bool add(struct score *s, int64_t *answers, const struct llm_par *m, int64_t n)
{
	if (!n) return true;
	if (!m->score_name || (s->benchmark && strcmp(s->benchmark, m->score_name))) return false;
	s->benchmark = m->score_name;
	s->frac += m->score_frac * (double)n;
	*answers += n;
	return true;
}

struct score score_expected(const struct pool *p, size_t requests)
{
	struct score s = { 0, NULL };
	int64_t *n = answered_by_node(p, requests), answers = 0;
	bool known = true;
	for (uint32_t i = 0; i < pool_nodes(p) && known; i++)
		known = add(&s, &answers, node_model(pool_node(p, i)), n[i]);
	free(n);
	if (!known || !answers) return (struct score){ 0, NULL };
	s.frac /= (double)answers;
	return s;
}

double score_correct_per_kj(double frac, double j)
{
	return 1000 * frac / j;
}
