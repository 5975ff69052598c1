/* What a sweep consists of, for the files that set it up, solve it and read it. */
#ifndef HEARTH_MODELS_GRID_SWEEP_STATE_H
#define HEARTH_MODELS_GRID_SWEEP_STATE_H

#include "models/grid/anderson.h"
#include "models/grid/pair.h"
#include "models/grid/sweep.h"
#include "models/grid/sweep_plan.h"

/* So many plain steps first, as in the nodal engine. */
enum { SWEEP_PLAIN_STEPS = 8 };

/* The first pair is that of all open branches: it passes neither voltage nor current. */
enum { SWEEP_OPEN_PAIR };

struct at_nodes {
	uint32_t plus, minus, index; /* places; in network.load or network.element */
};

/* Where a block's voltages come from after the solution: `kept`, or, of one that was left
 * out, the near end of `kept` and a part of its impedance. */
struct origin {
	uint32_t kept, between; /* in sweep.between; NET_NONE: kept itself */
};

/* Block 0 is the source, 1 to blocks - 1 are the far ends of branches, parents first, and
 * block `blocks` is earth: 0 V, and the sink of currents that nobody sums. */
struct sweep {
	const struct network *n;
	struct sweep_plan *plan;
	bool reduce;
	uint32_t blocks; /* those that reduction left */
	/* branches, by their far block */
	uint32_t *parent;             /* near block where the lanes are the same; else NET_NONE */
	uint32_t (*near)[NET_PHASES]; /* places */
	struct matrix *z;             /* B of the pair, unless it is even */
	struct even *even;
	bool *is_even, *is_one; /* one: a series branch of one phase, z its first entry */
	uint32_t *other;        /* in pair; NET_NONE: a series branch */
	uint32_t *closed;       /* what `other` is while none of its lines is open */
	uint32_t *opens;        /* lines of the branch that are open */
	double *per_nominal2;   /* 1 / V^2 */
	struct pair *pair;
	size_t pairs, pair_cap;
	struct lanes *v, *next, *i; /* [blocks + 1] */
	/* loads and shunts that live */
	struct at_nodes *load, *shunt;
	size_t loads, shunts;
	double complex *load_a; /* [loads] */
	struct anderson *anderson;
	bool warm, fresh;      /* v is a solution; node_v is that solution */
	struct origin *origin; /* [plan->blocks] */
	struct matrix *between;
	size_t betweens, between_cap;
	struct lanes *all;      /* [plan->blocks] */
	double complex *node_v; /* [nodes] */
	struct sweep_one *one;  /* solves in its place where all blocks have one phase; or NULL */
};

/* A branch's numbers from the plan; those of an open one while a line of it is. */
void sweep_fill_branch(struct sweep *s, const struct plan_block *b);

static inline double complex sweep_read_at(const struct lanes *x, uint32_t place)
{
	const double *at = (const double *)x + place;
	return at[0] + I * at[PAIR_LANES];
}

static inline struct lanes sweep_gather(const struct lanes *x, const uint32_t place[NET_PHASES])
{
	struct lanes out = { 0 };
	for (int k = 0; k < NET_PHASES; k++) {
		out.re[k] = ((const double *)x)[place[k]];
		out.im[k] = ((const double *)x)[place[k] + PAIR_LANES];
	}
	return out;
}

/* Where they lie, when they lie together; else gathered in `room`. */
static inline const struct lanes *sweep_near_of(
    const struct sweep *s, const struct lanes *x, uint32_t k, struct lanes *room)
{
	if (s->parent[k] != NET_NONE) return &x[s->parent[k]];
	*room = sweep_gather(x, s->near[k]);
	return room;
}

/* Into the near terminals of a branch that is no series branch. */
static inline struct lanes sweep_near_a(const struct sweep *s, uint32_t k)
{
	struct lanes room;
	const struct pair *p = &s->pair[s->other[k]];
	struct lanes in = matrix_times(&p->c, sweep_near_of(s, s->v, k, &room));
	struct lanes out = matrix_times(&p->d, &s->i[k]);
	phasors_add(&in, &out);
	return in;
}

#endif
