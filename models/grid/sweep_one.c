#include "models/grid/sweep_one.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"
#include "base/mem.h"
#include "models/grid/zip.h"

enum { GRAIN = 8 }; /* blocks are filled up to a multiple, so that no vector is cut */

/* Blocks that follow each other, each fed by the one before. The branch into the first may be
 * other than a series one: near current = c near voltage + d far current, far voltage = a near
 * voltage - z far current. */
struct run {
	uint32_t begin, end, parent;
	bool series;
	double complex a, c, d;
};

/* What a block draws at 1 V^2 and in which range of |V|^2 that is so. */
struct drawn {
	double *p_w, *q_var, *low_v2, *high_v2;
};

/* Vectors of complex numbers over the blocks are two of reals, of `room` each: the real parts,
 * then the imaginary ones. */
struct sweep_one {
	uint32_t blocks;
	size_t room;
	struct run *run;
	size_t runs;
	struct drawn drawn;
	double *v, *next, *i, *load_a, *z, *per_nominal2; /* load_a: drawn at each block */
	struct anderson *anderson;
};

/* ---- currents ---- */

/* I = conj(S / V). How many blocks are outside the range, where the load is an impedance. */
CLONES static size_t draw(size_t n, const struct drawn *d, const double *restrict re,
    const double *restrict im, double *restrict i_re, double *restrict i_im)
{
	const double *restrict p = d->p_w, *restrict q = d->q_var;
	const double *restrict low = d->low_v2, *restrict high = d->high_v2;
	size_t outside = 0;
	for (size_t k = 0; k < n; k++) {
		double v2 = re[k] * re[k] + im[k] * im[k], per_v2 = 1 / v2;
		outside += !(v2 > low[k]) | (v2 > high[k]);
		i_re[k] = (p[k] * re[k] + q[k] * im[k]) * per_v2;
		i_im[k] = (p[k] * im[k] - q[k] * re[k]) * per_v2;
	}
	return outside;
}

/* Load by load where the range was left; a block without loads draws nothing. */
static void draw_outside(
    const struct sweep_one *o, const struct sweep *s, const double *v, double *i)
{
	for (uint32_t k = 0; k < o->blocks; k++) {
		double v2 = v[k] * v[k] + v[o->room + k] * v[o->room + k];
		if (v2 > o->drawn.low_v2[k] && !(v2 > o->drawn.high_v2[k])) continue;
		i[k] = i[o->room + k] = 0;
	}
	for (size_t l = 0; l < s->loads; l++) {
		uint32_t k = s->load[l].plus / PLACE_BLOCK;
		double complex at_v = v[k] + I * v[o->room + k];
		double v2 = creal(at_v) * creal(at_v) + cimag(at_v) * cimag(at_v);
		if (v2 > o->drawn.low_v2[k] && !(v2 > o->drawn.high_v2[k])) continue;
		double complex a = zip_current(&s->n->load[s->load[l].index], at_v);
		i[k] += creal(a);
		i[o->room + k] += cimag(a);
	}
}

static void draw_all(const struct sweep_one *o, const struct sweep *s, const double *v, double *i)
{
	if (draw(o->blocks, &o->drawn, v, v + o->room, i, i + o->room)) draw_outside(o, s, v, i);
}

/* ---- a step ---- */

static double complex times(double complex x, double complex y)
{
	double a = creal(x), b = cimag(x), c = creal(y), d = cimag(y);
	return a * c - b * d + I * (a * d + b * c);
}

static void backward(const struct sweep_one *o)
{
	double *restrict re = o->i, *restrict im = o->i + o->room;
	const double *restrict load_re = o->load_a, *restrict load_im = o->load_a + o->room;
	memset(o->i, 0, 2 * o->room * sizeof *o->i);
	for (size_t r = o->runs; r-- > 0;) {
		const struct run *at = &o->run[r];
		double sum_re = 0, sum_im = 0;
		for (uint32_t k = at->end; k-- > at->begin;) {
			re[k] = sum_re += re[k] + load_re[k];
			im[k] = sum_im += im[k] + load_im[k];
		}
		if (!at->series) {
			double complex near_v = o->v[at->parent] + I * o->v[o->room + at->parent];
			double complex sum =
			    times(at->c, near_v) + times(at->d, sum_re + I * sum_im);
			sum_re = creal(sum);
			sum_im = cimag(sum);
		}
		re[at->parent] += sum_re;
		im[at->parent] += sum_im;
	}
}

/* What falls over each branch, for all at once, into `next`. */
CLONES static void fall(size_t n, const double *restrict z_re, const double *restrict z_im,
    const double *restrict i_re, const double *restrict i_im, double *restrict re,
    double *restrict im)
{
	for (size_t k = 0; k < n; k++) {
		re[k] = z_re[k] * i_re[k] - z_im[k] * i_im[k];
		im[k] = z_re[k] * i_im[k] + z_im[k] * i_re[k];
	}
}

