/* Speed of a street's sweep: nanoseconds per home and step, per case.
 *
 *     bench_fleet [HOMES [DAYS]]      10000 homes, 1 day of minutes when absent
 *
 * The homes have what a well-equipped street has (bench/street.h). CPU time of
 * the one thread, without building the population; the least of three runs.
 * Printed beside it, for scale: GridLAB-D 5.3.0 (commit e1841e1e) on a two-core
 * x86-64 virtual machine (Zen 4), one thread, steps of a minute for 7 days, 100
 * homes: two-node house with thermostat, plug load and water heater 139e3
 * home-minutes per CPU second as shipped, 672e3 with its alarm() calls stubbed;
 * with network, modules and inverters 35e3. CityLearn 2.4.2 on the same machine: load,
 * sun and battery of 10 to 1000 homes by the hour, without heat: 943 to 1096 home-hours
 * per second. What the homes have is not the same: the numbers bound orders of magnitude. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/street.h"
#include "models/control/outlook.h"
#include "models/grid/bill.h"
#include "models/site/fleet.h"

#define KWH_J 3.6e6

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* 2024-06-20T00:00+05:30 in Bengaluru, in steps of a minute. */
static struct step minute(long index)
{
	return (struct step){ .begin_ns = index * 60000000000LL,
		.dt_s = 60,
		.utc_s = 1718821800 + 60.0 * (double)index,
		.zone_s = 19800,
		.index = index };
}

/* Dearer from 17 to 21 o'clock. */
static struct tariff *tariff_of_evening(void)
{
	static struct tariff_par par = { .price_per_j = 0.28 / KWH_J,
		.export_per_j = 0.08 / KWH_J,
		.window_s = 900,
		.series_per_j = NAN,
		.scale = 1,
		.credit_ends = 12 };
	static struct period_par evening = { { 17 * 3600, 21 * 3600, DAYS_ALL, NULL }, 0.38 / KWH_J,
		NAN };
	struct object root = { .cls = &tariff_class, .par = &par };
	struct object period = { .cls = &period_class, .par = &evening, .parent = &root };
	struct err_list *e = err_new();
	root.child = &period;
	struct tariff *t = tariff_new(&root, minute(0).zone_s, e);
	err_free(e);
	return t;
}

/* A street under way, with a bill for every meter; outlook.tariff NULL: no bills, and
 * batteries follow self-consumption, else the time of use. */
struct sweep {
	struct outlook outlook;
	struct fleet *fleet;
	struct bills *bills;
};

static void sweep_init(struct sweep *w, const struct street *s, bool billed)
{
	static const struct place_par place = { 0.2264, 1.3542, 920 };
	struct weather_par weather = weather_default();
	struct step first = minute(0);
	enum dispatch_kind kind = billed ? DISPATCH_TIME_OF_USE : DISPATCH_SELF_CONSUMPTION;
	*w = (struct sweep){ .outlook.zone_s = first.zone_s };
	w->fleet = fleet_new(&s->root, &place, &weather, kind, 7, &first);
	if (!billed) return;
	w->outlook.tariff = tariff_of_evening();
	w->bills = bills_new(w->outlook.tariff, (uint32_t)s->homes.count);
	fleet_share_outlook(w->fleet, &w->outlook);
}

static void sweep_fini(struct sweep *w)
{
	fleet_free(w->fleet);
	bills_free(w->bills);
	tariff_free(w->outlook.tariff);
}

/* CPU seconds of the sweep; *check gets a number that depends on all of it. */
static double sweep_s(const struct street *s, bool billed, long steps, double *check)
{
	struct sweep w;
	sweep_init(&w, s, billed);
	double begin = cpu_s();
	for (long i = 0; i < steps; i++) {
		struct step st = minute(i);
		fleet_step(w.fleet, &st, NULL);
		if (billed) bills_add(w.bills, st.utc_s + st.zone_s, st.dt_s, w.fleet->net_w);
	}
	double took = cpu_s() - begin;
	*check = w.fleet->run.import_j;
	sweep_fini(&w);
	return took;
}

struct measured {
	const char *name;
	unsigned parts;
	bool all, billed;
};

static void measure(const struct measured *m, long homes, long steps)
{
	struct street s;
	double least = INFINITY, check = 0;
	street_init(&s, homes, m->all, m->parts);
	for (int i = 0; i < 3; i++) least = fmin(least, sweep_s(&s, m->billed, steps, &check));
	double home_steps = (double)homes * (double)steps;
	printf("%-38s %8ld %6ld %9.3f %8.1f %10.3g   %.17g\n", m->name, homes, steps, least,
	    1e9 * least / home_steps, home_steps / least, check);
}

static const unsigned everything = STREET_LOAD | STREET_SOLAR | STREET_BATTERY | STREET_VEHICLE;

static const struct measured cases[] = {
	{ "load", STREET_LOAD, false, false },
	{ "sun, every home", STREET_SOLAR, true, false },
	{ "load, battery, every home", STREET_LOAD | STREET_BATTERY, true, false },
	{ "load, car, every home", STREET_LOAD | STREET_VEHICLE, true, false },
	{ "load, car that serves its home", STREET_LOAD | STREET_VEHICLE | STREET_V2H, true,
	    false },
	{ "street: 50, 40, 30 % of homes", everything, false, false },
	{ "everything, every home", everything, true, false },
	{ "everything, time of use, bills", everything, true, true },
	{ "that with heat pumps and hot water", everything | STREET_HEATING | STREET_WATER, true,
	    true },
};

int main(int argc, char **argv)
{
	long homes = argc > 1 ? atol(argv[1]) : 10000, days = argc > 2 ? atol(argv[2]) : 1;
	if (homes < 1 || homes > 1000000 || days < 1 || days > 366) {
		fprintf(stderr, "usage: bench_fleet [HOMES [DAYS]]   1 to 1000000, 1 to 366\n");
		return 2;
	}
	printf("%-38s %8s %6s %9s %8s %10s   %s\n", "case", "homes", "steps", "cpu s", "ns/home",
	    "home-min/s", "import J");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		measure(&cases[i], homes, 1440 * days);
	puts("GridLAB-D 5.3.0, house with thermostat, plugs, water: 139e3; its alarm() stubbed: "
	     "672e3\n"
	     "CityLearn 2.4.2, load, sun, battery by the hour, no heat: 943 to 1096 home-hours/s");
	return 0;
}
