#include "tests/unit.h"

#include <math.h>

#include "models/control/plan.h"

static const double kwh = 3.6e6;

enum { MOST = 48 };

static struct plan box(struct plan_interval *at, size_t n)
{
	return (struct plan){ .n = n, .at = at, .interval_s = 3600, .capacity_j = 10 * 3.6e6,
		.reserve_j = 0, .stored_j = 0, .power_w = 5000, .eff_frac = 0.8,
		.import_limit_w = INFINITY, .export_limit_w = INFINITY };
}

/* Three hours at 0.10, 0.20 and 0.50 a kWh, 2 kW each, export for nothing. With 0.64 for
 * the round trip the last hour's 2 kWh take 2.5 out of the cells and 3.125 in the first
 * hour: 0.1 (2 + 3.125) + 0.2 * 2 = 0.9125 in place of 1.6. For the second hour filling
 * pays too (0.1 / 0.64 < 0.2): 5 kW in the first hour store 4 kWh, 1.5 for the second hour,
 * 1.2 there: 0.1 * 7 + 0.2 * 0.8 = 0.86. */
Test(plan, hand_computed_optimum)
{
	struct plan_interval at[3] = { { .net_w = 2000, .import_per_j = 0.1 / kwh },
		{ .net_w = 2000, .import_per_j = 0.2 / kwh },
		{ .net_w = 2000, .import_per_j = 0.5 / kwh } };
	struct plan p = box(at, 3);
	static const double battery_w[] = { 5000, -1200, -2000 }, meter_w[] = { 7000, 800, 0 };
	for (int way = 0; way < 2; way++) {
		/* levels of 0.1 kWh */
		cr_assert_eq(way ? plan_dp(&p, 101) : plan_lp(&p), PLAN_OPTIMAL);
		cr_expect_float_eq(p.cost, 0.86, 1e-9);
		for (int k = 0; k < 3; k++) {
			cr_expect_float_eq(at[k].battery_w, battery_w[k], 1e-6, "%d: %d", way, k);
			cr_expect_float_eq(at[k].meter_w, meter_w[k], 1e-6, "%d: %d", way, k);
		}
	}
	cr_expect_float_eq(plan_cost(&p, battery_w), 0.86, 1e-12);
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

/* Random days: the levels of the one are as fine as a hundredth of the other's battery, so
 * that their costs differ by what an interval's rounding of 0.09 kWh is worth at most; the
 * linear program, which needs no levels, is never the dearer. What they say they cost is
 * what their powers cost. */
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
		cr_expect_float_eq(plan_cost(&p, battery_w), lp_cost, 1e-7, "trial %d", trial);
		cr_assert_eq(plan_dp(&p, 101), PLAN_OPTIMAL);
		for (int k = 0; k < 24; k++) battery_w[k] = at[k].battery_w;
		cr_expect_float_eq(plan_cost(&p, battery_w), p.cost, 1e-9, "trial %d", trial);
		cr_expect_geq(p.cost, lp_cost - 1e-9, "trial %d", trial);
		cr_expect_leq(p.cost, lp_cost + 24 * 0.09 * 0.5 / 2, "trial %d", trial);
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
		double rule = plan_cost(&p, battery_w);
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
	cr_expect_eq(plan_dp(&p, 101), PLAN_INFEASIBLE);
	p.stored_j = 10 * kwh;
	cr_expect_eq(plan_lp(&p), PLAN_OPTIMAL);
	cr_expect_eq(plan_dp(&p, 101), PLAN_OPTIMAL);
	for (int k = 0; k < 2; k++) {
		at[k].net_w = -9000;
		at[k].curtail_w = 9000;
	}
	p.export_limit_w = 2000;
	for (int way = 0; way < 2; way++) {
		cr_expect_eq(way ? plan_dp(&p, 101) : plan_lp(&p), PLAN_OPTIMAL);
		for (int k = 0; k < 2; k++) cr_expect_geq(at[k].meter_w, -2000 - 1e-6);
	}
	for (int k = 0; k < 2; k++) at[k].curtail_w = 0;
	cr_expect_eq(plan_lp(&p), PLAN_INFEASIBLE);
	cr_expect_eq(plan_dp(&p, 101), PLAN_INFEASIBLE);
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
