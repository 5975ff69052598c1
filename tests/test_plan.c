#include "tests/unit.h"

#include <math.h>

#include "models/control/ahead.h"

static const double kwh = 3.6e6;

enum { MOST = 48 };

static enum plan_result dynamic(struct plan *p)
{
	struct plan_room *room = plan_room_new();
	enum plan_result r = plan_dp(p, room);
	plan_room_free(room);
	return r;
}

static struct plan box(struct plan_interval *at, size_t n)
{
	return (struct plan){ .n = n, .at = at, .interval_s = 3600, .capacity_j = 10 * 3.6e6,
		.reserve_j = 0, .stored_j = 0, .power_w = 5000, .eff_frac = 0.8,
		.import_limit_w = INFINITY, .export_limit_w = INFINITY };
}

/* Generation is curtailed where export is full, or is paid for. */
static double curtailed_w(const struct plan *p, const struct plan_interval *at, double meter_w)
{
	double over_w = at->export_per_j < 0 ? -meter_w : -meter_w - p->export_limit_w;
	return over_w > 0 ? fmin(over_w, at->curtail_w) : 0;
}

/* What battery powers cost, by the sum of plan.h. */
static double cost_of(const struct plan *p, const double *battery_w)
{
	double cost = 0, peak_w = p->peak_w, gained_j = 0;
	for (size_t k = 0; k < p->n; k++) {
		const struct plan_interval *at = &p->at[k];
		double b = battery_w[k], meter_w = at->net_w + b;
		meter_w += curtailed_w(p, at, meter_w);
		double export_per_j = fmin(at->export_per_j, at->import_per_j);
		cost += p->interval_s * (meter_w > 0 ? at->import_per_j : export_per_j) * meter_w;
		gained_j += p->interval_s * (b > 0 ? b * p->eff_frac : b / p->eff_frac);
		peak_w = fmax(peak_w, meter_w);
	}
	return cost + p->demand_per_w * (peak_w - p->peak_w) - p->value_per_j * gained_j;
}

/* Three hours at 0.10, 0.20 and 0.50 a kWh, 2 kW each, export for nothing. A round trip
 * keeps 0.64, so that 0.10 pays for both later hours: 5 kW in the first store 4 kWh; the
 * last hour's 2 kWh take 2.5 of them, the 1.5 left give the second 1.2. In all
 * 0.1 * 7 + 0.2 * 0.8 = 0.86, without the battery 1.6. */
Test(plan, hand_computed_optimum)
{
	struct plan_interval at[3] = { { .net_w = 2000, .import_per_j = 0.1 / kwh },
		{ .net_w = 2000, .import_per_j = 0.2 / kwh },
		{ .net_w = 2000, .import_per_j = 0.5 / kwh } };
	struct plan p = box(at, 3);
	static const double battery_w[] = { 5000, -1200, -2000 }, meter_w[] = { 7000, 800, 0 };
	for (int way = 0; way < 2; way++) {
		cr_assert_eq(way ? dynamic(&p) : plan_lp(&p), PLAN_OPTIMAL);
		cr_expect_float_eq(p.cost, 0.86, 1e-9);
		for (int k = 0; k < 3; k++) {
			cr_expect_float_eq(at[k].battery_w, battery_w[k], 1e-6, "%d: %d", way, k);
			cr_expect_float_eq(at[k].meter_w, meter_w[k], 1e-6, "%d: %d", way, k);
		}
	}
	cr_expect_float_eq(cost_of(&p, battery_w), 0.86, 1e-12);
}

/* Loads of 1, 6, 1 kW and 3 kWh of charge in the cells, worth 0.2 a kWh at the end as in
 * the tariff: with 10 for each kW of peak the battery (0.8) gives the second hour 2.4 kW,
 * and takes from the first what levels both: 1 + c = 6 - 0.8 * (3 + 0.8 c), so that
 * 1.64 c = 2.6. */
Test(plan, demand_charge_levels_the_peak)
{
	struct plan_interval at[3] = { { .net_w = 1000, .import_per_j = 0.2 / kwh },
		{ .net_w = 6000, .import_per_j = 0.2 / kwh },
		{ .net_w = 1000, .import_per_j = 0.2 / kwh } };
	struct plan p = box(at, 3);
	p.stored_j = 3 * kwh;
	p.demand_per_w = 10 / 1e3;
	p.value_per_j = 0.2 / kwh;
	cr_assert_eq(plan_lp(&p), PLAN_OPTIMAL);
	double peak_w = 1000 + 1000 * 2.6 / 1.64;
	cr_expect_float_eq(p.planned_peak_w, peak_w, 1e-6);
	cr_expect_float_eq(at[0].meter_w, peak_w, 1e-6);
	cr_expect_float_eq(at[1].meter_w, peak_w, 1e-6);
	p.peak_w = 4000; /* paid for already: the second hour comes down to it and no further */
	cr_assert_eq(plan_lp(&p), PLAN_OPTIMAL);
	cr_expect_float_eq(p.planned_peak_w, 4000, 1e-6);
	cr_expect_float_eq(at[1].meter_w, 4000, 1e-6);
}

