#include "models/grid/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/sweep_one.h"
#include "models/grid/sweep_state.h"
#include "models/grid/zip.h"

/* ---- sweeps ---- */

static void add_at(struct lanes *x, uint32_t place, double complex value)
{
	double *at = (double *)x + place;
	at[0] += creal(value);
	at[PAIR_LANES] += cimag(value);
}

static void scatter(struct lanes *x, const uint32_t place[NET_PHASES], const struct lanes *added)
{
	for (int k = 0; k < NET_PHASES; k++) {
		((double *)x)[place[k]] += added->re[k];
		((double *)x)[place[k] + PAIR_LANES] += added->im[k];
	}
}

static void draw(struct sweep *s)
{
	memset(s->i, 0, ((size_t)s->blocks + 1) * sizeof *s->i);
	for (size_t i = 0; i < s->loads; i++) {
		const struct at_nodes *l = &s->load[i];
		double complex v = sweep_read_at(s->v, l->plus) - sweep_read_at(s->v, l->minus);
		s->load_a[i] = zip_current(&s->n->load[l->index], v);
		add_at(s->i, l->plus, s->load_a[i]);
		add_at(s->i, l->minus, -s->load_a[i]);
	}
	for (size_t i = 0; i < s->shunts; i++) {
		const struct at_nodes *at = &s->shunt[i];
		const double complex *y = s->n->element[at->index].y;
		double complex plus_v = sweep_read_at(s->v, at->plus),
			       minus_v = sweep_read_at(s->v, at->minus);
		add_at(s->i, at->plus, y[0] * plus_v + y[1] * minus_v);
		add_at(s->i, at->minus, y[2] * plus_v + y[3] * minus_v);
	}
}

/* Of one phase: three lanes less to carry. */
static inline void one_backward(struct sweep *s, uint32_t k)
{
	double *near = (double *)s->i + s->near[k][0];
	near[0] += s->i[k].re[0];
	near[PAIR_LANES] += s->i[k].im[0];
}

static inline void one_forward(const struct sweep *s, struct lanes *v, uint32_t k)
{
	const double *near = (const double *)v + s->near[k][0];
	double r = s->z[k].column[0].re[0], x = s->z[k].column[0].im[0];
	double re = s->i[k].re[0], im = s->i[k].im[0];
	v[k].re[0] = near[0] - (r * re - x * im);
	v[k].im[0] = near[PAIR_LANES] - (r * im + x * re);
}

static void backward(struct sweep *s)
{
	for (uint32_t k = s->blocks - 1; k > 0; k--) {
		struct lanes room;
		if (s->is_one[k]) {
			one_backward(s, k);
			continue;
		}
		const struct lanes *in = &s->i[k];
		if (s->other[k] != NET_NONE) {
			room = sweep_near_a(s, k);
			in = &room;
		}
		if (s->parent[k] != NET_NONE)
			phasors_add(&s->i[s->parent[k]], in);
		else
			scatter(s->i, s->near[k], in);
	}
}

static void forward(struct sweep *s, struct lanes *v)
{
	for (uint32_t k = 1; k < s->blocks; k++) {
		struct lanes room;
		if (s->is_one[k]) {
			one_forward(s, v, k);
			continue;
		}
		const struct lanes *near = sweep_near_of(s, v, k, &room);
		if (s->other[k] != NET_NONE) {
			room = matrix_times(&s->pair[s->other[k]].a, near);
			near = &room;
		}
		if (s->is_even[k]) {
			even_fall(&v[k], near, &s->even[k], &s->i[k]);
		} else {
			struct lanes fall = matrix_times(&s->z[k], &s->i[k]);
			phasors_between(&v[k], near, &fall);
		}
	}
}