static void forward(const struct sweep_one *o, double *v)
{
	double *restrict re = v, *restrict im = v + o->room;
	for (size_t r = 0; r < o->runs; r++) {
		const struct run *at = &o->run[r];
		double at_re = re[at->parent], at_im = im[at->parent];
		if (!at->series) {
			double complex near = times(at->a, at_re + I * at_im);
			at_re = creal(near);
			at_im = cimag(near);
		}
		for (uint32_t k = at->begin; k < at->end; k++) {
			re[k] = at_re -= re[k];
			im[k] = at_im -= im[k];
		}
	}
}

/* The sum is there for NaN, which comparisons lose. */
CLONES static double change_pu2(size_t n, const double *restrict a_re, const double *restrict a_im,
    const double *restrict b_re, const double *restrict b_im, const double *restrict per_nominal2)
{
	double most[GRAIN] = { 0 }, sum[GRAIN] = { 0 };
	for (size_t k = 0; k < n; k += GRAIN)
		for (int l = 0; l < GRAIN; l++) {
			double re = a_re[k + l] - b_re[k + l], im = a_im[k + l] - b_im[k + l];
			double square = (re * re + im * im) * per_nominal2[k + l];
			most[l] = square > most[l] ? square : most[l];
			sum[l] += square;
		}
	for (int l = 1; l < GRAIN; l++) {
		most[0] = most[l] > most[0] ? most[l] : most[0];
		sum[0] += sum[l];
	}
	return isnan(sum[0]) ? NAN : most[0];
}

static void step(struct sweep_one *o, const struct sweep *s)
{
	size_t n = o->room;
	draw_all(o, s, o->v, o->load_a);
	backward(o);
	fall(n, o->z, o->z + n, o->i, o->i + n, o->next, o->next + n);
	o->next[0] = o->v[0];
	o->next[n] = o->v[n];
	forward(o, o->next);
}

/* ---- a solution ---- */

/* Powers may be others than last time; a block's loads draw together. */
static void sum_loads(struct sweep_one *o, const struct sweep *s)
{
	memset(o->drawn.p_w, 0, o->room * sizeof *o->drawn.p_w);
	memset(o->drawn.q_var, 0, o->room * sizeof *o->drawn.q_var);
	for (size_t i = 0; i < s->loads; i++) {
		uint32_t k = s->load[i].plus / PLACE_BLOCK;
		o->drawn.p_w[k] += creal(s->n->load[s->load[i].index].s_va);
		o->drawn.q_var[k] += cimag(s->n->load[s->load[i].index].s_va);
	}
}

static void begin(struct sweep_one *o, const struct sweep *s)
{
	sum_loads(o, s);
	anderson_restart(o->anderson);
	o->v[0] = s->v[0].re[0];
	o->v[o->room] = s->v[0].im[0];
	if (s->warm) return;
	for (uint32_t k = 1; k < o->blocks; k++) o->v[k] = o->v[o->room + k] = 0;
	forward(o, o->v); /* nothing falls */
}

/* Of what a block draws, between the currents of the last step and those of its voltages. */
static double mismatch_va(struct sweep_one *o, const struct sweep *s)
{
	double most = 0, *was = o->load_a, *is = o->next;
	draw_all(o, s, o->v, is);
	for (uint32_t k = 0; k < o->blocks; k++) {
		double complex off = was[k] - is[k] + I * (was[o->room + k] - is[o->room + k]);
		double complex va = times(o->v[k] + I * o->v[o->room + k], off);
		double square = creal(va) * creal(va) + cimag(va) * cimag(va);
		if (!(square <= most)) most = square; /* a NaN stays */
	}
	return sqrt(most);
}

static void hand_over(const struct sweep_one *o, struct sweep *s)
{
	for (uint32_t k = 0; k < o->blocks; k++) {
		s->v[k].re[0] = o->v[k];
		s->v[k].im[0] = o->v[o->room + k];
		s->i[k].re[0] = o->i[k];
		s->i[k].im[0] = o->i[o->room + k];
	}
}

static void take_next(struct sweep_one *o)
{
	double *last = o->v;
	o->v = o->next;
	o->next = last;
}

