/* What billing costs: nanoseconds per meter and step, per kind of tariff.
 *
 *     bench_bill [METERS [DAYS]]      10000 meters, 1 day of minutes when absent
 *
 * CPU time of one thread, without building; the least of three runs. The sum of all bills
 * is printed, for it depends on all of it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "models/grid/bill.h"

#define DAY_S 86400.0
#define KWH_J 3.6e6

struct scheme {
	const char *name;
	struct tariff_par par;
	bool tiers, periods;
};

static const struct tariff_par flat = { .price_per_j = 0.3 / KWH_J, .export_per_j = 0.08 / KWH_J,
	.window_s = 900, .series_per_j = NAN, .scale = 1, .credit_ends = 12 };

static struct period_par evening = { { 17 * 3600, 21 * 3600, DAYS_WEEKDAY, "oct-mar" },
	0.4 / KWH_J, NAN };
static struct tier_par tiers[] = { { 100 * KWH_J, 0.02 / KWH_J }, { 300 * KWH_J, 0.04 / KWH_J },
	{ NAN, 0.09 / KWH_J } };

/* The elements of a tariff, in storage of the caller. */
struct tree {
	struct tariff_par par;
	struct object root, period, tier[3];
};

static void tree_init(struct tree *t, const struct scheme *s)
{
	*t = (struct tree){ .par = s->par };
	t->root = (struct object){ .cls = &tariff_class, .par = &t->par };
	t->period = (struct object){ .cls = &period_class, .par = &evening, .parent = &t->root };
	for (int i = 0; i < 3; i++)
		t->tier[i] = (struct object){ .cls = &tier_class, .par = &tiers[i],
			.parent = &t->root, .next = i < 2 ? &t->tier[i + 1] : NULL };
	if (s->periods) t->root.child = &t->period;
	if (s->periods && s->tiers) t->period.next = &t->tier[0];
	else if (s->tiers) t->root.child = &t->tier[0];
}

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Meters of 100 W to some kW; every third gives back. */
static double *powers(uint32_t meters)
{
	double *net_w = mem_new(meters, sizeof *net_w);
	for (uint32_t i = 0; i < meters; i++)
		net_w[i] = (100 + 37.0 * (i % 97)) * (i % 3 == 2 ? -1 : 1);
	return net_w;
}

static double bill_s(const struct tariff *t, uint32_t meters, long steps, const double *net_w,
    double *sum)
{
	struct bills *b = bills_new(t, meters);
	double begin = cpu_s();
	for (long i = 0; i < steps; i++) bills_add(b, 1704067200 + 60.0 * (double)i, 60, net_w);
	double took = cpu_s() - begin;
	*sum = 0;
	for (uint32_t i = 0; i < meters; i++) {
		struct bill due = bills_of(b, i);
		*sum += bill_total(&due);
	}
	bills_free(b);
	return took;
}

static void measure(const struct scheme *s, uint32_t meters, long steps)
{
	struct tree tree;
	double least = INFINITY, sum = 0;
	struct err_list *e = err_new();
	double *net_w = powers(meters);
	tree_init(&tree, s);
	struct tariff *t = tariff_new(&tree.root, 0, e);
	for (int i = 0; i < 3; i++) least = fmin(least, bill_s(t, meters, steps, net_w, &sum));
	printf("%-34s %9u %8ld %10.3f %12.2f   %.17g\n", s->name, meters, steps, least,
	    1e9 * least / ((double)meters * (double)steps), sum);
	tariff_free(t);
	err_free(e);
	free(net_w);
}

int main(int argc, char **argv)
{
	long meters = argc > 1 ? atol(argv[1]) : 10000, days = argc > 2 ? atol(argv[2]) : 1;
	if (meters < 1 || meters > 1000000 || days < 1 || days > 366) {
		fprintf(stderr, "usage: bench_bill [METERS [DAYS]]   1 to 1000000, 1 to 366\n");
		return 2;
	}
	struct scheme scheme[] = {
		{ "flat", flat, false, false },
		{ "time of use and season", flat, false, true },
		{ "demand charge, 15 min", flat, false, false },
		{ "tiers", flat, true, false },
		{ "net metering", flat, false, true },
		{ "all of it", flat, true, true },
	};
	scheme[2].par.demand_per_kw = scheme[5].par.demand_per_kw = 4;
	scheme[4].par.export_kind = scheme[5].par.export_kind = EXPORT_NET_METERING;
	printf("%-34s %9s %8s %10s %12s   %s\n", "tariff", "meters", "steps", "cpu s",
	    "ns/meter", "sum of bills");
	for (size_t i = 0; i < sizeof scheme / sizeof *scheme; i++)
		measure(&scheme[i], (uint32_t)meters, 1440 * days);
	return 0;
}
