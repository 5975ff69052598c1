/* The power flow of MATPOWER's distribution cases, a thousand times.
 *
 *     bench_case [FOLDER]
 *
 * FOLDER holds the cases as tables (models/grid/matpower.h; NAME_bus.csv, NAME_branch.csv,
 * summary.csv); without it, it is sought below the folder that HEARTH_SHARED names. All loads
 * are multiplied by 0.6 + 0.4 ((37 k) mod 101) / 100, k = 0 to 999, and each solved at 1e-8:
 * from the flow without loads (cold, as others' batches begin at 1 pu) and from the one before
 * (warm), by the sweep, which has a kernel for one phase, and by the nodal equations. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/matpower_case.h"
#include "bench/measure.h"
#include "models/grid/nodal.h"
#include "models/grid/sweep.h"

enum { SOLVES = 1000, ROUNDS = 21 };

static const double tolerance_pu = 1e-8;

enum way { COLD, WARM, REDUCED, KLU, WAYS };
static const char *const way_name[WAYS] = {
	[COLD] = "sweep, cold",
	[WARM] = "sweep, warm",
	[REDUCED] = "reduced sweep, cold",
	[KLU] = "nodal equations, warm",
};

/* Of power-grid-model 1.13, iterative current, batch, one thread of a 2.6 GHz Zen 4. */
static const struct peer {
	const char *name;
	double us;
} peers[] = { { "case33bw", 14.3 }, { "case141", 46 }, { "case533mt_hi", 222 } };

struct engines {
	struct network *n;
	struct sweep *full, *reduced;
	struct nodal *nodal;
	double complex *load_va;
	unsigned long iterations[WAYS], failures;
};

static struct nodal_result solve(struct engines *c, enum way way)
{
	struct sweep *s = way == REDUCED ? c->reduced : c->full;
	if (way == KLU) return nodal_solve(c->nodal, tolerance_pu);
	if (way != WARM) sweep_restart(s);
	return sweep_solve(s, tolerance_pu);
}

static double round_s(struct engines *c, enum way way)
{
	double begin_s = measure_cpu_s();
	for (int k = 0; k < SOLVES; k++) {
		double share = 0.6 + 0.4 * ((37 * k) % 101) / 100;
		for (size_t i = 0; i < c->n->loads; i++) c->n->load[i].s_va = share * c->load_va[i];
		struct nodal_result r = solve(c, way);
		c->iterations[way] += r.iterations;
		c->failures += !r.converged;
	}
	return measure_cpu_s() - begin_s;
}

static void print_case(struct engines *c, const struct mp_case *at)
{
	double took[WAYS][ROUNDS];
	for (int i = 0; i < ROUNDS; i++)
		for (enum way way = COLD; way < WAYS; way++) took[way][i] = round_s(c, way);
	printf("%s: %zu buses, %zu loads\n", at->name, c->n->buses, c->n->loads);
	for (enum way way = COLD; way < WAYS; way++) {
		struct measure m = measure_of(took[way], ROUNDS);
		printf("    %-32s %9.2f %9.2f %11.2f\n", way_name[way], 1e6 * m.best / SOLVES,
		    1e6 * m.median / SOLVES, (double)c->iterations[way] / (ROUNDS * SOLVES));
	}
	for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
		if (!strcmp(peers[i].name, at->name))
			printf("    %-32s %9.1f\n", "power-grid-model 1.13, cold", peers[i].us);
}

static bool is_measured(const struct sheet *t)
{
	for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
		if (sheet_is(t, "case", peers[i].name)) return true;
	return false;
}

/* False when it cannot be solved, with entries in e. */
static bool measure_case(const struct mp_case *at, struct err_list *e)
{
	struct engines c = { .n = mp_case_network(at, e) };
	if (!err_count(e)) {
		c.nodal = nodal_new(c.n, (struct err_pos){ at->name, 0, 0 }, e);
		c.full = sweep_takes(c.n, false);
		c.reduced = sweep_takes(c.n, true);
	}
	bool good = c.nodal && c.full && c.reduced;
	if (good) {
		c.load_va = mem_new(c.n->loads, sizeof *c.load_va);
		for (size_t i = 0; i < c.n->loads; i++) c.load_va[i] = c.n->load[i].s_va;
		print_case(&c, at);
		if (c.failures) printf("not solved: %lu\n", c.failures);
	}
	nodal_free(c.nodal);
	sweep_free(c.full);
	sweep_free(c.reduced);
	network_free(c.n);
	free(c.load_va);
	return good && !c.failures;
}

int main(int argc, char **argv)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *folder = argc > 1 ? mem_text(argv[1])
				: mem_print("%s/data/feeders/matpower", shared ? shared : "..");
	char *path = mem_print("%s/summary.csv", folder);
	struct err_list *e = err_new();
	struct sheet t;
	bool good = sheet_open(&t, path, mp_case_columns, e);
	printf("1000 solutions at 1e-8%22s %9s %11s\n", "us/solve", "median", "iterations");
	while (good && sheet_next(&t)) {
		struct mp_case at = mp_case_of(&t, folder);
		if (is_measured(&t)) good = measure_case(&at, e);
		free(at.name);
	}
	sheet_close(&t);
	puts("aim: 2 us for case33bw");
	err_print(e, stderr);
	err_free(e);
	free(path);
	free(folder);
	return !good;
}
