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
 * with network, modules and inverters 35e3. Its homes do more physics of heat,
 * these have sun, battery and car: the numbers bound orders of magnitude. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/street.h"
#include "models/site/fleet.h"

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

/* CPU seconds of the sweep; *check gets a number that depends on all of it. */
static double sweep_s(const struct street *s, long steps, double *check)
{
	static const struct place_par place = { 0.2264, 1.3542, 920 };
	struct weather_par weather = weather_default();
	struct step first = minute(0);
	struct fleet *f =
	    fleet_new(&s->root, &place, &weather, DISPATCH_SELF_CONSUMPTION, 7, &first);
	double begin = cpu_s();
	for (long i = 0; i < steps; i++) {
		struct step st = minute(i);
		fleet_step(f, &st, NULL);
	}
	double took = cpu_s() - begin;
	*check = f->run.import_j;
	fleet_free(f);
	return took;
}

static void measure(const char *name, long homes, long steps, unsigned parts, bool all)
{
	struct street s;
	double least = INFINITY, check = 0;
	street_init(&s, homes, all, parts);
	for (int i = 0; i < 3; i++) least = fmin(least, sweep_s(&s, steps, &check));
	double home_steps = (double)homes * (double)steps;
	printf("%-34s %9ld %8ld %10.3f %10.1f %12.3g   %.17g\n", name, homes, steps, least,
	    1e9 * least / home_steps, home_steps / least, check);
}

int main(int argc, char **argv)
{
	long homes = argc > 1 ? atol(argv[1]) : 10000, days = argc > 2 ? atol(argv[2]) : 1;
	if (homes < 1 || homes > 1000000 || days < 1 || days > 366) {
		fprintf(stderr, "usage: bench_fleet [HOMES [DAYS]]   1 to 1000000, 1 to 366\n");
		return 2;
	}
	printf("%-34s %9s %8s %10s %10s %12s   %s\n", "case", "homes", "steps", "cpu s", "ns/home",
	    "home-min/s", "import J");
	long steps = 1440 * days;
	measure("load", homes, steps, STREET_LOAD, false);
	measure("sun, every home", homes, steps, STREET_SOLAR, true);
	measure("load, battery, every home", homes, steps, STREET_LOAD | STREET_BATTERY, true);
	measure("load, car, every home", homes, steps, STREET_LOAD | STREET_VEHICLE, true);
	measure("load, car that serves its home", homes, steps,
	    STREET_LOAD | STREET_VEHICLE | STREET_V2H, true);
	const unsigned everything = STREET_LOAD | STREET_SOLAR | STREET_BATTERY | STREET_VEHICLE;
	measure("street: 50, 40, 30 % of homes", homes, steps, everything, false);
	measure("everything, every home", homes, steps, everything, true);
	return 0;
}
