#include "models/grid/nodal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/anderson.h"
#include "models/grid/sparse.h"
#include "models/grid/zip.h"

/* So many plain steps first: most flows need no more, and the plain ones are safe. */
enum { PLAIN_STEPS = 8 };

struct nodal {
	const struct network *n;
	struct topology *t;
	struct sparse *y;
	struct sparse_place *place;
	double complex *value; /* at each place */
	size_t entries, place_cap, value_cap;
	size_t *first;      /* [elements + 1] entry of each; of the first hold */
	uint32_t *shifting; /* elements at groups that ties make or sources fix */
	size_t shiftings;
	double complex *fed;      /* [unknowns] currents from the fixed voltages */
	double complex *u, *next; /* [unknowns] */
	double *per_nominal2;     /* [unknowns] 1 / V^2 of the nominal voltage */
	double complex *v;        /* [nodes] */
	double complex *i;        /* [loads] */
	double *hold_s;           /* [afloats] admittance that holds the common voltage at 0 */
	struct anderson *anderson;
	bool warm;
};

/* ---- equations ---- */

/* Once there are equations their places are known, and come in the same order. */
static void add_entry(struct nodal *s, uint32_t row, uint32_t col, double complex value)
{
	if (!s->y) {
		s->place = mem_grow(s->place, s->entries, &s->place_cap, sizeof *s->place);
		s->value = mem_grow(s->value, s->entries, &s->value_cap, sizeof *s->value);
		s->place[s->entries] = (struct sparse_place){ row, col };
	}
	s->value[s->entries++] = value;
}

/* I = y V from group k into group i. */
static void stamp(
    struct nodal *s, const struct made_of *row, const struct made_of *col, double complex y)
{
	const struct topology *t = s->t;
	for (uint32_t a = 0; a < row->terms; a++)
		for (uint32_t b = 0; b < col->terms; b++) {
			uint32_t r = t->unknown[row->of[a]], c = t->unknown[col->of[b]];
			double complex value = row->weight[a] * col->weight[b] * y;
			if (r == NET_NONE) continue;
			if (c != NET_NONE)
				add_entry(s, r, c, value);
			else
				s->fed[r] -= value * t->fixed_v[col->of[b]];
		}
}

static void stamp_element(struct nodal *s, const struct net_element *el)
{
	const struct made_of *at[NET_TERMINALS];
	if (el->open) return;
	for (uint32_t a = 0; a < el->terminals; a++)
		at[a] = el->node[a] == NET_GROUND ? NULL : &s->t->made_of[s->t->group[el->node[a]]];
	for (uint32_t a = 0; a < el->terminals; a++)
		for (uint32_t b = 0; b < el->terminals; b++)
			if (at[a] && at[b]) stamp(s, at[a], at[b], el->y[a * el->terminals + b]);
}

/* Its entries are others when a tap moves or a source changes. */
static bool is_shifting(const struct nodal *s, const struct net_element *el)
{
	for (uint32_t a = 0; a < el->terminals; a++) {
		if (el->node[a] == NET_GROUND) continue;
		uint32_t g = s->t->group[el->node[a]];
		if (s->t->tie[g] != NET_NONE || s->t->fixed[g]) return true;
	}
	return false;
}

static void list_shifting(struct nodal *s)
{
	s->first = mem_new(s->n->elements + 1, sizeof *s->first);
	s->shifting = mem_new(s->n->elements, sizeof *s->shifting);
	for (uint32_t i = 0; i < s->n->elements; i++)
		if (is_shifting(s, &s->n->element[i])) s->shifting[s->shiftings++] = i;
}

/* The largest admittance at a group: holds a common voltage as firmly as its
 * neighbours hold the others. */
static double firmest(const struct nodal *s, uint32_t group)
{
	double y_s = 0;
	for (size_t i = 0; i < s->n->elements; i++) {
		const struct net_element *el = &s->n->element[i];
		for (uint32_t k = 0; k < el->terminals && !el->open; k++)
			if (el->node[k] != NET_GROUND && s->t->group[el->node[k]] == group)
				y_s = fmax(y_s, cabs(el->y[k * el->terminals + k]));
	}
	return y_s;
}

/* An admittance that only the sum of the phases' voltages sees. No current can flow
 * through it, for the part has no other way to earth, so that it changes nothing but
 * this sum, which becomes 0. */
static void stamp_hold(struct nodal *s, const struct afloat *a, double y_s)
{
	for (uint32_t i = 0; i < a->groups; i++)
		for (uint32_t k = 0; k < a->groups; k++)
			stamp(s, &s->t->made_of[a->group[i]], &s->t->made_of[a->group[k]], y_s);
}

static void stamp_at(struct nodal *s, size_t i)
{
	s->entries = s->first[i];
	stamp_element(s, &s->n->element[i]);
}

