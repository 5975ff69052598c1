#include "models/grid/topology.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* ---- union-find ---- */

static uint32_t root_of(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) i = parent[i] = parent[parent[i]];
	return i;
}

static void unite(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = root_of(parent, a);
	b = root_of(parent, b);
	if (a < b)
		parent[b] = a;
	else
		parent[a] = b;
}

static uint32_t *singles(size_t n)
{
	uint32_t *parent = mem_new(n, sizeof *parent);
	for (size_t i = 0; i < n; i++) parent[i] = (uint32_t)i;
	return parent;
}

/* ---- groups ---- */

static void merge_joined(struct topology *t, const struct network *n)
{
	uint32_t *parent = singles(n->nodes);
	for (size_t i = 0; i < n->joins; i++) unite(parent, n->join[i].a, n->join[i].b);
	t->group = mem_new(n->nodes, sizeof *t->group);
	for (uint32_t i = 0; i < n->nodes; i++) {
		uint32_t root = root_of(parent, i); /* <= i, so that it has its number already */
		t->group[i] = root == i ? t->groups++ : t->group[root];
	}
	free(parent);
	t->made_of = mem_new(t->groups, sizeof *t->made_of);
	t->unknown = mem_new(t->groups, sizeof *t->unknown);
	t->fixed = mem_new(t->groups, sizeof *t->fixed);
	t->live = mem_new(t->groups, sizeof *t->live);
	t->fixed_v = mem_new(t->groups, sizeof *t->fixed_v);
	for (uint32_t g = 0; g < t->groups; g++) t->unknown[g] = NET_NONE;
}

char *topology_node_name(const struct network *n, uint32_t node)
{
	const struct net_node *at = &n->node[node];
	if (at->bus == NET_NONE) return mem_text("a neutral");
	const struct net_bus *b = n->bus[at->bus];
	return mem_print("%s %s", b->name, network_phase_name(b, at->phase));
}

static void refuse_node(const struct network *n, uint32_t node, const char *what,
    const char *remedy, struct err_pos pos, struct err_list *e)
{
	char *name = topology_node_name(n, node);
	err_at(e, pos, "%s at %s; %s", what, name, remedy);
	free(name);
}

static void fix_sources(
    struct topology *t, const struct network *n, struct err_pos pos, struct err_list *e)
{
	for (size_t i = 0; i < n->sources; i++) {
		uint32_t g = t->group[n->source[i].node];
		if (t->fixed[g])
			refuse_node(n, n->source[i].node, "two ideal sources meet",
			    "give one of them an impedance", pos, e);
		t->fixed[g] = true;
		t->fixed_v[g] = n->source[i].v;
	}
}

/* ---- ties ---- */

static void find_ties(
    struct topology *t, const struct network *n, struct err_pos pos, struct err_list *e)
{
	t->tie = mem_new(t->groups, sizeof *t->tie);
	t->tied = mem_new(n->ties, sizeof *t->tied);
	for (uint32_t g = 0; g < t->groups; g++) t->tie[g] = NET_NONE;
	for (uint32_t i = 0; i < n->ties; i++) {
		uint32_t g = t->group[n->tie[i].node];
		if (t->tie[g] != NET_NONE || t->fixed[g])
			refuse_node(n, n->tie[i].node, "two regulators or sources meet",
			    "open a switch between them", pos, e);
		if (t->tie[g] == NET_NONE) t->tied[t->tieds++] = g;
		t->tie[g] = i;
	}
}

static void add_term(struct made_of *m, uint32_t of, double weight)
{
	for (uint32_t i = 0; i < m->terms; i++)
		if (m->of[i] == of) {
			m->weight[i] += weight;
			return;
		}
	if (m->terms == NET_TIES) abort(); /* a bus has no more phases */
	m->of[m->terms] = of;
	m->weight[m->terms++] = weight;
}

/* Writes one group by those that have their own voltage. Rings are deeper than there
 * are ties. */
static bool expand(struct topology *t, const struct network *n, uint32_t g, size_t depth)
{
	struct made_of *m = &t->made_of[g];
	if (m->terms) return true;
	if (t->tie[g] == NET_NONE) {
		add_term(m, g, 1);
		return true;
	}
	if (depth > n->ties) return false;
	const struct net_tie *at = &n->tie[t->tie[g]];
	struct made_of sum = { 0 };
	for (uint32_t i = 0; i < at->terms; i++) {
		uint32_t from = t->group[at->from[i]];
		if (!expand(t, n, from, depth + 1)) return false;
		for (uint32_t k = 0; k < t->made_of[from].terms; k++)
			add_term(&sum, t->made_of[from].of[k],
			    at->weight[i] * t->made_of[from].weight[k]);
	}
	*m = sum;
	return true;
}

static void expand_ties(
    struct topology *t, const struct network *n, struct err_pos pos, struct err_list *e)
{
	bool good = true;
	find_ties(t, n, pos, e);
	for (uint32_t g = 0; g < t->groups && good; g++)
		if (!(good = expand(t, n, g, 0)))
			refuse_node(n, n->tie[t->tie[g]].node,
			    "regulators feed each other in a ring", "open a switch in it", pos, e);
}

/* ---- what lives, and what floats ---- */

static void unite_group(struct topology *t, uint32_t *parent, uint32_t g)
{
	for (uint32_t i = 0; i < t->made_of[g].terms; i++) unite(parent, g, t->made_of[g].of[i]);
}

