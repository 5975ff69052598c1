/* What a plan of a battery costs, by linear and by dynamic programming, and what the two
 * say it saves.
 *
 *     bench_plan [PLANS]              1001 when absent
 *
 * CPU time of one thread; each plan is of another day of sun, load and charge. The sum of
 * their costs is printed, for both reach the same. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "models/control/plan.h"
#include "models/energy/noise.h"

#define KWH_J 3.6e6

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A home of 300 to 1900 W and 5 kW of sun under two prices, or under one of each interval. */
static void make_day(struct plan *p, uint64_t day, bool dynamic)
{
	for (size_t k = 0; k < p->n; k++) {
		double of_day = fmod(p->interval_s * (double)k / 86400, 1);
		double u = noise_unit(day, 3 * k), v = noise_unit(day, 3 * k + 1);
		double sun_w = 5000 * u * fmax(0, -cos(2 * M_PI * of_day));
		double price = dynamic ? 0.2 + 0.2 * noise_unit(7, k) : of_day < 0.25 ? 0.1 : 0.3;
		double net_w = 300 + 1600 * v * v - sun_w;
		p->at[k] = (struct plan_interval){ .net_w = net_w, .curtail_w = fmax(-net_w, 0),
			.import_per_j = price / KWH_J, .export_per_j = 0.07 / KWH_J };
	}
	p->stored_j = p->capacity_j * noise_unit(day, 1000000);
	p->value_per_j = 0.25 / KWH_J * p->eff_frac;
}

static void measure(double interval_s, bool dynamic, bool by_lp, uint64_t plans)
{
	size_t n = (size_t)lround(86400 / interval_s);
	struct plan p = { .n = n, .at = mem_new(n, sizeof *p.at), .interval_s = interval_s,
		.capacity_j = 13.5 * KWH_J, .reserve_j = 1.35 * KWH_J, .power_w = 5000,
		.eff_frac = 0.95, .import_limit_w = INFINITY, .export_limit_w = INFINITY };
	struct plan_room *room = plan_room_new();
	double sum = 0, took_s = 0;
	for (uint64_t day = 0; day < plans; day++) {
		make_day(&p, day, dynamic);
		double begun_s = cpu_s();
		if (by_lp) plan_lp(&p);
		else plan_dp(&p, room);
		took_s += cpu_s() - begun_s;
		sum += p.cost;
	}
	printf("%-8s %-16s %2g min  %9.2f us a plan, mean cost %.6f\n", by_lp ? "linear" : "dynamic",
	    dynamic ? "price by interval" : "two prices", interval_s / 60,
	    1e6 * took_s / (double)plans, sum / (double)plans);
	plan_room_free(room);
	free(p.at);
}

int main(int argc, char **argv)
{
	uint64_t plans = argc > 1 ? strtoull(argv[1], NULL, 10) : 1001;
	for (int way = 0; way < 2; way++)
		for (int dynamic = 0; dynamic < 2; dynamic++) {
			measure(3600, dynamic, way, plans);
			measure(900, dynamic, way, plans);
		}
	return 0;
}