static bool factor(struct nodal *s)
{
	s->entries = s->first[s->n->elements];
	for (size_t i = 0; i < s->t->afloats; i++) stamp_hold(s, &s->t->afloat[i], s->hold_s[i]);
	if (!s->y) s->y = sparse_new(s->t->unknowns, s->place, s->entries);
	sparse_fill(s->y, s->value);
	return sparse_factor(s->y);
}

static bool fill(struct nodal *s)
{
	memset(s->fed, 0, s->t->unknowns * sizeof *s->fed);
	for (size_t i = 0; i < s->n->elements; i++) {
		stamp_at(s, i);
		s->first[i + 1] = s->entries;
	}
	for (size_t i = 0; i < s->t->afloats; i++)
		s->hold_s[i] = firmest(s, s->t->afloat[i].group[0]);
	return factor(s);
}

/* Neutrals have no nominal voltage: the highest there is. */
static void set_nominal(struct nodal *s)
{
	double highest_v = 0, *nominal_v = mem_new(s->t->unknowns, sizeof *nominal_v);
	for (uint32_t i = 0; i < s->n->nodes; i++) {
		uint32_t u = s->t->unknown[s->t->group[i]];
		double v = s->n->node[i].nominal_v;
		highest_v = fmax(highest_v, v);
		if (u != NET_NONE) nominal_v[u] = fmax(nominal_v[u], v);
	}
	for (uint32_t u = 0; u < s->t->unknowns; u++) {
		double v = nominal_v[u] > 0 ? nominal_v[u] : highest_v;
		s->per_nominal2[u] = 1 / (v * v);
	}
	free(nominal_v);
}

struct nodal *nodal_new(const struct network *n, struct err_pos pos, struct err_list *e)
{
	struct topology *t = topology_new(n, pos, e);
	if (!t) return NULL;
	struct nodal *s = mem_new(1, sizeof *s);
	s->n = n;
	s->t = t;
	s->fed = mem_new(t->unknowns, sizeof *s->fed);
	s->u = mem_new(t->unknowns, sizeof *s->u);
	s->next = mem_new(t->unknowns, sizeof *s->next);
	s->per_nominal2 = mem_new(t->unknowns, sizeof *s->per_nominal2);
	s->v = mem_new(n->nodes, sizeof *s->v);
	s->i = mem_new(n->loads, sizeof *s->i);
	s->hold_s = mem_new(t->afloats, sizeof *s->hold_s);
	s->anderson = anderson_new(2 * (size_t)t->unknowns);
	set_nominal(s);
	list_shifting(s);
	if (fill(s)) return s;
	err_at(e, pos,
	    "the network's equations are singular: some bus hangs on nothing but "
	    "elements without admittance; check impedances and ratings");
	nodal_free(s);
	return NULL;
}

void nodal_free(struct nodal *s)
{
	if (!s) return;
	topology_free(s->t);
	sparse_free(s->y);
	anderson_free(s->anderson);
	free(s->place);
	free(s->value);
	free(s->first);
	free(s->shifting);
	free(s->fed);
	free(s->u);
	free(s->next);
	free(s->per_nominal2);
	free(s->v);
	free(s->i);
	free(s->hold_s);
	free(s);
}

/* What has no path to earth now may be another list, and its entries other ones. */
static bool renew_topology(struct nodal *s)
{
	struct err_list *e = err_new();
	struct topology *t = topology_new(s->n, (struct err_pos){ 0 }, e);
	err_free(e);
	if (!t) return false;
	topology_free(s->t);
	sparse_free(s->y);
	free(s->hold_s);
	s->t = t;
	s->y = NULL;
	s->hold_s = mem_new(t->afloats, sizeof *s->hold_s);
	return true;
}

bool nodal_refill(struct nodal *s)
{
	if (!topology_refill(s->t, s->n) && !renew_topology(s)) return false;
	return fill(s);
}

bool nodal_retap(struct nodal *s)
{
	if (!topology_refill(s->t, s->n)) return nodal_refill(s);
	memset(s->fed, 0, s->t->unknowns * sizeof *s->fed);
	for (size_t i = 0; i < s->shiftings; i++) stamp_at(s, s->shifting[i]);
	return factor(s);
}

/* ---- solution ---- */

bool nodal_is_live(const struct nodal *s, uint32_t node)
{
	return topology_is_live(s->t, node);
}

static double complex group_from(
    const struct nodal *s, uint32_t group, const double complex *u, bool sources)
{
	const struct made_of *m = &s->t->made_of[group];
	double complex v = 0;
	for (uint32_t k = 0; k < m->terms; k++) {
		uint32_t at = s->t->unknown[m->of[k]];
		if (at != NET_NONE)
			v += m->weight[k] * u[at];
		else if (sources)
			v += m->weight[k] * s->t->fixed_v[m->of[k]];
	}
	return v;
}