struct nodal_result sweep_one_solve(struct sweep_one *o, struct sweep *s, double tolerance_pu)
{
	struct nodal_result r = { 0 };
	size_t n = o->room;
	begin(o, s);
	while (!r.converged && r.iterations < NODAL_STEPS_MAX) {
		step(o, s);
		r.iterations++;
		r.change_pu =
		    sqrt(change_pu2(n, o->next, o->next + n, o->v, o->v + n, o->per_nominal2));
		r.converged = r.change_pu <= tolerance_pu;
		if (r.converged || r.iterations <= SWEEP_PLAIN_STEPS)
			take_next(o);
		else
			anderson_step(o->anderson, o->v, o->next);
	}
	r.mismatch_va = mismatch_va(o, s);
	hand_over(o, s);
	return r;
}

/* ---- setting up ---- */

static bool is_one(const struct sweep *s)
{
	if (s->shunts) return false;
	for (uint32_t f = 0; f < s->plan->blocks; f++)
		if (s->plan->block[f].width != 1) return false;
	for (size_t i = 0; i < s->loads; i++) {
		const struct net_load *l = &s->n->load[s->load[i].index];
		if (l->minus != NET_GROUND || l->power != 1) return false;
	}
	return true;
}

/* Within the narrowest limits of a block's loads. */
static void set_limits(struct sweep_one *o, const struct sweep *s)
{
	for (size_t k = 0; k < o->room; k++) o->drawn.high_v2[k] = INFINITY;
	for (size_t i = 0; i < s->loads; i++) {
		const struct net_load *l = &s->n->load[s->load[i].index];
		uint32_t k = s->load[i].plus / PLACE_BLOCK;
		double low_v = l->low_pu * l->nominal_v, high_v = l->high_pu * l->nominal_v;
		o->drawn.low_v2[k] = fmax(o->drawn.low_v2[k], low_v * low_v);
		o->drawn.high_v2[k] = fmin(o->drawn.high_v2[k], high_v * high_v);
	}
}

static void list_runs(struct sweep_one *o, const struct sweep *s)
{
	o->runs = 0;
	for (uint32_t k = 1; k < o->blocks; k++) {
		bool series = s->other[k] == NET_NONE;
		if (o->runs && series && s->parent[k] == k - 1) {
			o->run[o->runs - 1].end = k + 1;
			continue;
		}
		o->run[o->runs++] = (struct run){
			.begin = k, .end = k + 1, .parent = s->parent[k], .series = series
		};
	}
}

static double complex only(const struct matrix *m)
{
	return m->column[0].re[0] + I * m->column[0].im[0];
}

void sweep_one_refill(struct sweep_one *o, const struct sweep *s)
{
	list_runs(o, s);
	for (uint32_t k = 1; k < o->blocks; k++) {
		double complex z = only(&s->z[k]);
		o->z[k] = creal(z);
		o->z[o->room + k] = cimag(z);
	}
	for (size_t r = 0; r < o->runs; r++) {
		struct run *at = &o->run[r];
		if (at->series) continue;
		const struct pair *p = &s->pair[s->other[at->begin]];
		at->a = only(&p->a);
		at->c = only(&p->c);
		at->d = only(&p->d);
	}
}

struct sweep_one *sweep_one_new(const struct sweep *s)
{
	if (!is_one(s)) return NULL;
	struct sweep_one *o = mem_new(1, sizeof *o);
	size_t room = o->room = (s->blocks + GRAIN - 1) / GRAIN * GRAIN;
	o->blocks = s->blocks;
	o->run = mem_new(o->blocks, sizeof *o->run); /* at most one a block */
	o->drawn.p_w = mem_new(room, sizeof *o->drawn.p_w);
	o->drawn.q_var = mem_new(room, sizeof *o->drawn.q_var);
	o->drawn.low_v2 = mem_new(room, sizeof *o->drawn.low_v2);
	o->drawn.high_v2 = mem_new(room, sizeof *o->drawn.high_v2);
	o->v = mem_new(2 * room, sizeof *o->v);
	o->next = mem_new(2 * room, sizeof *o->next);
	o->i = mem_new(2 * room, sizeof *o->i);
	o->load_a = mem_new(2 * room, sizeof *o->load_a);
	o->z = mem_new(2 * room, sizeof *o->z);
	o->per_nominal2 = mem_new(room, sizeof *o->per_nominal2);
	o->anderson = anderson_new(2 * room);
	memcpy(o->per_nominal2, s->per_nominal2, s->blocks * sizeof *o->per_nominal2);
	set_limits(o, s);
	sweep_one_refill(o, s);
	return o;
}

void sweep_one_free(struct sweep_one *o)
{
	if (!o) return;
	anderson_free(o->anderson);
	free(o->run);
	free(o->drawn.p_w);
	free(o->drawn.q_var);
	free(o->drawn.low_v2);
	free(o->drawn.high_v2);
	free(o->v);
	free(o->next);
	free(o->i);
	free(o->load_a);
	free(o->z);
	free(o->per_nominal2);
	free(o);
}
