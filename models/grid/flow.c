#include "models/grid/flow.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/zip.h"

static double complex voltage(const double complex *v, uint32_t node)
{
	return node == NET_GROUND ? 0 : v[node];
}

void flow_currents(
    const struct net_element *el, const double complex *v, double complex current[NET_TERMINALS])
{
	for (uint32_t i = 0; i < el->terminals; i++) {
		current[i] = 0;
		for (uint32_t k = 0; k < el->terminals && !el->open; k++)
			current[i] += el->y[i * el->terminals + k] * voltage(v, el->node[k]);
	}
}

double complex flow_power(
    const struct net_element *el, const double complex *v, uint32_t first, uint32_t count)
{
	double complex current[NET_TERMINALS], sum = 0;
	flow_currents(el, v, current);
	for (uint32_t i = first; i < first + count; i++)
		sum += voltage(v, el->node[i]) * conj(current[i]);
	return sum;
}

/* Sources deliver what everything else takes: the sum over all but them. */
struct flow_totals flow_totals(const struct network *n, const double complex *v)
{
	struct flow_totals f = { 0 };
	for (size_t i = 0; i < n->elements; i++) {
		const struct net_element *el = &n->element[i];
		f.kept_va[el->kind] += n->alike * flow_power(el, v, 0, el->terminals);
	}
	for (size_t i = 0; i < n->loads; i++) {
		double complex across = voltage(v, n->load[i].plus) - voltage(v, n->load[i].minus);
		f.load_va += n->alike * across * conj(zip_current(&n->load[i], across));
	}
	f.source_va = f.load_va;
	for (int kind = 0; kind < NET_KINDS; kind++) f.source_va += f.kept_va[kind];
	return f;
}

/* Power is conserved across ties: the current of a tied node is drawn from those it is made of. */
static void take(
    const struct topology *t, uint32_t node, double complex current, double complex *sum)
{
	if (node == NET_GROUND) return;
	const struct made_of *m = &t->made_of[t->group[node]];
	for (uint32_t k = 0; k < m->terms; k++) sum[m->of[k]] += m->weight[k] * current;
}

static void sum_currents(
    const struct network *n, const struct topology *t, const double complex *v, double complex *sum)
{
	for (size_t i = 0; i < n->elements; i++) {
		const struct net_element *el = &n->element[i];
		double complex current[NET_TERMINALS];
		flow_currents(el, v, current);
		for (uint32_t k = 0; k < el->terminals; k++) take(t, el->node[k], current[k], sum);
	}
	for (size_t i = 0; i < n->loads; i++) {
		const struct net_load *l = &n->load[i];
		double complex current = zip_current(l, voltage(v, l->plus) - voltage(v, l->minus));
		take(t, l->plus, current, sum);
		take(t, l->minus, -current, sum);
	}
}

double flow_residual_va(const struct network *n, const struct topology *t, const double complex *v)
{
	double most = 0;
	double complex *sum = mem_new(t->groups, sizeof *sum);
	sum_currents(n, t, v, sum);
	for (uint32_t i = 0; i < n->nodes; i++) {
		uint32_t g = t->group[i];
		double va = t->unknown[g] == NET_NONE ? 0 : cabs(v[i] * sum[g]);
		if (!(va <= most)) most = va; /* a NaN stays */
	}
	free(sum);
	return most;
}

double flow_unbalance(const struct net_bus *b, const double complex *v)
{
	static const double turn = 2 * M_PI / 3;
	double complex one = 0, two = 0;
	for (int k = 0; k < NET_PHASES; k++) {
		if (b->node[k] == NET_NONE) return 0;
		one += v[b->node[k]] * cexp(I * turn * k);
		two += v[b->node[k]] * cexp(-I * turn * k);
	}
	return cabs(one) > 0 ? cabs(two) / cabs(one) : 0;
}