/* Parts: all that hangs together by any element. */
static void find_live(struct topology *t, const struct network *n)
{
	uint32_t *parent = singles(t->groups);
	bool *fed = mem_new(t->groups, sizeof *fed);
	for (uint32_t g = 0; g < t->groups; g++) unite_group(t, parent, g);
	for (size_t i = 0; i < n->elements; i++) {
		uint32_t first = NET_NONE;
		if (n->element[i].open) continue;
		for (uint32_t k = 0; k < n->element[i].terminals; k++) {
			uint32_t node = n->element[i].node[k];
			if (node == NET_GROUND) continue;
			if (first == NET_NONE) first = t->group[node];
			unite(parent, first, t->group[node]);
		}
	}
	for (uint32_t g = 0; g < t->groups; g++) fed[root_of(parent, g)] |= t->fixed[g];
	for (uint32_t g = 0; g < t->groups; g++) t->live[g] = fed[root_of(parent, g)];
	free(fed);
	free(parent);
}

/* A tie that does not keep a voltage common to all its phases, as a regulator in wye,
 * has an earthed neutral. */
static bool ties_to_earth(const struct made_of *m)
{
	double sum = 0;
	for (uint32_t i = 0; i < m->terms; i++) sum += m->weight[i];
	return fabs(sum - 1) > 1e-9;
}

/* Sections: all that hangs together by conductors. */
static void unite_sections(
    struct topology *t, const struct network *n, uint32_t *parent, bool *earthed)
{
	for (uint32_t g = 0; g < t->groups; g++) unite_group(t, parent, g);
	for (size_t i = 0; i < n->elements; i++) {
		const struct net_element *el = &n->element[i];
		if (el->open) continue;
		for (uint32_t k = 0; k < el->terminals; k++) {
			if (el->node[k] == NET_GROUND) continue;
			uint32_t g = t->group[el->node[k]];
			if (el->section[k] == NET_EARTHED) earthed[g] = true;
			for (uint32_t m = 0; m < k; m++)
				if (el->node[m] != NET_GROUND && el->section[m] == el->section[k] &&
				    el->section[k] != NET_EARTHED)
					unite(parent, g, t->group[el->node[m]]);
		}
	}
}

/* The phases of a bus that are in the section of its root. */
static struct afloat phases_of(
    const struct topology *t, const struct net_bus *b, uint32_t *parent, uint32_t root)
{
	struct afloat a = { 0 };
	for (int k = 0; k < NET_PHASES; k++) {
		if (b->node[k] == NET_NONE) continue;
		uint32_t g = t->group[b->node[k]];
		if (root_of(parent, g) == root) a.group[a.groups++] = g;
	}
	return a;
}

static void list_afloat(struct topology *t, const struct network *n, uint32_t *parent, bool *held)
{
	for (uint32_t i = 0; i < n->nodes; i++) {
		uint32_t g = t->group[i], root = root_of(parent, g);
		if (!t->live[g] || held[root] || n->node[i].bus == NET_NONE) continue;
		held[root] = true;
		t->afloat = mem_grow(t->afloat, t->afloats, &t->afloat_cap, sizeof *t->afloat);
		t->afloat[t->afloats++] = phases_of(t, n->bus[n->node[i].bus], parent, root);
	}
}

/* Sections that nothing else holds, by the ties in them. */
static void hold_by_ties(struct topology *t, uint32_t *parent, bool *held)
{
	for (uint32_t i = 0; i < t->tieds; i++)
		t->ties_hold |= t->live[t->tied[i]] && !held[root_of(parent, t->tied[i])];
	for (uint32_t i = 0; i < t->tieds; i++)
		held[root_of(parent, t->tied[i])] |= ties_to_earth(&t->made_of[t->tied[i]]);
}

static void find_afloat(struct topology *t, const struct network *n)
{
	uint32_t *parent = singles(t->groups);
	bool *earthed = mem_new(t->groups, sizeof *earthed);
	bool *held = mem_new(t->groups, sizeof *held);
	unite_sections(t, n, parent, earthed);
	for (uint32_t g = 0; g < t->groups; g++)
		held[root_of(parent, g)] |= earthed[g] || t->fixed[g];
	hold_by_ties(t, parent, held);
	list_afloat(t, n, parent, held);
	free(held);
	free(earthed);
	free(parent);
}

static void number_unknowns(struct topology *t)
{
	for (uint32_t g = 0; g < t->groups; g++) {
		bool own = t->made_of[g].terms == 1 && t->made_of[g].of[0] == g;
		if (own && t->live[g] && !t->fixed[g]) t->unknown[g] = t->unknowns++;
	}
}

struct topology *topology_new(const struct network *n, struct err_pos pos, struct err_list *e)
{
	struct topology *t = mem_new(1, sizeof *t);
	size_t before = err_count(e);
	merge_joined(t, n);
	fix_sources(t, n, pos, e);
	expand_ties(t, n, pos, e);
	if (err_count(e) > before) {
		topology_free(t);
		return NULL;
	}
	find_live(t, n);
	find_afloat(t, n);
	number_unknowns(t);
	return t;
}

bool topology_refill(struct topology *t, const struct network *n)
{
	bool as_before = true;
	for (size_t i = 0; i < n->sources; i++)
		t->fixed_v[t->group[n->source[i].node]] = n->source[i].v;
	for (uint32_t i = 0; i < t->tieds; i++) t->made_of[t->tied[i]].terms = 0;
	for (uint32_t i = 0; i < t->tieds; i++) as_before &= expand(t, n, t->tied[i], 0);
	return as_before && !t->ties_hold;
}

bool topology_is_live(const struct topology *t, uint32_t node)
{
	return node == NET_GROUND || t->live[t->group[node]];
}

void topology_free(struct topology *t)
{
	if (!t) return;
	free(t->group);
	free(t->made_of);
	free(t->tie);
	free(t->tied);
	free(t->unknown);
	free(t->fixed);
	free(t->live);
	free(t->fixed_v);
	free(t->afloat);
	free(t);
}
