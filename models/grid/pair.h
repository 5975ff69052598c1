/* A branch of a tree as the sweep takes it: voltages forward, currents backward
 * (Kersting, Distribution System Modeling and Analysis, chapters 6 and 8).
 *
 *     V_far  = A V_near - B I_far       I_far: out of the branch's far terminals
 *     I_near = C V_near + D I_far       I_near: into its near ones
 *
 * From the primitive admittance, Y_nn to Y_ff by near and far terminals: B is the inverse
 * of Y_ff, A = -B Y_fn, D = -Y_nf B, C = Y_nn - Y_nf B Y_fn. A line without shunts has
 * A = D = 1 and C = 0, a regulator A = D = its ratio and B = C = 0. */
#ifndef HEARTH_MODELS_GRID_PAIR_H
#define HEARTH_MODELS_GRID_PAIR_H

#include <string.h>

#include "models/grid/network.h"
#include "models/grid/radial.h"

/* Three phases and one lane that is always 0: as wide as vector registers are. */
enum { PAIR_LANES = 4 };

struct lanes {
	double re[PAIR_LANES], im[PAIR_LANES];
};

/* By columns; 0 where the branch has fewer phases. */
struct matrix {
	struct lanes column[NET_PHASES];
};

struct pair {
	struct matrix a, b, c, d;
	bool series; /* A = D = 1 and C = 0, without rounding */
};

/* False when the near voltages and far currents do not determine the far voltages: behind
 * a delta, whose voltages to earth its currents leave open. */
bool pair_of(const struct network *n, const struct radial_branch *b, struct pair *p);

/* Of a matrix of three phases whose diagonal is alike and whose rest is alike, as a line's of
 * sequence impedances: what a current meets alone, and what the sum of currents meets. */
struct even {
	double own_re, own_im, sum_re, sum_im;
};

/* False when the matrix is none to 1e-13 of its largest entry. */
bool even_of(const struct matrix *m, struct even *e);

/* Two lanes at once, which every 64-bit machine has registers for: left to themselves, compilers
 * take four lanes one by one. */
typedef double twin __attribute__((vector_size(2 * sizeof(double))));

static inline twin twin_get(const double *lane)
{
	twin t;
	memcpy(&t, lane, sizeof t);
	return t;
}

static inline void twin_put(double *lane, twin t)
{
	memcpy(lane, &t, sizeof t);
}

/* to = from - m x of that matrix: 4 complex products in place of 9. */
static inline void even_fall(struct lanes *restrict to, const struct lanes *restrict from,
    const struct even *restrict e, const struct lanes *restrict x)
{
	double re = x->re[0] + x->re[1] + x->re[2], im = x->im[0] + x->im[1] + x->im[2];
	double all_re = e->sum_re * re - e->sum_im * im, all_im = e->sum_re * im + e->sum_im * re;
	for (int i = 0; i < PAIR_LANES; i += 2) {
		twin x_re = twin_get(&x->re[i]), x_im = twin_get(&x->im[i]);
		twin by_re = { all_re, i ? 0 : all_re }, by_im = { all_im, i ? 0 : all_im };
		twin fall_re = e->own_re * x_re - e->own_im * x_im + by_re;
		twin fall_im = e->own_re * x_im + e->own_im * x_re + by_im;
		twin_put(&to->re[i], twin_get(&from->re[i]) - fall_re);
		twin_put(&to->im[i], twin_get(&from->im[i]) - fall_im);
	}
}

/* m x */
static inline struct lanes matrix_times(const struct matrix *m, const struct lanes *x)
{
	struct lanes out;
	const struct lanes *a = &m->column[0], *b = &m->column[1], *c = &m->column[2];
	for (int i = 0; i < PAIR_LANES; i += 2) {
		twin a_re = twin_get(&a->re[i]), a_im = twin_get(&a->im[i]);
		twin b_re = twin_get(&b->re[i]), b_im = twin_get(&b->im[i]);
		twin c_re = twin_get(&c->re[i]), c_im = twin_get(&c->im[i]);
		twin_put(&out.re[i], (a_re * x->re[0] - a_im * x->im[0]) +
					 (b_re * x->re[1] - b_im * x->im[1]) +
					 (c_re * x->re[2] - c_im * x->im[2]));
		twin_put(&out.im[i], (a_re * x->im[0] + a_im * x->re[0]) +
					 (b_re * x->im[1] + b_im * x->re[1]) +
					 (c_re * x->im[2] + c_im * x->re[2]));
	}
	return out;
}

static inline void phasors_add(struct lanes *sum, const struct lanes *x)
{
	for (int i = 0; i < PAIR_LANES; i += 2) {
		twin_put(&sum->re[i], twin_get(&sum->re[i]) + twin_get(&x->re[i]));
		twin_put(&sum->im[i], twin_get(&sum->im[i]) + twin_get(&x->im[i]));
	}
}

/* to = from - fall */
static inline void phasors_between(
    struct lanes *to, const struct lanes *from, const struct lanes *fall)
{
	for (int i = 0; i < PAIR_LANES; i += 2) {
		twin_put(&to->re[i], twin_get(&from->re[i]) - twin_get(&fall->re[i]));
		twin_put(&to->im[i], twin_get(&from->im[i]) - twin_get(&fall->im[i]));
	}
}

#endif