static double complex group_v(const struct nodal *s, uint32_t group)
{
	return group_from(s, group, s->u, true);
}

static void spread(struct nodal *s)
{
	for (uint32_t i = 0; i < s->n->nodes; i++) s->v[i] = group_v(s, s->t->group[i]);
}

static double complex node_v(const struct nodal *s, uint32_t node)
{
	return node == NET_GROUND ? 0 : group_v(s, s->t->group[node]);
}

static void inject(struct nodal *s, uint32_t node, double complex i, double complex *into)
{
	if (node == NET_GROUND) return;
	const struct made_of *m = &s->t->made_of[s->t->group[node]];
	for (uint32_t k = 0; k < m->terms; k++) {
		uint32_t u = s->t->unknown[m->of[k]];
		if (u != NET_NONE) into[u] += m->weight[k] * i;
	}
}

static double complex across(const struct nodal *s, const struct net_load *l)
{
	return node_v(s, l->plus) - node_v(s, l->minus);
}

/* next = Y^-1 I(u) */
static void step(struct nodal *s)
{
	memcpy(s->next, s->fed, s->t->unknowns * sizeof *s->next);
	for (size_t i = 0; i < s->n->loads; i++) {
		const struct net_load *l = &s->n->load[i];
		if (!nodal_is_live(s, l->plus)) continue;
		s->i[i] = zip_current(l, across(s, l));
		inject(s, l->plus, -s->i[i], s->next);
		inject(s, l->minus, s->i[i], s->next);
	}
	sparse_solve(s->y, s->next);
}

/* Without cabs, which takes as long as the solve. */
static double change_pu(const struct nodal *s)
{
	double most = 0;
	for (uint32_t u = 0; u < s->t->unknowns; u++) {
		double complex d = s->next[u] - s->u[u];
		double square = (creal(d) * creal(d) + cimag(d) * cimag(d)) * s->per_nominal2[u];
		if (!(square <= most)) most = square; /* a NaN stays */
	}
	return sqrt(most);
}

/* Currents as they were solved for, against those of the voltages that came out. */
static double mismatch_va(const struct nodal *s)
{
	double most = 0;
	for (size_t i = 0; i < s->n->loads; i++) {
		if (!nodal_is_live(s, s->n->load[i].plus)) continue;
		double complex v = across(s, &s->n->load[i]);
		most = fmax(most, cabs(v * (s->i[i] - zip_current(&s->n->load[i], v))));
	}
	return most;
}

static double to_earth_a(const struct nodal *s)
{
	double most = 0;
	for (size_t i = 0; i < s->t->afloats; i++) {
		const struct afloat *a = &s->t->afloat[i];
		double complex sum = 0;
		for (uint32_t k = 0; k < a->groups; k++) sum += group_v(s, a->group[k]);
		most = fmax(most, s->hold_s[i] * cabs(sum));
	}
	return most;
}

static void begin(struct nodal *s)
{
	if (!s->warm) {
		memcpy(s->u, s->fed, s->t->unknowns * sizeof *s->u);
		sparse_solve(s->y, s->u);
	}
	anderson_restart(s->anderson);
}

struct nodal_result nodal_solve(struct nodal *s, double tolerance_pu)
{
	struct nodal_result r = { 0 };
	begin(s);
	while (!r.converged && r.iterations < NODAL_STEPS_MAX) {
		step(s);
		r.iterations++;
		r.change_pu = change_pu(s);
		r.converged = r.change_pu <= tolerance_pu;
		if (r.converged || r.iterations <= PLAIN_STEPS)
			memcpy(s->u, s->next, s->t->unknowns * sizeof *s->u);
		else
			anderson_step(s->anderson, (double *)s->u, (const double *)s->next);
	}
	spread(s);
	s->warm = r.converged;
	r.mismatch_va = mismatch_va(s);
	r.to_earth_a = to_earth_a(s);
	return r;
}

void nodal_linear(struct nodal *s, bool sources, const double complex *load_a, double complex *v)
{
	double complex *u = s->next; /* each step writes it anew */
	for (uint32_t k = 0; k < s->t->unknowns; k++) u[k] = sources ? s->fed[k] : 0;
	for (size_t i = 0; i < s->n->loads && load_a; i++) {
		const struct net_load *l = &s->n->load[i];
		if (!nodal_is_live(s, l->plus)) continue;
		inject(s, l->plus, -load_a[i], u);
		inject(s, l->minus, load_a[i], u);
	}
	sparse_solve(s->y, u);
	for (uint32_t i = 0; i < s->n->nodes; i++) v[i] = group_from(s, s->t->group[i], u, sources);
}

const double complex *nodal_v(const struct nodal *s)
{
	return s->v;
}

const struct topology *nodal_topology(const struct nodal *s)
{
	return s->t;
}
