/* The power flow of MATPOWER's distribution cases at many loads.
 *
 * All loads are multiplied by 0.6 + 0.4 ((37 k) mod 101) / 100, k = 0 to 201 (others: to 999),
 * and each solved at 1e-8: from the flow without loads (cold, as others' batches begin at 1
 * pu) and from the one before (warm), by the sweep, which has a kernel for one phase, and by
 * the nodal equations. The result is the voltages of the last; that of the sweep is checked
 * against the nodal equations and the other way round. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/engine/engine.h"
#include "bench/matpower_case.h"
#include "models/grid/nodal.h"
#include "models/grid/sweep.h"

enum { SOLVES = 202 }; /* every load twice */

static const double tolerance_pu = 1e-8;

enum way { COLD, WARM, REDUCED, KLU, WAYS };
static const char *const kernel[WAYS] = {
	[COLD] = "case_sweep_cold",
	[WARM] = "case_sweep_warm",
	[REDUCED] = "case_reduced_cold",
	[KLU] = "case_nodal_warm",
};

#define PGM(buses, us) \
	{ { "power-grid-model 1.13", (buses) * 1e6 / (us), "iterative current, cold, batch, " #us \
	      " us a solve, one thread of a 2.6 GHz Zen 4" }, \
	    { NULL, 0, NULL } }
static const struct known {
	const char *name;
	struct bench_peer peer[2];
} known[] = { { "case33bw", PGM(33, 14.3) }, { "case141", PGM(141, 46) },
	{ "case533mt_hi", PGM(533, 222) } };

/* A case and what solves it, which the ways share. */
struct engines {
	struct network *n;
	struct sweep *full, *reduced;
	struct nodal *nodal;
	double complex *load_va;
	int users;
};

struct work {
	struct engines *at;
	enum way way;
	bool failed;
};

static struct nodal_result solve(struct engines *c, enum way way)
{
	struct sweep *s = way == REDUCED ? c->reduced : c->full;
	if (way == KLU) return nodal_solve(c->nodal, tolerance_pu);
	if (way != WARM) sweep_restart(s);
	return sweep_solve(s, tolerance_pu);
}

static void set_loads(struct engines *c, int k)
{
	double share = 0.6 + 0.4 * ((37 * k) % 101) / 100;
	for (size_t i = 0; i < c->n->loads; i++) c->n->load[i].s_va = share * c->load_va[i];
}

static void work_run(void *ctx)
{
	struct work *w = ctx;
	for (int k = 0; k < SOLVES; k++) {
		set_loads(w->at, k);
		w->failed |= !solve(w->at, w->way).converged;
	}
}

static const double complex *voltages(struct engines *c, enum way way)
{
	if (way == KLU) return nodal_v(c->nodal);
	return sweep_v(way == REDUCED ? c->reduced : c->full);
}

/* Largest difference of a voltage, by its nominal. */
static double work_error(void *ctx)
{
	struct work *w = ctx;
	struct engines *c = w->at;
	enum way twin = w->way == KLU ? COLD : KLU;
	double off = w->failed ? INFINITY : 0;
	set_loads(c, SOLVES - 1);
	if (!solve(c, w->way).converged || !solve(c, twin).converged) return INFINITY;
	const double complex *v = voltages(c, w->way), *other = voltages(c, twin);
	for (size_t i = 0; i < c->n->nodes; i++)
		off = fmax(off, cabs(v[i] - other[i]) / c->n->node[i].nominal_v);
	return off;
}

static void engines_free(struct engines *c)
{
	if (--c->users > 0) return;
	nodal_free(c->nodal);
	sweep_free(c->full);
	sweep_free(c->reduced);
	network_free(c->n);
	free(c->load_va);
	free(c);
}

static void work_free(void *ctx)
{
	struct work *w = ctx;
	engines_free(w->at);
	free(w);
}

/* NULL with entries in e when it cannot be solved. */
static struct engines *engines_new(const struct mp_case *at, struct err_list *e)
{
	struct engines *c = mem_new(1, sizeof *c);
	c->n = mp_case_network(at, e);
	c->nodal = nodal_new(c->n, (struct err_pos){ at->name, 0, 0 }, e);
	c->full = sweep_takes(c->n, false);
	c->reduced = sweep_takes(c->n, true);
	if (c->nodal && c->full && c->reduced) {
		c->load_va = mem_new(c->n->loads, sizeof *c->load_va);
		for (size_t i = 0; i < c->n->loads; i++) c->load_va[i] = c->n->load[i].s_va;
		return c;
	}
	err_at(e, (struct err_pos){ at->name, 0, 0 }, "it is no tree");
	engines_free(c);
	return NULL;
}

static void add(struct suite *s, struct engines *c, const struct known *is, enum way way)
{
	struct work *w = mem_new(1, sizeof *w);
	*w = (struct work){ .at = c, .way = way };
	c->users++;
	struct bench_case b = { .kernel = kernel[way], .key = { { "buses", (double)c->n->buses } },
		.keys = 1, .threads = 1, .pages = "", .ctx = w, .run = work_run,
		.items = (double)c->n->buses * SOLVES, .item = "bus",
		.error = work_error, .error_max = 1e-6, .free = work_free,
		.peer = way == COLD ? is->peer : NULL };
	snprintf(b.shape, sizeof b.shape, "%s", is->name);
	suite_add(s, &b);
}

static void add_case(struct suite *s, const struct mp_case *at, struct err_list *e)
{
	const struct known *is = NULL;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(known[i].name, at->name)) is = &known[i];
	struct engines *c = is && (!suite_quick(s) || is == known) ? engines_new(at, e) : NULL;
	for (enum way way = COLD; c && way < (suite_quick(s) ? WARM : WAYS); way++) add(s, c, is, way);
}

void matpower_add(struct suite *s)
{
	char *folder = engine_data(s, "MATPOWER's cases", "feeders/matpower");
	if (!folder) return;
	char *path = mem_print("%s/summary.csv", folder);
	struct err_list *e = err_new();
	struct sheet t;
	if (sheet_open(&t, path, mp_case_columns, e))
		while (sheet_next(&t)) {
			struct mp_case at = mp_case_of(&t, folder);
			add_case(s, &at, e);
			free(at.name);
		}
	sheet_close(&t);
	err_print(e, stderr);
	err_free(e);
	free(path);
	free(folder);
}
