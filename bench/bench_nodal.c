/* The power flow through a day of minutes: nodal equations and sweep.
 *
 *     bench_nodal [FOLDER]
 *
 * FOLDER holds the IEEE European low-voltage feeder as tables (906 buses, 55 customers;
 * loads in profiles_1min.csv); without it, it is sought below the folder that
 * HEARTH_SHARED names. Solves 1440 minutes at 1e-8, each from the one before, by the nodal
 * equations, by the sweep of all buses and by that of the reduced tree, each day of the one
 * beside a day of the others, and takes changes in place, as of a tap or an outage, and another
 * tree, as of a switch, beside what other programs need for the same. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/measure.h"
#include "models/grid/dense.h"
#include "models/grid/network_csv.h"
#include "models/grid/nodal.h"
#include "models/grid/sweep.h"

enum { MINUTES = 1440, DAYS = 5, REFILLS = 31 };

enum way { KLU, SWEEP, SWEEP_V, REDUCED, REDUCED_V, DENSE, DENSE_LOADS, DENSE_V, WAYS };
static const char *const way_name[WAYS] = {
	[KLU] = "nodal equations by KLU, all voltages",
	[SWEEP] = "sweep",
	[SWEEP_V] = "sweep, all voltages",
	[REDUCED] = "reduced sweep",
	[REDUCED_V] = "reduced sweep, all voltages",
	[DENSE] = "dense",
	[DENSE_LOADS] = "dense, voltages of the loads",
	[DENSE_V] = "dense, all voltages",
};

struct day {
	struct network *n;
	struct nodal *s;
	struct sweep *full, *reduced;
	struct dense *dense;
	double complex *load_va; /* [MINUTES * loads] */
	unsigned long iterations[WAYS], failures;
	double checksum_v; /* of all voltages that were asked for */
};

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool read_day(struct day *d, const char *folder, struct err_list *e)
{
	static const char *const columns[] = { "minute", NULL };
	struct sheet t;
	char *path = mem_print("%s/profiles_1min.csv", folder);
	d->n = network_read_csv(folder, e);
	bool good = sheet_open(&t, path, columns, e) && d->n;
	if (good) d->load_va = mem_new(MINUTES * d->n->loads, sizeof *d->load_va);
	for (size_t m = 0; good && m < MINUTES && sheet_next(&t); m++)
		for (size_t i = 0; i < d->n->loads; i++) {
			char column[24];
			snprintf(column, sizeof column, "p%zu", i + 1);
			d->load_va[m * d->n->loads + i] =
			    d->n->load[i].s_va * sheet_number(&t, column);
		}
	sheet_close(&t);
	free(path);
	if (!good) return false;
	d->s = nodal_new(d->n, (struct err_pos){ folder, 0, 0 }, e);
	d->full = sweep_takes(d->n, false);
	d->reduced = sweep_takes(d->n, true);
	d->dense = dense_takes(d->n);
	if (!d->full || !d->dense) err_at(e, (struct err_pos){ folder, 0, 0 }, "not a tree");
	return !err_count(e);
}

static struct nodal_result solve(struct day *d, enum way way)
{
	if (way == KLU) return nodal_solve(d->s, 1e-8);
	if (way >= DENSE) {
		struct nodal_result r = dense_solve(d->dense, 1e-8);
		if (way == DENSE_LOADS) d->checksum_v += creal(dense_load_v(d->dense)[0]);
		if (way == DENSE_V) d->checksum_v += creal(dense_v(d->dense)[d->n->nodes - 1]);
		return r;
	}
	struct sweep *s = way == SWEEP || way == SWEEP_V ? d->full : d->reduced;
	struct nodal_result r = sweep_solve(s, 1e-8);
	if (way == SWEEP_V || way == REDUCED_V) d->checksum_v += creal(sweep_v(s)[d->n->nodes - 1]);
	return r;
}

static double day_s(struct day *d, enum way way)
{
	double begin_s = now_s();
	for (size_t m = 0; m < MINUTES; m++) {
		for (size_t i = 0; i < d->n->loads; i++)
			d->n->load[i].s_va = d->load_va[m * d->n->loads + i];
		struct nodal_result r = solve(d, way);
		d->iterations[way] += r.iterations;
		d->failures += !r.converged;
	}
	return now_s() - begin_s;
}

