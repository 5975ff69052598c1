#include "models/grid/solver.h"

#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/sweep.h"

struct solver {
	const struct network *n;
	const char *name;
	struct sweep *sweep;        /* NULL: not taken */
	struct nodal *nodal;        /* NULL: not needed so far */
	enum controls_change stale; /* what the nodal equations have not been told of */
	enum solver_engine engine;
	struct nodal_result result;
};

struct solver *solver_new(const struct network *n, const char *name)
{
	struct solver *s = mem_new(1, sizeof *s);
	s->n = n;
	s->name = name;
	s->sweep = sweep_takes(n, true);
	return s;
}

void solver_free(struct solver *s)
{
	if (!s) return;
	sweep_free(s->sweep);
	nodal_free(s->nodal);
	free(s);
}

/* The nodal equations as the network is now; false with an entry in e. */
static bool fill_nodal(struct solver *s, struct err_list *e)
{
	bool good = true;
	if (s->nodal && s->stale == CONTROLS_WEIGHTS) good = nodal_retap(s->nodal);
	if (s->nodal && s->stale == CONTROLS_ADMITTANCES) good = nodal_refill(s->nodal);
	s->stale = CONTROLS_POWERS;
	if (!good) {
		nodal_free(s->nodal);
		s->nodal = NULL;
	}
	if (!s->nodal) s->nodal = nodal_new(s->n, (struct err_pos){ s->name, 0, 0 }, e);
	return s->nodal != NULL;
}

bool solver_solve(struct solver *s, double tolerance_pu, struct err_list *e)
{
	s->engine = SOLVER_SWEEP;
	if (s->sweep) s->result = sweep_solve(s->sweep, tolerance_pu);
	if (s->sweep && s->result.converged) return true;
	if (!fill_nodal(s, e)) return false;
	s->engine = SOLVER_NODAL;
	s->result = nodal_solve(s->nodal, tolerance_pu);
	return true;
}

/* A sweep reads its shunts from the network. */
void solver_change(struct solver *s, enum controls_change change)
{
	if (change > s->stale) s->stale = change;
	if (change == CONTROLS_POWERS || !s->sweep || sweep_retap(s->sweep)) return;
	sweep_free(s->sweep);
	s->sweep = NULL;
}

const struct nodal_result *solver_result(const struct solver *s)
{
	return &s->result;
}

enum solver_engine solver_engine(const struct solver *s)
{
	return s->engine;
}

const double complex *solver_v(struct solver *s)
{
	return s->engine == SOLVER_SWEEP ? sweep_v(s->sweep) : nodal_v(s->nodal);
}

const struct topology *solver_topology(const struct solver *s)
{
	return s->engine == SOLVER_SWEEP ? sweep_topology(s->sweep) : nodal_topology(s->nodal);
}