/* The sum is there for NaN, which comparisons lose. Lanes that are no phase are 0. */
static double change_pu(const struct sweep *s)
{
	double most[PAIR_LANES] = { 0 }, sum[PAIR_LANES] = { 0 }, square[PAIR_LANES];
	for (uint32_t k = 1; k < s->blocks; k++) {
		const struct lanes *a = &s->next[k], *b = &s->v[k];
		for (int i = 0; i < PAIR_LANES; i += 2) {
			twin re = twin_get(&a->re[i]) - twin_get(&b->re[i]);
			twin im = twin_get(&a->im[i]) - twin_get(&b->im[i]);
			twin_put(&square[i], (re * re + im * im) * s->per_nominal2[k]);
		}
		for (int i = 0; i < PAIR_LANES; i++) {
			most[i] = square[i] > most[i] ? square[i] : most[i];
			sum[i] += square[i];
		}
	}
	double all = 0, highest = 0;
	for (int i = 0; i < PAIR_LANES; i++) {
		all += sum[i];
		highest = most[i] > highest ? most[i] : highest;
	}
	return isnan(all) ? NAN : sqrt(highest);
}

static double mismatch_va(const struct sweep *s)
{
	double most = 0;
	for (size_t i = 0; i < s->loads; i++) {
		const struct at_nodes *l = &s->load[i];
		double complex v = sweep_read_at(s->v, l->plus) - sweep_read_at(s->v, l->minus);
		double complex off = v * (s->load_a[i] - zip_current(&s->n->load[l->index], v));
		most = fmax(most, creal(off) * creal(off) + cimag(off) * cimag(off));
	}
	return sqrt(most);
}

static void begin(struct sweep *s)
{
	anderson_restart(s->anderson);
	if (s->warm) return;
	memset(s->i, 0, ((size_t)s->blocks + 1) * sizeof *s->i);
	forward(s, s->v);
}

static void take_next(struct sweep *s)
{
	struct lanes *last = s->v;
	s->v = s->next;
	s->next = last;
}

static struct nodal_result solve_lanes(struct sweep *s, double tolerance_pu)
{
	struct nodal_result r = { 0 };
	begin(s);
	while (!r.converged && r.iterations < NODAL_STEPS_MAX) {
		draw(s);
		backward(s);
		forward(s, s->next);
		r.iterations++;
		r.change_pu = change_pu(s);
		r.converged = r.change_pu <= tolerance_pu;
		if (r.converged || r.iterations <= SWEEP_PLAIN_STEPS)
			take_next(s);
		else
			anderson_step(
			    s->anderson, (double *)(s->v + 1), (const double *)(s->next + 1));
	}
	r.mismatch_va = mismatch_va(s);
	return r;
}

struct nodal_result sweep_solve(struct sweep *s, double tolerance_pu)
{
	s->fresh = false;
	struct nodal_result r =
	    s->one ? sweep_one_solve(s->one, s, tolerance_pu) : solve_lanes(s, tolerance_pu);
	s->warm = r.converged;
	return r;
}

void sweep_restart(struct sweep *s)
{
	s->warm = false;
}

/* ---- results ---- */

/* What was left out is on the way to the block that its host feeds: what it passed on is
 * the host's current. Those behind an opening on that way, which follow each other, are dead. */
static void restore(struct sweep *s)
{
	bool cut = false;
	for (uint32_t f = 0; f < s->plan->blocks; f++) {
		struct origin from = s->origin[f];
		cut = s->plan->block[f].open || (cut && s->plan->block[f - 1].through);
		if (from.between == NET_NONE) {
			s->all[f] = s->v[from.kept];
			continue;
		}
		if (cut) {
			s->all[f] = (struct lanes){ 0 };
			continue;
		}
		struct lanes room;
		struct lanes fall = matrix_times(&s->between[from.between], &s->i[from.kept]);
		phasors_between(&s->all[f], sweep_near_of(s, s->v, from.kept, &room), &fall);
	}
}

const double complex *sweep_v(struct sweep *s)
{
	if (s->fresh) return s->node_v;
	restore(s);
	for (uint32_t i = 0; i < s->n->nodes; i++) {
		bool dead = sweep_plan_is_dead(s->plan, i);
		s->node_v[i] = dead ? 0 : sweep_read_at(s->all, sweep_plan_place(s->plan, i));
	}
	s->fresh = true;
	return s->node_v;
}

const struct topology *sweep_topology(const struct sweep *s)
{
	return s->plan->tree->topology;
}