static double unit(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double)(*seed >> 11) * 0x1p-53;
}

static struct plan any(struct plan_interval *at, size_t n, uint64_t *seed)
{
	struct plan p = box(at, n);
	p.eff_frac = 0.85 + 0.15 * unit(seed);
	p.reserve_j = kwh;
	p.stored_j = kwh * (1 + 9 * floor(unit(seed) * 91) / 90);
	p.value_per_j = 0.2 / kwh;
	for (size_t k = 0; k < n; k++) {
		double sun_w = fmax(0, 7000 * unit(seed) - 2000);
		at[k] = (struct plan_interval){ .net_w = 4000 * unit(seed) - sun_w,
			.curtail_w = sun_w, .import_per_j = (0.1 + 0.4 * unit(seed)) / kwh,
			.export_per_j = 0.09 / kwh };
	}
	return p;
}

/* Random days: without a demand charge the two programs reach one cost. What they say they
 * cost is what their powers cost, and those keep the cells between reserve and full. */
Test(plan, linear_and_dynamic_programs_agree)
{
	uint64_t seed = 11;
	for (int trial = 0; trial < 31; trial++) {
		struct plan_interval at[24];
		struct plan p = any(at, 24, &seed);
		double battery_w[24];
		cr_assert_eq(plan_lp(&p), PLAN_OPTIMAL);
		double lp_cost = p.cost;
		for (int k = 0; k < 24; k++) battery_w[k] = at[k].battery_w;
		cr_expect_float_eq(cost_of(&p, battery_w), lp_cost, 1e-7, "trial %d", trial);
		cr_assert_eq(dynamic(&p), PLAN_OPTIMAL);
		for (int k = 0; k < 24; k++) battery_w[k] = at[k].battery_w;
		cr_expect_float_eq(cost_of(&p, battery_w), p.cost, 1e-9, "trial %d", trial);
		cr_expect_float_eq(p.cost, lp_cost, 1e-7, "trial %d", trial);
		double held_j = p.stored_j;
		for (int k = 0; k < 24; k++) {
			double w = battery_w[k];
			held_j += 3600 * (w > 0 ? w * p.eff_frac : w / p.eff_frac);
			cr_expect(held_j > p.reserve_j - 1 && held_j < p.capacity_j + 1);
			cr_expect_leq(fabs(w), p.power_w * (1 + 1e-12));
		}
	}
}

/* With a known future no rule is cheaper: self-consumption with the same battery. */
Test(plan, never_costs_more_than_self_consumption)
{
	uint64_t seed = 5;
	double worst = 0;
	for (int trial = 0; trial < 101; trial++) {
		struct plan_interval at[MOST];
		struct plan p = any(at, MOST, &seed);
		p.demand_per_w = trial % 2 ? 0.01 : 0;
		double battery_w[MOST], stored_j = p.stored_j;
		for (int k = 0; k < MOST; k++) {
			double w = fmax(fmin(-at[k].net_w, p.power_w), -p.power_w);
			w = fmin(w, (p.capacity_j - stored_j) / p.interval_s / p.eff_frac);
			w = fmax(w, -(stored_j - p.reserve_j) / p.interval_s * p.eff_frac);
			stored_j += p.interval_s * (w > 0 ? w * p.eff_frac : w / p.eff_frac);
			battery_w[k] = w;
		}
		cr_assert_eq(plan_lp(&p), PLAN_OPTIMAL);
		double rule = cost_of(&p, battery_w);
		cr_expect_leq(p.cost, rule + 1e-9, "trial %d", trial);
		worst = fmax(worst, rule - p.cost);
	}
	cr_expect_gt(worst, 1);
}

/* 8 kW for two hours through a connection of 4 kW: the cells' 5 kWh give 4 in all. At 2 kW
 * of export, sun that may be curtailed is, and sun that may not is beyond the limit. */
