/* The reference power flow through a day of minutes.
 *
 *     bench_nodal [FOLDER]
 *
 * FOLDER holds the IEEE European low-voltage feeder as tables (906 buses, 55 customers;
 * loads in profiles_1min.csv); without it, it is sought below the folder that
 * HEARTH_SHARED names. Solves 1440 minutes at 1e-8, each from the one before, and sets the
 * equations up anew as a tap does, beside what other programs need for the same. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/measure.h"
#include "models/grid/network_csv.h"
#include "models/grid/nodal.h"

enum { MINUTES = 1440, DAYS = 5, REFILLS = 31 };

struct day {
	struct network *n;
	struct nodal *s;
	double complex *load_va; /* [MINUTES * loads] */
	unsigned long iterations, failures;
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
	if (good) d->s = nodal_new(d->n, (struct err_pos){ folder, 0, 0 }, e);
	return d->s && !err_count(e);
}

static double day_s(struct day *d)
{
	double begin_s = now_s();
	nodal_restart(d->s);
	for (size_t m = 0; m < MINUTES; m++) {
		for (size_t i = 0; i < d->n->loads; i++)
			d->n->load[i].s_va = d->load_va[m * d->n->loads + i];
		struct nodal_result r = nodal_solve(d->s, 1e-8);
		d->iterations += r.iterations;
		d->failures += !r.converged;
	}
	return now_s() - begin_s;
}

static void print_ours(struct day *d)
{
	double day[DAYS], refill[REFILLS];
	for (int i = 0; i < DAYS; i++) day[i] = day_s(d);
	for (int i = 0; i < REFILLS; i++) {
		double begin_s = now_s();
		nodal_refill(d->s);
		refill[i] = now_s() - begin_s;
	}
	struct measure days = measure_of(day, DAYS), refills = measure_of(refill, REFILLS);
	printf("hearth, complex nodal equations by KLU, 1e-8, warm: %.0f us/solve (median %.0f), "
	       "%.2f iterations\n",
	    1e6 * days.best / MINUTES, 1e6 * days.median / MINUTES,
	    (double)d->iterations / (DAYS * MINUTES));
	printf("set up and factorised anew: %.0f us; not solved: %lu\n", 1e6 * refills.median,
	    d->failures);
}

int main(int argc, char **argv)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *folder = argc > 1 ? mem_text(argv[1])
				: mem_print("%s/data/feeders/ieee_eulv", shared ? shared : "..");
	struct err_list *e = err_new();
	struct day d = { 0 };
	bool good = read_day(&d, folder, e);
	if (good) print_ours(&d);
	err_print(e, stderr);
	puts("aim: 250 us\n\nothers, same feeder and day, one thread of a 2.6 GHz Zen 4      "
	     "us/solve\n"
	     "pandapower 2.13.1 runpp_3ph, cold start                             88000\n"
	     "power-grid-model 1.13, Newton, 1e-8                                  2595\n"
	     "power-grid-model 1.13, iterative current, 1e-8                        808\n"
	     "OpenDSS 9.8, yearly mode, 1e-8 / 1e-4                           630 / 379");
	nodal_free(d.s);
	network_free(d.n);
	free(d.load_va);
	err_free(e);
	free(folder);
	return !good || d.failures > 0;
}