size_t sweep_blocks(const struct sweep *s)
{
	return s->blocks;
}

/* ---- a network's sweep ---- */

static struct at_nodes at_nodes(
    const struct sweep_plan *p, uint32_t index, uint32_t plus, uint32_t minus)
{
	return (struct at_nodes){ sweep_plan_kept(p, sweep_plan_place(p, plus)),
		sweep_plan_kept(p, sweep_plan_place(p, minus)), index };
}

static void attach_all(struct sweep *s)
{
	const struct network *n = s->n;
	s->load = mem_new(n->loads, sizeof *s->load);
	s->load_a = mem_new(n->loads, sizeof *s->load_a);
	s->shunt = mem_new(n->elements, sizeof *s->shunt);
	for (uint32_t i = 0; i < n->loads; i++) {
		const struct net_load *l = &n->load[i];
		if (sweep_plan_is_dead(s->plan, l->plus)) continue;
		s->load[s->loads++] = at_nodes(s->plan, i, l->plus, l->minus);
	}
	for (uint32_t i = 0; i < n->elements; i++) {
		const struct net_element *el = &n->element[i];
		if (el->kind != NET_SHUNT || sweep_plan_is_dead(s->plan, el->node[0])) continue;
		s->shunt[s->shunts++] = at_nodes(s->plan, i, el->node[0], el->node[1]);
	}
}

static uint32_t add_pair(struct sweep *s)
{
	s->pair = mem_grow(s->pair, s->pairs, &s->pair_cap, sizeof *s->pair);
	s->pair[s->pairs] = (struct pair){ 0 };
	return (uint32_t)s->pairs++;
}

static void keep_branch(struct sweep *s, const struct plan_block *b)
{
	uint32_t k = b->kept;
	bool same = b->parent != NET_NONE;
	s->parent[k] = same ? s->plan->block[b->parent].kept : NET_NONE;
	for (int i = 0; i < NET_PHASES; i++) s->near[k][i] = sweep_plan_kept(s->plan, b->near[i]);
	s->closed[k] = b->pair.series ? NET_NONE : add_pair(s);
}

void sweep_fill_branch(struct sweep *s, const struct plan_block *b)
{
	uint32_t k = b->kept;
	bool open = s->opens[k] > 0;
	const struct pair *p = open ? &s->pair[SWEEP_OPEN_PAIR] : &b->pair;
	s->z[k] = p->b;
	s->is_even[k] = even_of(&p->b, &s->even[k]);
	s->is_one[k] = b->width == 1 && p->series;
	s->other[k] = open ? SWEEP_OPEN_PAIR : s->closed[k];
	if (s->closed[k] != NET_NONE) s->pair[s->closed[k]] = b->pair;
}

static void fill_all(struct sweep *s)
{
	for (uint32_t f = 1; f < s->plan->blocks; f++) {
		const struct plan_block *b = &s->plan->block[f];
		if (b->through)
			s->between[s->origin[f].between] = b->pair.b;
		else
			sweep_fill_branch(s, b);
	}
}

static void keep_origins(struct sweep *s)
{
	for (uint32_t f = 0; f < s->plan->blocks; f++) {
		const struct plan_block *b = &s->plan->block[f];
		s->origin[f] = (struct origin){ b->kept, NET_NONE };
		if (!b->through) continue;
		s->between = mem_grow(s->between, s->betweens, &s->between_cap, sizeof *s->between);
		s->origin[f].between = (uint32_t)s->betweens++;
	}
}

/* The lowest of a block's, for its lanes are measured by one. */
static void set_nominal(struct sweep *s)
{
	double *lowest_v = mem_new(s->blocks, sizeof *lowest_v);
	for (uint32_t k = 0; k < s->blocks; k++) lowest_v[k] = INFINITY;
	for (uint32_t i = 0; i < s->n->nodes; i++) {
		if (sweep_plan_is_dead(s->plan, i)) continue;
		uint32_t f = sweep_plan_place(s->plan, i) / PLACE_BLOCK;
		uint32_t k = s->plan->block[f].kept;
		lowest_v[k] = fmin(lowest_v[k], s->n->node[i].nominal_v);
	}
	for (uint32_t k = 0; k < s->blocks; k++)
		s->per_nominal2[k] = 1 / (lowest_v[k] * lowest_v[k]);
	free(lowest_v);
}