Test(plan, limits_are_kept_or_told)
{
	struct plan_interval at[2] = { { .net_w = 8000, .import_per_j = 0.2 / kwh },
		{ .net_w = 8000, .import_per_j = 0.2 / kwh } };
	struct plan p = box(at, 2);
	p.stored_j = 5 * kwh;
	p.import_limit_w = 4000;
	cr_expect_eq(plan_lp(&p), PLAN_INFEASIBLE);
	cr_expect(isnan(p.cost));
	cr_expect_eq(dynamic(&p), PLAN_INFEASIBLE);
	p.stored_j = 10 * kwh;
	cr_expect_eq(plan_lp(&p), PLAN_OPTIMAL);
	cr_expect_eq(dynamic(&p), PLAN_OPTIMAL);
	for (int k = 0; k < 2; k++) {
		at[k].net_w = -9000;
		at[k].curtail_w = 9000;
	}
	p.export_limit_w = 2000;
	for (int way = 0; way < 2; way++) {
		cr_expect_eq(way ? dynamic(&p) : plan_lp(&p), PLAN_OPTIMAL);
		for (int k = 0; k < 2; k++) cr_expect_geq(at[k].meter_w, -2000 - 1e-6);
	}
	for (int k = 0; k < 2; k++) at[k].curtail_w = 0;
	cr_expect_eq(plan_lp(&p), PLAN_INFEASIBLE);
	cr_expect_eq(dynamic(&p), PLAN_INFEASIBLE);
}

/* Export above import would be bought to be sold without end: it counts as import's. */
Test(plan, nothing_is_bought_to_be_sold_at_once)
{
	struct plan_interval at[2] = {
		{ .net_w = 500, .import_per_j = 0.1 / kwh, .export_per_j = 0.9 / kwh },
		{ .net_w = 500, .import_per_j = 0.1 / kwh, .export_per_j = 0.9 / kwh } };
	struct plan p = box(at, 2);
	cr_expect_eq(plan_lp(&p), PLAN_OPTIMAL);
	cr_expect_float_eq(p.cost, 0.1, 1e-9);
	cr_expect_float_eq(at[0].battery_w, 0, 1e-9);
}

/* The same time of the day before; on the first day the mean so far. Intervals of 6 h. */
Test(plan, forecast_is_yesterday)
{
	struct forecast f;
	forecast_init(&f, 6 * 3600);
	cr_expect_eq(forecast_w(&f, 0), 0);
	static const double seen[] = { 100, 300, 500, 700, 1100 };
	for (int k = 0; k < 5; k++)
		for (int part = 0; part < 3; part++)
			forecast_see(&f, 6 * 3600.0 * k + 7200 * part, 7200, seen[k] + 10 * (part - 1));
	static const double wanted[] = { 300, 500, 700, 1100, 300 };
	for (int k = 0; k < 5; k++)
		cr_expect_float_eq(forecast_w(&f, 6 * 3600.0 * (k + 5)), wanted[k], 1e-9, "%d", k);
	forecast_fini(&f);
	forecast_init(&f, 6 * 3600);
	forecast_see(&f, 0, 6 * 3600, 100);
	forecast_see(&f, 6 * 3600, 3 * 3600, 700);
	cr_expect_float_eq(forecast_w(&f, 12 * 3600), 300, 1e-9);
	forecast_fini(&f);
}

/* What an interval was planned for, and what is done when it turns out otherwise. */
Test(plan, orders_meet_what_was_not_planned)
{
	static const struct {
		double battery_w, meter_w, net_w, request_w;
	} row[] = {
		{ -1900, 0, 2300, -2300 },  /* to keep it at 0: more use, more out */
		{ 1900, 0, -1700, 1700 },   /* less sun, less in */
		{ 1900, 3100, 700, 1900 },  /* to charge from the grid: as planned */
		{ 1900, 3100, -2900, 2900 },/* but no export while it does */
		{ -1900, 3100, 4100, -1900 },
		{ -1900, 3100, 1300, -1300 },
		{ 1900, -700, -2300, 1900 },
		{ 1900, -700, -1100, 1100 },/* a planned surplus does not come */
		{ -1900, -700, 900, -1900 },/* to sell: as planned */
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct plan_interval at = { .battery_w = row[i].battery_w, .meter_w = row[i].meter_w };
		struct plan p = { .n = 1, .at = &at, .power_w = 5000 };
		struct dispatch_order o = ahead_order(&p);
		cr_expect_float_eq(dispatch_request_w(o, DISPATCH_UNLIMITED, row[i].net_w),
		    row[i].request_w, 1e-9, "row %zu", i);
	}
	struct plan_interval at = { .battery_w = -500, .meter_w = 4000 };
	struct plan p = { .n = 1, .at = &at, .power_w = 5000, .demand_per_w = 1,
		.planned_peak_w = 4000 };
	cr_expect_float_eq(dispatch_request_w(ahead_order(&p), DISPATCH_UNLIMITED, 5300), -1300,
	    1e-9);
}
