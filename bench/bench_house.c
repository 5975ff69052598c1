/* Speed of homes with a house, a thermostat with a heat pump, a water heater and plug load
 * (GridLAB-D's workload of the same parts), at steps of a minute.
 *
 *     bench_house [HOMES...]      10 100 10000 100000 1000000 when absent
 *
 * "engine" is fleet_step of models/site/fleet.h, all of it: weather, appliances that are
 * switched on at random, draws, heat of appliances in the house, meters and sums. "plain" is the
 * same physics of heat in a double loop over minutes and homes, with curves evaluated for each
 * home and minute and hourly schedules for plugs and draws: what a program for this one case
 * would do. Both in one run, CPU time of one thread, without building the population; the
 * least of three. Bytes are what the allocator holds for the fleet. */
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "bench/street.h"
#include "models/site/fleet.h"

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static size_t held_bytes(void)
{
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

/* 2001-07-16T00:00-07:00 in Phoenix, in steps of a minute. */
static const struct place_par phoenix = { 0.5836, -1.9557, 340 };

static struct step minute(long index)
{
	return (struct step){ .begin_ns = index * 60000000000LL,
		.dt_s = 60,
		.utc_s = 995266800 + 60.0 * (double)index,
		.zone_s = -25200,
		.index = index };
}

static struct weather_par summer(void)
{
	struct weather_par w = weather_default();
	w.mean_k = 308.15;
	w.swing_k = 14;
	w.cloudiness_frac = 0.1;
	return w;
}

struct result {
	double cpu_s, bytes, kwh; /* a home's day of heating and water: both must be alike */
};

static struct result run_engine(const struct street *s, long homes, long minutes)
{
	struct weather_par weather = summer();
	struct step first = minute(0);
	size_t before = held_bytes();
	struct fleet *f =
	    fleet_new(&s->root, &phoenix, &weather, DISPATCH_SELF_CONSUMPTION, 7, &first);
	double bytes = (double)(held_bytes() - before) / (double)homes;
	double begin = cpu_s();
	for (long i = 0; i < minutes; i++) {
		struct step st = minute(i);
		fleet_step(f, &st, NULL);
	}
	struct result r = { cpu_s() - begin, bytes, 0 };
	double home_days = (double)homes * (double)minutes / 1440;
	r.kwh = (f->run.heating_j + f->run.water_j) / 3.6e6 / home_days;
	fleet_free(f);
	return r;
}

/* --- the double loop */
struct plain_home {
	struct etp_step step;
	struct etp_state x;
	double heat_w, cool_w, low_k, high_k, aperture_m2, tank_k, c_j_k, set_k, litres, plug_w;
	double mode;
	int on, lag_min;
};

static struct plain_home *plain_new(const struct street *s, long n)
{
	static const struct hvac_curve built_in;
	struct plain_home *home = mem_new((size_t)n, sizeof *home);
	for (long i = 0; i < n; i++) {
		struct pcg64 g = rng_stream(7, 0, (uint64_t)i, RNG_POPULATION);
		const struct heating_par *p = &s->heating;
		struct heating_house h = heating_house_make(p, &built_in, dist_draw(&p->floor_m2, &g),
		    dist_draw(&p->insulation, &g), dist_draw(&p->heat_k, &g),
		    dist_draw(&p->cool_k, &g));
		double volume_m3 = 1e-3 * dist_draw(&s->water.volume_l, &g);
		double set_k = dist_draw(&s->water.set_k, &g);
		home[i] = (struct plain_home){ .step = etp_step_make(&h.envelope.heat, 60),
			.x = { h.cool_k, h.cool_k }, .heat_w = h.heat_w, .cool_w = h.cool_w,
			.low_k = h.heat_k, .high_k = h.cool_k,
			.aperture_m2 = h.envelope.aperture_m2, .tank_k = set_k,
			.c_j_k = volume_m3 * WATER_J_M3_K, .set_k = set_k,
			.litres = dist_draw(&s->water.litres, &g), .plug_w = 480,
			.lag_min = (int)(pcg64_unit(&g) * 120) };
	}
	return home;
}

/* Power of plugs over its mean, and part of the day's water in an hour. */
static const double plug_hour[24] = { 0.6, 0.5, 0.5, 0.5, 0.5, 0.6, 0.9, 1.2, 1.1, 0.9, 0.9, 0.9, 1.0,
	0.9, 0.9, 1.0, 1.2, 1.5, 1.8, 1.8, 1.6, 1.4, 1.1, 0.7 };
static const double water_hour[24] = { 0.01, 0, 0, 0, 0.01, 0.03, 0.11, 0.13, 0.08, 0.04, 0.03, 0.03,
	0.03, 0.03, 0.02, 0.02, 0.03, 0.06, 0.08, 0.09, 0.07, 0.05, 0.03, 0.02 };

static double step_tank(struct plain_home *h, double litres, double room_k, double *loss_w)
{
	double draw_w_k = litres / 60e3 * WATER_J_M3_K, ua = 1.32;
	draw_w_k = tank_mixed_w_k(draw_w_k, h->set_k, 291, h->tank_k);
	double power_w = h->on ? 4500 : 0;
	double k = (ua + draw_w_k) / h->c_j_k;
	double rest_k = (power_w + ua * room_k + draw_w_k * 291) / (ua + draw_w_k);
	h->tank_k = rest_k + (h->tank_k - rest_k) * exp(-k * 60);
	h->on = h->on ? h->tank_k <= h->set_k + 1.1 : h->tank_k < h->set_k - 1.1;
	*loss_w = ua * (h->tank_k - room_k);
	return power_w;
}

static double step_home(struct plain_home *h, const struct hvac_unit *u, const struct heating_air *a,
    long m)
{
	static const struct hvac_curve built_in;
	int hour = (int)((m + h->lag_min) / 60 % 24);
	struct hvac_rates r = hvac_rates_at(u, &built_in, a->outdoor_k);
	double loss_w, plug_w = h->plug_w * plug_hour[hour];
	double water_w = step_tank(h, h->litres * water_hour[hour] / 60, h->x.air_k, &loss_w);
	double heats = h->mode > 0 ? h->heat_w : 0, cools = h->mode < 0 ? h->cool_w : 0;
	double half_w = 0.5 * (0.9 * plug_w + loss_w + a->window_w_m2 * h->aperture_m2);
	double air_w = half_w + heats * r.heat[HVAC_HEAT] + cools * r.heat[HVAC_COOL];
	h->x = etp_after(&h->step, h->x, a->outdoor_k, air_w, half_w);
	h->mode = hvac_thermostat(h->mode, h->x.air_k, h->low_k, h->high_k, 0.55);
	return water_w + heats * r.electric[HVAC_HEAT] + cools * r.electric[HVAC_COOL];
}

static struct result run_plain(const struct street *s, long homes, long minutes)
{
	struct plain_home *home = plain_new(s, homes);
	struct weather_par weather = summer();
	struct hvac_unit unit = heating_unit(&s->heating);
	struct step first = minute(0);
	struct sky sky;
	sky_init(&sky, &phoenix, &weather, 7, first.utc_s);
	double begin = cpu_s(), sum_w = 0;
	for (long m = 0; m < minutes; m++) {
		struct step st = minute(m);
		sky_step(&sky, &st);
		struct heating_air air = heating_air_of(&sky);
		for (long i = 0; i < homes; i++) sum_w += step_home(&home[i], &unit, &air, m);
	}
	struct result r = { cpu_s() - begin, sizeof *home, 0 };
	r.kwh = sum_w * 60 / 3.6e6 / ((double)homes * (double)minutes / 1440);
	free(home);
	return r;
}

static struct result least(struct result (*run)(const struct street *, long, long),
    const struct street *s, long homes, long minutes)
{
	struct result best = { .cpu_s = INFINITY };
	for (int i = 0; i < 3; i++) {
		struct result r = run(s, homes, minutes);
		if (r.cpu_s < best.cpu_s) best = r;
	}
	return best;
}

static void measure(long homes)
{
	struct street s;
	/* a day, and enough minutes to be seen of a few homes */
	long minutes = homes < 1000 ? 10080 : homes <= 100000 ? 1440 : 180;
	double home_minutes = (double)homes * (double)minutes;
	street_init(&s, homes, true, STREET_LOAD | STREET_HEATING | STREET_WATER);
	struct result e = least(run_engine, &s, homes, minutes);
	struct result p = least(run_plain, &s, homes, minutes);
	printf("%8ld %8ld %9.3f %7.1f %10.3g %7.0f %7.1f   %7.1f %10.3g %7.1f %9.2f\n", homes, minutes,
	    e.cpu_s, 1e9 * e.cpu_s / home_minutes, home_minutes / e.cpu_s, e.bytes, e.kwh,
	    1e9 * p.cpu_s / home_minutes, home_minutes / p.cpu_s, p.kwh, p.cpu_s / e.cpu_s);
}

/* GridLAB-D 5.3.0 (commit e1841e1e), two-core x86-64 virtual machine (Zen 4), one thread, 7 days
 * of minutes in Phoenix in July: house, plug load, water heater. */
static const char others[] =
    "GridLAB-D 5.3.0, as shipped           10 homes  136e3 home-min/s    100 homes  139e3\n"
    "GridLAB-D 5.3.0, alarm() stubbed      10 homes  500e3               100 homes  672e3\n";

int main(int argc, char **argv)
{
	static const long usual[] = { 10, 100, 10000, 100000, 1000000 };
	printf("%8s %8s %9s %7s %10s %7s %7s   %7s %10s %7s %9s\n", "homes", "minutes", "cpu s",
	    "ns", "home-min/s", "bytes", "kWh/day", "plain", "home-min/s", "kWh/day", "ratio");
	for (int i = 1; i < argc; i++) {
		long homes = atol(argv[i]);
		if (homes < 1 || homes > 1000000) {
			fprintf(stderr, "usage: bench_house [HOMES...]   1 to 1000000 each\n");
			return 2;
		}
		measure(homes);
	}
	if (argc == 1)
		for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) measure(usual[i]);
	fputs(others, stdout);
	return 0;
}
