#include "models/grid/radial.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A branch whose direction is not known yet. */
struct edge {
	uint32_t side[2][NET_PHASES], count[2];
	uint32_t element, tie;
	bool used;
};

struct search {
	const struct network *n;
	const struct topology *t;
	struct edge *edge;
	uint32_t edges;
	uint32_t *first, *at; /* edges at group g: at[first[g]] to at[first[g + 1] - 1] */
	bool *reached;        /* [groups] */
	uint32_t *stack;      /* edges whose near side is reached */
	size_t waiting;
};

/* ---- edges ---- */

static bool add_terminal(struct search *s, struct edge *e, int side, uint32_t node)
{
	if (node == NET_GROUND || s->n->node[node].bus == NET_NONE) return false;
	if (e->count[side] == NET_PHASES) return false;
	e->side[side][e->count[side]++] = s->t->group[node];
	return true;
}

/* Live, as its first node is: an element's nodes hang together. */
static bool is_dead(const struct search *s, uint32_t node)
{
	return node != NET_GROUND && !s->t->live[s->t->group[node]];
}

static bool add_element(struct search *s, uint32_t index)
{
	const struct net_element *el = &s->n->element[index];
	if (el->kind == NET_SHUNT || el->open || is_dead(s, el->node[0])) return true;
	struct edge *e = &s->edge[s->edges++];
	*e = (struct edge){ .element = index, .tie = NET_NONE };
	for (uint32_t k = 0; k < el->terminals; k++)
		if (!add_terminal(s, e, k >= el->sends, el->node[k])) return false;
	return e->count[0] > 0 && e->count[1] > 0;
}

static bool add_tie(struct search *s, uint32_t index)
{
	const struct net_tie *tie = &s->n->tie[index];
	if (is_dead(s, tie->node)) return true;
	struct edge *e = &s->edge[s->edges++];
	*e = (struct edge){ .element = NET_NONE, .tie = index };
	return tie->terms == 1 && tie->weight[0] != 0 && add_terminal(s, e, 0, tie->from[0]) &&
	       add_terminal(s, e, 1, tie->node);
}

static bool list_edges(struct search *s)
{
	s->edge = mem_new(s->n->elements + s->n->ties, sizeof *s->edge);
	for (uint32_t i = 0; i < s->n->elements; i++)
		if (!add_element(s, i)) return false;
	for (uint32_t i = 0; i < s->n->ties; i++)
		if (!add_tie(s, i)) return false;
	return true;
}

/* Counts first, then fills from behind. */
static void list_neighbours(struct search *s)
{
	size_t ends = 0;
	s->first = mem_new(s->t->groups + 1, sizeof *s->first);
	for (uint32_t i = 0; i < s->edges; i++)
		for (int side = 0; side < 2; side++)
			for (uint32_t k = 0; k < s->edge[i].count[side]; k++, ends++)
				s->first[s->edge[i].side[side][k]]++;
	for (uint32_t g = 1; g <= s->t->groups; g++) s->first[g] += s->first[g - 1];
	s->at = mem_new(ends, sizeof *s->at);
	s->stack = mem_new(ends, sizeof *s->stack);
	for (uint32_t i = s->edges; i-- > 0;)
		for (int side = 0; side < 2; side++)
			for (uint32_t k = 0; k < s->edge[i].count[side]; k++)
				s->at[--s->first[s->edge[i].side[side][k]]] = i;
}

/* ---- depth first ---- */

static uint32_t count_reached(const struct search *s, const struct edge *e, int side)
{
	uint32_t count = 0;
	for (uint32_t k = 0; k < e->count[side]; k++) count += s->reached[e->side[side][k]];
	return count;
}

/* The side that feeds the other: all of it is reached, the other is not; else -1. */
static int near_side(const struct search *s, const struct edge *e)
{
	for (int side = 0; side < 2; side++)
		if (count_reached(s, e, side) == e->count[side] && !count_reached(s, e, !side))
			return side;
	return -1;
}

/* A group hands each of its edges out once: no more are on the stack than there are ends. */
static void reach(struct search *s, uint32_t group)
{
	s->reached[group] = true;
	for (uint32_t i = s->first[group + 1]; i-- > s->first[group];)
		s->stack[s->waiting++] = s->at[i];
}

static struct radial_branch branch_of(const struct edge *e, int near)
{
	struct radial_branch b = { .nears = e->count[near],
		.fars = e->count[!near],
		.element = e->element,
		.tie = e->tie,
		.turned = near == 1 };
	for (uint32_t k = 0; k < NET_PHASES; k++) {
		b.near[k] = k < b.nears ? e->side[near][k] : NET_NONE;
		b.far[k] = k < b.fars ? e->side[!near][k] : NET_NONE;
	}
	return b;
}

static bool repeats(const uint32_t *group, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < i; k++)
			if (group[i] == group[k]) return true;
	return false;
}

/* An edge that closes a loop is never ready and stays unused. */
static void follow(struct search *s, struct radial *r)
{
	while (s->waiting > 0) {
		struct edge *e = &s->edge[s->stack[--s->waiting]];
		int near = e->used ? -1 : near_side(s, e);
		if (near < 0 || repeats(e->side[!near], e->count[!near])) continue;
		e->used = true;
		struct radial_branch *b = &r->branch[r->branches++];
		*b = branch_of(e, near);
		for (uint32_t k = 0; k < b->fars; k++) reach(s, b->far[k]);
	}
}

static bool all_done(const struct search *s)
{
	for (uint32_t i = 0; i < s->edges; i++)
		if (!s->edge[i].used) return false;
	for (uint32_t g = 0; g < s->t->groups; g++)
		if (s->t->live[g] && !s->reached[g]) return false;
	return true;
}

static bool one_source(const struct network *n)
{
	for (size_t i = 0; i < n->sources; i++)
		if (n->node[n->source[i].node].bus != n->node[n->source[0].node].bus) return false;
	return n->sources > 0;
}

static bool find_order(struct search *s, struct radial *r)
{
	if (!one_source(s->n) || s->t->afloats > 0 || !list_edges(s)) return false;
	r->branch = mem_new(s->edges, sizeof *r->branch);
	list_neighbours(s);
	s->reached = mem_new(s->t->groups, sizeof *s->reached);
	for (size_t i = 0; i < s->n->sources; i++)
		s->reached[s->t->group[s->n->source[i].node]] = true;
	for (size_t i = 0; i < s->n->sources; i++) reach(s, s->t->group[s->n->source[i].node]);
	follow(s, r);
	return all_done(s);
}

static void search_free(struct search *s)
{
	free(s->edge);
	free(s->first);
	free(s->at);
	free(s->reached);
	free(s->stack);
}

struct radial *radial_new(const struct network *n)
{
	struct err_list *e = err_new(); /* the nodal engine says what is wrong */
	struct topology *t = topology_new(n, (struct err_pos){ 0 }, e);
	err_free(e);
	if (!t) return NULL;
	struct radial *r = mem_new(1, sizeof *r);
	struct search s = { .n = n, .t = t };
	r->topology = t;
	bool good = find_order(&s, r);
	search_free(&s);
	if (good) return r;
	radial_free(r);
	return NULL;
}

void radial_free(struct radial *r)
{
	if (!r) return;
	topology_free(r->topology);
	free(r->branch);
	free(r);
}
