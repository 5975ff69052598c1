/* Speed of a street's sweep: nanoseconds per home and step, per case.
 *
 *     bench_fleet [HOMES [DAYS]]      10000 homes, 1 day of minutes when absent
 *
 * The homes have what a well-equipped street has (see street_init). CPU time of
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

#include "models/energy/battery.h"
#include "models/energy/house.h"
#include "models/energy/pv.h"
#include "models/energy/vehicle.h"
#include "models/site/fleet.h"
#include "models/site/homes.h"

static const double kwh = 3.6e6;

static struct dist just(double v)
{
	return (struct dist){ .kind = DIST_CONST, .a = v, .min = 0, .max = 1e15 };
}

static struct dist between(double a, double b)
{
	return (struct dist){ .kind = DIST_UNIFORM, .a = a, .b = b, .min = 0, .max = 1e15 };
}

enum { LOAD = 1, SOLAR = 2, BATTERY = 4, VEHICLE = 8 };

struct street {
	struct homes_par homes;
	struct load_par load;
	struct solar_par solar;
	struct battery_par battery;
	struct vehicle_par vehicle;
	struct object root, child[4];
};

/* Shares: 50 % sun, 40 % battery, 30 % car; `all` gives everything to everyone. */
static void street_init(struct street *s, int64_t homes, bool all)
{
	*s = (struct street){
		.homes = { .name = "street", .count = homes },
		.load = { .annual_j = between(3000 * kwh, 5400 * kwh), .out_frac = 0.5,
			.absent_frac = 0.05, .regular_frac = 0.6 },
		.solar = {
			.share_frac = all ? 1 : 0.5,
			.capacity_w = between(3000, 6000),
			.tilt_rad = just(0.3),
			.azimuth_rad = between(2.5, 3.8),
			.loss_frac = 0.140757,
			.gamma_per_k = -0.0035,
			.dc_ac_ratio = 1.2,
			.inverter_eff_frac = 0.96,
			.u0_w_m2k = 25,
			.u1_ws_m3k = 6.84,
			.noct_k = 318.15,
		},
		.battery = {
			.share_frac = all ? 1 : 0.4,
			.capacity_j = just(13.5 * kwh),
			.power_w = just(5000),
			.eff_frac = NAN,
			.taper_soc = NAN,
			.leak_frac = NAN,
			.initial_soc = 0.5,
			.reserve_soc = 0.1,
			.room_k = NAN,
			.cooling_s = 7200,
			.heat_frac = 0.5,
		},
		.vehicle = {
			.share_frac = all ? 1 : 0.3,
			.capacity_j = just(60 * kwh),
			.charger_w = just(7400),
			.departure_s = between(6 * 3600, 10 * 3600),
			.arrival_s = between(15 * 3600, 21 * 3600),
			.trip_j = between(3 * kwh, 19 * kwh),
			.weekday_frac = 0.9,
			.weekend_frac = 0.6,
			.eff_frac = 0.9,
			.taper_soc = 0.8,
			.ready_soc = 0.7,
			.initial_soc = 0.7,
		},
	};
}

/* Only the parts asked for, in the order of their bits. */
static void link_parts(struct street *s, unsigned parts)
{
	static const struct class *const cls[4] = { &load_class, &solar_class, &battery_class,
		&vehicle_class };
	void *const par[4] = { &s->load, &s->solar, &s->battery, &s->vehicle };
	s->root = (struct object){ .cls = &homes_class, .par = &s->homes };
	for (int i = 3; i >= 0; i--)
		if (parts >> i & 1) {
			s->child[i] = (struct object){ .cls = cls[i], .par = par[i],
				.parent = &s->root, .next = s->root.child };
			s->root.child = &s->child[i];
		}
}

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* 2024-06-20T00:00+05:30 in Bengaluru, in steps of a minute. */
static struct step minute(long index)
{
	return (struct step){ .begin_ns = index * 60000000000LL, .dt_s = 60,
		.utc_s = 1718821800 + 60.0 * (double)index, .zone_s = 19800, .index = index };
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
	street_init(&s, homes, all);
	link_parts(&s, parts);
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
	printf("%-34s %9s %8s %10s %10s %12s   %s\n", "case", "homes", "steps", "cpu s",
	    "ns/home", "home-min/s", "import J");
	long steps = 1440 * days;
	measure("load", homes, steps, LOAD, false);
	measure("sun, every home", homes, steps, SOLAR, true);
	measure("load, battery, every home", homes, steps, LOAD | BATTERY, true);
	measure("load, car, every home", homes, steps, LOAD | VEHICLE, true);
	const unsigned everything = LOAD | SOLAR | BATTERY | VEHICLE;
	measure("street: 50, 40, 30 % of homes", homes, steps, everything, false);
	measure("everything, every home", homes, steps, everything, true);
	return 0;
}