static void make_room(struct sweep *s)
{
	size_t blocks = s->blocks;
	s->parent = mem_new(blocks, sizeof *s->parent);
	s->near = mem_new(blocks, sizeof *s->near);
	s->z = mem_new(blocks, sizeof *s->z);
	s->even = mem_new(blocks, sizeof *s->even);
	s->is_even = mem_new(blocks, sizeof *s->is_even);
	s->is_one = mem_new(blocks, sizeof *s->is_one);
	s->other = mem_new(blocks, sizeof *s->other);
	s->closed = mem_new(blocks, sizeof *s->closed);
	s->opens = mem_new(blocks, sizeof *s->opens);
	s->per_nominal2 = mem_new(blocks, sizeof *s->per_nominal2);
	s->v = mem_new(blocks + 1, sizeof *s->v);
	s->next = mem_new(blocks + 1, sizeof *s->next);
	s->i = mem_new(blocks + 1, sizeof *s->i);
	s->origin = mem_new(s->plan->blocks, sizeof *s->origin);
	s->all = mem_new(s->plan->blocks, sizeof *s->all);
	s->node_v = mem_new(s->n->nodes, sizeof *s->node_v);
	s->anderson = anderson_new((blocks - 1) * PLACE_BLOCK);
}

static void fix_source(struct sweep *s)
{
	s->v[0] = (struct lanes){ 0 };
	for (size_t i = 0; i < s->n->sources; i++)
		add_at(s->v, sweep_plan_place(s->plan, s->n->source[i].node), s->n->source[i].v);
	s->next[0] = s->v[0];
}

struct sweep *sweep_takes(const struct network *n, bool reduce)
{
	struct sweep_plan *p = sweep_plan_new(n, reduce);
	if (!p) return NULL;
	struct sweep *s = mem_new(1, sizeof *s);
	s->n = n;
	s->plan = p;
	s->reduce = reduce;
	s->blocks = p->kept;
	make_room(s);
	add_pair(s); /* SWEEP_OPEN_PAIR */
	for (uint32_t f = 1; f < p->blocks; f++)
		if (!p->block[f].through) keep_branch(s, &p->block[f]);
	keep_origins(s);
	fill_all(s);
	attach_all(s);
	set_nominal(s);
	fix_source(s);
	s->one = sweep_one_new(s);
	return s;
}

/* Other blocks: another sweep. */
static bool take_anew(struct sweep *s)
{
	struct sweep *other = sweep_takes(s->n, s->reduce);
	if (!other) return false;
	struct sweep was = *s;
	*s = *other;
	*other = was;
	sweep_free(other);
	return true;
}

bool sweep_refill(struct sweep *s)
{
	if (!sweep_plan_refill(s->plan, s->n)) return take_anew(s);
	fill_all(s);
	fix_source(s);
	if (s->one) sweep_one_refill(s->one, s);
	return true;
}

bool sweep_retap(struct sweep *s)
{
	if (!sweep_plan_retap(s->plan, s->n)) return take_anew(s);
	for (uint32_t i = 0; i < s->plan->ties; i++)
		sweep_fill_branch(s, &s->plan->block[s->plan->tied[i]]);
	fix_source(s);
	if (s->one) sweep_one_refill(s->one, s);
	return true;
}

void sweep_free(struct sweep *s)
{
	if (!s) return;
	sweep_plan_free(s->plan);
	sweep_one_free(s->one);
	anderson_free(s->anderson);
	free(s->parent);
	free(s->near);
	free(s->z);
	free(s->even);
	free(s->is_even);
	free(s->is_one);
	free(s->other);
	free(s->closed);
	free(s->opens);
	free(s->per_nominal2);
	free(s->pair);
	free(s->v);
	free(s->next);
	free(s->i);
	free(s->load);
	free(s->shunt);
	free(s->load_a);
	free(s->origin);
	free(s->between);
	free(s->all);
	free(s->node_v);
	free(s);
}
