#include "models/grid/tie_currents.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/flow.h"
#include "models/grid/topology.h"
#include "models/grid/zip.h"

struct tie_currents {
	const struct network *n;
	struct topology *topology; /* for the groups of nodes that switches join */
	bool *wanted;              /* [groups] ends of ties */
	uint32_t *element, *load;  /* those that touch such groups */
	size_t elements, loads;
	uint32_t *order;         /* [ties] those that feed others after them */
	double complex *drawn;   /* [groups] */
	double complex *through; /* [ties] */
};

static uint32_t group_of(const struct tie_currents *t, uint32_t node)
{
	return t->topology->group[node];
}

static bool is_wanted(const struct tie_currents *t, uint32_t node)
{
	return node != NET_GROUND && t->wanted[group_of(t, node)];
}

static void mark_ends(struct tie_currents *t)
{
	t->wanted = mem_new(t->topology->groups, sizeof *t->wanted);
	for (size_t i = 0; i < t->n->ties; i++) {
		const struct net_tie *tie = &t->n->tie[i];
		t->wanted[group_of(t, tie->node)] = true;
		for (uint32_t k = 0; k < tie->terms; k++)
			t->wanted[group_of(t, tie->from[k])] = true;
	}
}

static void list_neighbours(struct tie_currents *t)
{
	t->element = mem_new(t->n->elements, sizeof *t->element);
	t->load = mem_new(t->n->loads, sizeof *t->load);
	for (uint32_t i = 0; i < t->n->elements; i++) {
		const struct net_element *el = &t->n->element[i];
		bool touches = false;
		for (uint32_t k = 0; k < el->terminals; k++) touches |= is_wanted(t, el->node[k]);
		if (touches) t->element[t->elements++] = i;
	}
	for (uint32_t i = 0; i < t->n->loads; i++)
		if (is_wanted(t, t->n->load[i].plus) || is_wanted(t, t->n->load[i].minus))
			t->load[t->loads++] = i;
}

/* Whether the tie's node, or one that is joined with it, feeds a tie that is not done. */
static bool feeds_others(const struct tie_currents *t, uint32_t tie, const bool *done)
{
	uint32_t group = group_of(t, t->n->tie[tie].node);
	for (size_t i = 0; i < t->n->ties; i++)
		for (uint32_t k = 0; k < t->n->tie[i].terms && !done[i]; k++)
			if (group_of(t, t->n->tie[i].from[k]) == group) return true;
	return false;
}

/* Ties are few, and do not go round in a ring. */
static void order_ties(struct tie_currents *t)
{
	bool *done = mem_new(t->n->ties, sizeof *done);
	t->order = mem_new(t->n->ties, sizeof *t->order);
	for (size_t count = 0; count < t->n->ties;) {
		size_t before = count;
		for (uint32_t i = 0; i < t->n->ties; i++) {
			if (done[i] || feeds_others(t, i, done)) continue;
			t->order[count++] = i;
			done[i] = true;
		}
		assert(count > before);
	}
	free(done);
}

struct tie_currents *tie_currents_new(const struct network *n)
{
	struct tie_currents *t = mem_new(1, sizeof *t);
	struct err_list *e = err_new();
	t->n = n;
	t->topology = topology_new(n, (struct err_pos){ 0 }, e);
	assert(t->topology);
	err_free(e);
	mark_ends(t);
	list_neighbours(t);
	order_ties(t);
	t->drawn = mem_new(t->topology->groups, sizeof *t->drawn);
	t->through = mem_new(n->ties, sizeof *t->through);
	return t;
}

void tie_currents_free(struct tie_currents *t)
{
	if (!t) return;
	topology_free(t->topology);
	free(t->wanted);
	free(t->element);
	free(t->load);
	free(t->order);
	free(t->drawn);
	free(t->through);
	free(t);
}

static void draw(struct tie_currents *t, uint32_t node, double complex i_a)
{
	if (is_wanted(t, node)) t->drawn[group_of(t, node)] += i_a;
}

static double complex across(const struct net_load *l, const double complex *v)
{
	return v[l->plus] - (l->minus == NET_GROUND ? 0 : v[l->minus]);
}

static void draw_neighbours(struct tie_currents *t, const double complex *v)
{
	for (size_t i = 0; i < t->elements; i++) {
		const struct net_element *el = &t->n->element[t->element[i]];
		double complex current[NET_TERMINALS];
		flow_currents(el, v, current);
		for (uint32_t k = 0; k < el->terminals; k++) draw(t, el->node[k], current[k]);
	}
	for (size_t i = 0; i < t->loads; i++) {
		const struct net_load *l = &t->n->load[t->load[i]];
		double complex i_a = zip_current(l, across(l, v));
		draw(t, l->plus, i_a);
		draw(t, l->minus, -i_a);
	}
}

const double complex *tie_currents_at(struct tie_currents *t, const double complex *v)
{
	memset(t->drawn, 0, t->topology->groups * sizeof *t->drawn);
	draw_neighbours(t, v);
	for (size_t i = 0; i < t->n->ties; i++) {
		const struct net_tie *tie = &t->n->tie[t->order[i]];
		double complex i_a = t->drawn[group_of(t, tie->node)];
		t->through[t->order[i]] = i_a;
		for (uint32_t k = 0; k < tie->terms; k++)
			draw(t, tie->from[k], tie->weight[k] * i_a);
	}
	return t->through;
}
