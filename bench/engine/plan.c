/* Plans of a home's battery for a day, by linear and by dynamic programming.
 *
 * Each plan is of another day of sun, load and charge, with two prices or with one of each
 * interval. Both ways reach the same cost, so that each is checked by the other. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/engine/engine.h"
#include "models/control/plan.h"
#include "models/energy/noise.h"

#define KWH_J 3.6e6

enum { DAYS = 7 }; /* of a call */

struct work {
	struct plan plan[DAYS];
	struct plan_room *room;
	bool by_lp;
};

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

static double plan_all(struct work *w, bool by_lp)
{
	double sum = 0;
	for (int day = 0; day < DAYS; day++) {
		if (by_lp) plan_lp(&w->plan[day]);
		else plan_dp(&w->plan[day], w->room);
		sum += w->plan[day].cost;
	}
	return sum;
}

static void work_run(void *ctx)
{
	struct work *w = ctx;
	plan_all(w, w->by_lp);
}

static double work_error(void *ctx)
{
	struct work *w = ctx;
	double sum = 0;
	for (int day = 0; day < DAYS; day++) sum += w->plan[day].cost;
	return engine_off(sum, plan_all(w, !w->by_lp));
}

static void work_free(void *ctx)
{
	struct work *w = ctx;
	plan_room_free(w->room);
	for (int day = 0; day < DAYS; day++) free(w->plan[day].at);
	free(w);
}

static void add(struct suite *s, double interval_s, bool dynamic, bool by_lp)
{
	size_t n = (size_t)lround(86400 / interval_s);
	struct work *w = mem_new(1, sizeof *w);
	w->room = plan_room_new();
	w->by_lp = by_lp;
	for (uint64_t day = 0; day < DAYS; day++) {
		w->plan[day] = (struct plan){ .n = n, .at = mem_new(n, sizeof *w->plan[day].at),
			.interval_s = interval_s, .capacity_j = 13.5 * KWH_J,
			.reserve_j = 1.35 * KWH_J, .power_w = 5000, .eff_frac = 0.95,
			.import_limit_w = INFINITY, .export_limit_w = INFINITY };
		make_day(&w->plan[day], day, dynamic);
	}
	struct bench_case c = { .kernel = by_lp ? "plan_lp" : "plan_dp",
		.key = { { "intervals", (double)n }, { "prices", dynamic ? (double)n : 2 } },
		.keys = 2, .threads = 1, .pages = "", .items = DAYS, .item = "plan", .ctx = w,
		.run = work_run, .error = work_error, .error_max = 1e-6, .free = work_free };
	snprintf(c.shape, sizeof c.shape, "%zu steps, %zu prices", n, dynamic ? n : 2);
	suite_add(s, &c);
}

void plan_add(struct suite *s)
{
	for (int by_lp = 0; by_lp < (suite_quick(s) ? 1 : 2); by_lp++)
		for (int dynamic = 0; dynamic < 2; dynamic++) {
			add(s, 3600, dynamic, by_lp);
			add(s, 900, dynamic, by_lp);
		}
}
