/* The engines of the power flow against each other on every feeder that is validated, and on
 * loads that grow until no solution is left. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/matpower_case.h"
#include "bench/validate_grid.h"
#include "models/grid/dense.h"
#include "models/grid/flow.h"
#include "models/grid/sweep.h"

/* ---- engine against engine ---- */

static void compare(
    const struct network *n, const double complex *a, const double complex *b, struct worst *w)
{
	for (uint32_t i = 0; i < n->nodes; i++)
		if (n->node[i].nominal_v > 0)
			worst_add(w, cabs(a[i] - b[i]) / n->node[i].nominal_v);
}

void validate_gap(struct engine_gap *g, const struct network *n, const struct nodal *s)
{
	struct sweep *sweep = sweep_takes(n, true);
	struct dense *dense = dense_takes(n);
	if (sweep) {
		bool good = sweep_solve(sweep, VALIDATE_TOLERANCE_PU).converged;
		compare(n, nodal_v(s), sweep_v(sweep), &g->sweep);
		if (!good) worst_add(&g->sweep, NAN);
	}
	if (dense) {
		bool good = dense_solve(dense, VALIDATE_TOLERANCE_PU).converged;
		compare(n, nodal_v(s), dense_v(dense), &g->dense);
		if (!good) worst_add(&g->dense, NAN);
	}
	dense_free(dense);
	sweep_free(sweep);
}

void validate_engines(struct validate_job *j)
{
	validate_worst(j, "the sweep and the nodal equations, wherever a feeder is a tree",
	    "feeders/*", j->gap->sweep, "pu", 1e-9);
	validate_worst(j, "the flow reduced to the loads and the nodal equations", "feeders/*",
	    j->gap->dense, "pu", 1e-9);
}

/* ---- collapse ---- */

/* So many steps of 2 % without a solution by any engine end the search. */
enum { FAILURES = 10 };

struct collapse {
	struct network *n;
	struct nodal *nodal;
	struct sweep *sweep; /* or NULL */
	double complex *load_va;
	double total_va;
	struct worst off;
};

/* Constant power at every voltage, so that there is a load that nothing can carry. */
static void make_constant(struct network *n)
{
	for (size_t i = 0; i < n->loads; i++) {
		struct net_load *l = &n->load[i];
		l->power = 1;
		l->current = l->impedance = 0;
		l->low_pu = 1e-3;
		l->high_pu = 1e3;
	}
}

static void scale(struct collapse *c, double factor)
{
	c->total_va = 0;
	for (size_t i = 0; i < c->n->loads; i++) {
		c->n->load[i].s_va = factor * c->load_va[i];
		c->total_va += cabs(c->n->load[i].s_va);
	}
}

/* A solution is one when the currents of all elements and loads, computed from its voltages
 * alone, sum to 0 wherever they meet. */
static bool check(struct collapse *c, const struct nodal_result *r, const struct topology *t,
    const double complex *v)
{
	if (r->converged) worst_add(&c->off, flow_residual_va(c->n, t, v) / c->total_va);
	return r->converged;
}

static bool solve_at(struct collapse *c, double factor)
{
	scale(c, factor);
	struct nodal_result r = nodal_solve(c->nodal, 1e-10);
	bool found = check(c, &r, nodal_topology(c->nodal), nodal_v(c->nodal));
	if (!c->sweep) return found;
	sweep_restart(c->sweep);
	r = sweep_solve(c->sweep, 1e-10);
	return check(c, &r, sweep_topology(c->sweep), sweep_v(c->sweep)) || found;
}

static struct collapse collapse_new(struct validate_job *j, struct network *n, const char *name)
{
	struct collapse c = { .n = n };
	make_constant(n);
	c.nodal = nodal_new(n, (struct err_pos){ name, 0, 0 }, j->e);
	c.sweep = sweep_takes(n, true);
	c.load_va = mem_new(n->loads, sizeof *c.load_va);
	for (size_t i = 0; i < n->loads; i++) c.load_va[i] = n->load[i].s_va;
	return c;
}

static void collapse_free(struct collapse *c)
{
	nodal_free(c->nodal);
	sweep_free(c->sweep);
	network_free(c->n);
	free(c->load_va);
}

/* Where it never collapses, the limits did not go or a failure was passed for a solution. */
static void collapse_network(
    struct validate_job *j, struct network *n, const char *name, const char *what)
{
	struct collapse c = collapse_new(j, n, name);
	int failures = 0;
	for (double factor = 1; c.nodal && failures < FAILURES && factor < 1e4; factor *= 1.02)
		failures = solve_at(&c, factor) ? 0 : failures + 1;
	if (c.nodal && failures < FAILURES) worst_add(&c.off, NAN);
	validate_worst(j, what, name, c.off, "", 1e-8);
	collapse_free(&c);
}

static double lowest_pu(const struct network *n, const double complex *v)
{
	double least = INFINITY;
	for (size_t i = 0; i < n->nodes; i++)
		least = fmin(least, cabs(v[i]) / n->node[i].nominal_v);
	return least;
}

/* The last loading at which MATPOWER's Newton finds a solution of case33bw, of steps of 0.2. */
static void add_nose(struct validate_job *j, struct network *n)
{
	struct collapse c = collapse_new(j, n, "case33bw");
	struct worst w = { 0 };
	scale(&c, 3.6);
	if (c.sweep && c.nodal) {
		bool found = nodal_solve(c.nodal, 1e-10).converged;
		worst_add(&w, found ? lowest_pu(n, nodal_v(c.nodal)) - 0.467 : NAN);
		found = sweep_solve(c.sweep, 1e-10).converged;
		worst_add(&w, found ? lowest_pu(n, sweep_v(c.sweep)) - 0.467 : NAN);
	}
	validate_worst(j, "case33bw at 3.6 times its loads: lowest voltage, by MATPOWER",
	    "matpower/case33bw_bus.csv", w, "pu", 5e-4);
	collapse_free(&c);
}

static void collapse_case33(struct validate_job *j)
{
	struct sheet t;
	char *path = validate_table(j, "feeders/matpower/summary.csv");
	char *folder = mem_print("%s/feeders/matpower", j->folder);
	if (path && sheet_open(&t, path, mp_case_columns, j->e)) {
		while (sheet_next(&t)) {
			if (!sheet_is(&t, "case", "case33bw")) continue;
			struct mp_case c = mp_case_of(&t, folder);
			collapse_network(j, mp_case_network(&c, j->e), "matpower/case33bw_bus.csv",
			    "case33bw until it collapses: currents that do not balance");
			add_nose(j, mp_case_network(&c, j->e));
			free(c.name);
		}
		sheet_close(&t);
	}
	free(folder);
	free(path);
}

void validate_collapse(struct validate_job *j)
{
	static const struct {
		const char *folder, *what;
	} feeders[] = {
		{ "feeders/ieee13",
		    "IEEE 13 nodes until it collapses: currents that do not balance" },
		{ "feeders/ieee34",
		    "IEEE 34 nodes until it collapses: currents that do not balance" },
		{ "feeders/ieee_eulv",
		    "European LV until it collapses: currents that do not balance" },
	};
	for (size_t i = 0; i < sizeof feeders / sizeof *feeders; i++) {
		struct network *n = validate_network(j, feeders[i].folder);
		if (n) collapse_network(j, n, feeders[i].folder, feeders[i].what);
	}
	collapse_case33(j);
}