static void print_ways(struct day *d)
{
	static double day[WAYS][DAYS];
	double klu_s = 0;
	for (int i = 0; i < DAYS; i++)
		for (enum way way = KLU; way < WAYS; way++) day[way][i] = day_s(d, way);
	printf("hearth, 1e-8, warm; blocks of three phases: %zu, reduced %zu; ports of loads: %zu\n"
	       "%-40s %9s %9s %11s %7s\n",
	    sweep_blocks(d->full), sweep_blocks(d->reduced), dense_ports(d->dense), "", "us/solve",
	    "median", "iterations", "x KLU");
	for (enum way way = KLU; way < WAYS; way++) {
		struct measure m = measure_of(day[way], DAYS);
		if (way == KLU) klu_s = m.best;
		printf("%-40s %9.1f %9.1f %11.2f %7.1f\n", way_name[way], 1e6 * m.best / MINUTES,
		    1e6 * m.median / MINUTES, (double)d->iterations[way] / (DAYS * MINUTES),
		    klu_s / m.best);
	}
}

/* What changes between two solutions. */
enum change {
	NODAL_TAP,
	SWEEP_TAP,
	DENSE_TAP,
	NODAL_VALUES,
	SWEEP_VALUES,
	NODAL_SWITCH,
	SWEEP_SWITCH,
	SWEEP_OPEN,
	CHANGES
};
static const char *const change_name[CHANGES] = {
	[NODAL_TAP] = "a tap, nodal equations",
	[SWEEP_TAP] = "a tap, reduced sweep",
	[DENSE_TAP] = "a tap, dense",
	[NODAL_VALUES] = "all admittances, nodal equations",
	[SWEEP_VALUES] = "all admittances, reduced sweep",
	[NODAL_SWITCH] = "a switch, nodal equations",
	[SWEEP_SWITCH] = "a switch, reduced sweep",
	[SWEEP_OPEN] = "a branch opened and closed, reduced sweep",
};

static bool switch_nodal(struct day *d, struct err_list *e)
{
	nodal_free(d->s);
	d->s = nodal_new(d->n, (struct err_pos){ 0 }, e);
	return d->s != NULL;
}

static bool switch_sweep(struct day *d)
{
	sweep_free(d->reduced);
	d->reduced = sweep_takes(d->n, true);
	return d->reduced != NULL;
}

/* That in the middle, and what hangs behind it. */
static bool open_and_close(struct day *d)
{
	uint32_t element = (uint32_t)d->n->elements / 2;
	bool *open = &d->n->element[element].open;
	*open = true;
	bool good = sweep_open(d->reduced, element, true);
	*open = false;
	return sweep_open(d->reduced, element, false) && good;
}

static void take_change(struct day *d, enum change what, struct err_list *e)
{
	bool good = true;
	if (what == NODAL_TAP) good = nodal_retap(d->s);
	if (what == SWEEP_TAP) good = sweep_retap(d->reduced);
	if (what == DENSE_TAP) good = dense_refill(d->dense);
	if (what == NODAL_VALUES) good = nodal_refill(d->s);
	if (what == SWEEP_VALUES) good = sweep_refill(d->reduced);
	if (what == NODAL_SWITCH) good = switch_nodal(d, e);
	if (what == SWEEP_SWITCH) good = switch_sweep(d);
	if (what == SWEEP_OPEN) good = open_and_close(d);
	d->failures += !good;
}

static void print_changes(struct day *d, struct err_list *e)
{
	double took[REFILLS];
	printf("\ntaken in before the next solution\n");
	for (enum change what = 0; what < CHANGES; what++) {
		for (int i = 0; i < REFILLS; i++) {
			double begin_s = now_s();
			take_change(d, what, e);
			took[i] = now_s() - begin_s;
		}
		struct measure m = measure_of(took, REFILLS);
		printf("%-41s %8.1f %9.1f\n", change_name[what], 1e6 * m.best, 1e6 * m.median);
	}
}

int main(int argc, char **argv)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *folder = argc > 1 ? mem_text(argv[1])
				: mem_print("%s/data/feeders/ieee_eulv", shared ? shared : "..");
	struct err_list *e = err_new();
	struct day d = { 0 };
	bool good = read_day(&d, folder, e);
	if (good) {
		print_ways(&d);
		print_changes(&d, e);
		if (d.failures) printf("not solved: %lu\n", d.failures);
	}
	err_print(e, stderr);
	puts("aims: 250 us by KLU, 40 by the sweep, 10 reduced\n\nothers, same feeder and day, one "
	     "thread of a 2.6 GHz Zen 4      "
	     "us/solve\n"
	     "pandapower 2.13.1 runpp_3ph, cold start                             88000\n"
	     "power-grid-model 1.13, Newton, 1e-8                                  2595\n"
	     "power-grid-model 1.13, iterative current, 1e-8                        808\n"
	     "OpenDSS 9.8, yearly mode, 1e-8 / 1e-4                           630 / 379");
	nodal_free(d.s);
	sweep_free(d.full);
	dense_free(d.dense);
	sweep_free(d.reduced);
	network_free(d.n);
	free(d.load_va);
	err_free(e);
	free(folder);
	return !good || d.failures > 0;
}
