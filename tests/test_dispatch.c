#include "tests/unit.h"

#include <math.h>
#include <string.h>

#include "models/control/dispatch.h"

static const double kwh = 3.6e6;

static struct battery box(void)
{
	return (struct battery){ .capacity_j = 10 * 3.6e6, .power_w = 5000, .eff_frac = 0.95,
		.reserve_j = 3.6e6, .taper_j = 9.5 * 3.6e6 };
}

/* A site with that <dispatch>. */
struct site {
	struct object root, rule;
	struct err_pos pos[16];
};

static struct object *site_of(struct site *s, struct dispatch_par *p)
{
	s->rule = (struct object){ .cls = &dispatch_class, .par = p, .parent = &s->root,
		.attr_pos = s->pos };
	s->root = (struct object){ .child = &s->rule };
	return &s->root;
}

/* The meter is pulled into the band; the connection's limits are the outermost band. */
Test(dispatch, request_pulls_the_meter_into_the_band)
{
	static const struct {
		struct dispatch_order order;
		double net_w, request_w; /* with limits of 7 kW in, 3 kW out */
	} row[] = {
		{ DISPATCH_REST, 1300, 0 },
		{ DISPATCH_REST, -2900, 0 },
		{ DISPATCH_REST, 9100, -2100 },
		{ DISPATCH_REST, -4100, 1100 },
		{ DISPATCH_SERVE, 1300, -1300 },
		{ DISPATCH_SERVE, -700, 700 },
		{ DISPATCH_TAKE, 1300, 0 },
		{ DISPATCH_TAKE, -700, 700 },
		{ DISPATCH_GIVE, 1300, -1300 },
		{ DISPATCH_GIVE, -700, 0 },
		{ DISPATCH_FILL, 1300, 5700 },
		{ DISPATCH_FILL, -700, 7700 },
		{ { 0, 2300, 2300 }, 1300, 1000 },
		{ { 0, 2300, 2300 }, 3700, -1400 },
		{ { -1900, -INFINITY, INFINITY }, 1300, -1900 },
		{ { -1900, 0, INFINITY }, 1300, -1300 },
		{ { 1700, -INFINITY, 2100 }, 1300, 800 },
	};
	const struct dispatch_limit limit = { 7000, 3000 };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_float_eq(dispatch_request_w(row[i].order, limit, row[i].net_w),
		    row[i].request_w, 1e-9, "row %zu", i);
	cr_expect_eq(dispatch_request_w(DISPATCH_FILL, DISPATCH_UNLIMITED, 1300), INFINITY);
}

/* Quarters from some time on: night 0.19, day 0.30, and from 17 to 20 h 0.44. */
static void day_from(double hour, double *import, double *export)
{
	for (int k = 0; k < PRICE_QUARTERS; k++) {
		double h = fmod(hour + k / 4.0, 24);
		import[k] = h >= 22 || h < 6 ? 0.19 : h >= 17 && h < 20 ? 0.44 : 0.30;
		export[k] = 0.08;
	}
}

static enum price_act act_at(double hour, double stored_kwh, bool has_sun)
{
	double import[PRICE_QUARTERS], export[PRICE_QUARTERS];
	day_from(hour, import, export);
	struct battery b = box();
	struct price_view v = price_view(import, export, b.eff_frac, has_sun);
	return price_act(&v, &b, stored_kwh * kwh);
}

/* With 0.9025 for the round trip: 0.19 pays for 0.30 and 0.44, 0.30 for 0.44. The three dear
 * hours take 15.8 kWh at the rating, more than the battery has: it waits for them. Where the
 * site has sun, it fills at 0.30 only when no later quarter before the dear ones would do:
 * 4.7 kWh take an hour. */
Test(dispatch, price_fills_in_cheap_hours_and_serves_in_dear_ones)
{
	static const struct {
		double hour, stored_kwh;
		bool has_sun;
		enum price_act act;
	} row[] = {
		{ 22, 3.1, false, PRICE_FILL },
		{ 5.75, 9.9, false, PRICE_FILL },
		{ 3, 10, false, PRICE_HOLD },
		{ 9, 10, false, PRICE_HOLD },
		{ 9, 5.3, false, PRICE_FILL },
		{ 17, 10, false, PRICE_SERVE },
		{ 19.75, 1.3, false, PRICE_SERVE },
		{ 20, 7.7, false, PRICE_SERVE },
		{ 20, 1, false, PRICE_HOLD },
		{ 9, 5.3, true, PRICE_HOLD },
		{ 16.25, 5.3, true, PRICE_FILL },
		{ 20, 7.7, true, PRICE_SERVE },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_eq(act_at(row[i].hour, row[i].stored_kwh, row[i].has_sun), row[i].act,
		    "row %zu", i);
}

/* The last of the cheap quarters is used, and no earlier one, when one is enough; of equal
 * ones the first. */
Test(dispatch, price_waits_for_the_cheapest_hours)
{
	double import[PRICE_QUARTERS], export[PRICE_QUARTERS] = { 0 };
	for (int k = 0; k < PRICE_QUARTERS; k++) import[k] = k < 7 ? 0.2 - 0.003 * k : 0.4;
	struct battery b = box();
	struct price_view v = price_view(import, export, b.eff_frac, false);
	cr_expect_float_eq(v.cheaper_s, 6 * 900, 1e-9);
	/* six quarters fill 5 kW * 0.95 * 1.5 h = 7.125 kWh */
	cr_expect_eq(price_act(&v, &b, 2.9 * kwh), PRICE_HOLD);
	cr_expect_eq(price_act(&v, &b, 2.8 * kwh), PRICE_FILL);
}

/* Never at a loss: prices that differ by less than the round trip loses move nothing; nor
 * does surplus for which export pays more than what it can save. */
Test(dispatch, price_orders_no_round_trip_at_a_loss)
{
	double import[PRICE_QUARTERS], export[PRICE_QUARTERS];
	for (int at = 0; at < PRICE_QUARTERS; at++) {
		for (int k = 0; k < PRICE_QUARTERS; k++) {
			import[k] = (at + k) % PRICE_QUARTERS < 48 ? 0.30 : 0.33; /* 0.2978 back */
			export[k] = 0.31;
		}
		struct price_view v = price_view(import, export, 0.95, true);
		cr_expect_not(v.fills || v.serves || v.takes);
		v = price_view(import, export, 0.98, true); /* 0.3169 back */
		cr_expect_eq(v.fills, import[0] < 0.31);
		cr_expect_eq(v.serves, import[0] > 0.31);
	}
}

/* One price: without sun it rests, with sun it stores what export pays less for. */
Test(dispatch, price_leaves_a_flat_tariff_to_the_sun)
{
	double import[PRICE_QUARTERS], export[PRICE_QUARTERS];
	for (int k = 0; k < PRICE_QUARTERS; k++) {
		import[k] = 0.31;
		export[k] = 0.07;
	}
	struct battery b = box();
	struct price_view v = price_view(import, export, b.eff_frac, false);
	cr_expect_eq(price_act(&v, &b, 7 * kwh), PRICE_HOLD);
	v = price_view(import, export, b.eff_frac, true);
	cr_expect_eq(price_act(&v, &b, 7 * kwh), PRICE_SERVE);
	cr_expect(v.takes);
}

/* At no price does a battery both fill and serve: what an hour fills beyond where filling
 * ends, or serves below where serving ends, is not turned back. */
Test(dispatch, price_does_not_go_to_and_fro)
{
	uint64_t seed = 7;
	struct battery b = box();
	for (int trial = 0; trial < 3001; trial++) {
		double import[PRICE_QUARTERS], export[PRICE_QUARTERS];
		for (int k = 0; k < PRICE_QUARTERS; k++) {
			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			import[k] = 0.1 + 0.1 * (double)(seed >> 61);
			export[k] = 0.05;
		}
		struct price_view v = price_view(import, export, b.eff_frac, false);
		if (!v.fills) continue;
		double give_w = b.power_w / b.eff_frac;
		double end_j = b.reserve_j + v.useful_s * give_w;
		double over_j = end_j + 3600 * b.eff_frac * b.power_w;
		cr_expect_neq(price_act(&v, &b, over_j), PRICE_SERVE, "trial %d", trial);
		double from_j = b.reserve_j + (v.dearer_s + v.gap_s) * give_w;
		double under_j = (from_j - 3600 * give_w) * (1 + 1e-12);
		cr_expect_neq(price_act(&v, &b, under_j), PRICE_FILL, "trial %d", trial);
	}
}

/* A target begins at the running mean, is raised by what the battery could not hold and
 * forgotten with the month. */
Test(dispatch, peak_target_is_the_lowest_that_held)
{
	struct peak_state s = { 0 };
	peak_see(&s, 1100, 0.1, false);
	cr_expect_float_eq(s.target_w, 1100, 1e-9);
	peak_learn(&s, 1100); /* it held */
	peak_see(&s, 600, 0.1, false);
	cr_expect_float_eq(s.target_w, 1050, 1e-9);
	peak_see(&s, 2550, 0.1, false);
	cr_expect_float_eq(s.target_w, 1200, 1e-9);
	peak_learn(&s, 1700);
	peak_see(&s, 700, 0.1, false);
	cr_expect_float_eq(s.target_w, 1700, 1e-9);
	peak_see(&s, 700, 0.1, true);
	cr_expect_float_eq(s.target_w, 1200 - 0.1 * 500 - 0.1 * 450, 1e-9);
	struct peak_state sunny = { 0 };
	peak_see(&sunny, -1300, 0.1, true);
	cr_expect_eq(sunny.target_w, 0);
}

/* Below the threshold it fills, above the threshold and the round trip's loss it serves. */
Test(dispatch, carbon_counts_the_round_trip)
{
	struct carbon_rule r;
	carbon_rule_init(&r, 300, NAN, 3600);
	static const struct {
		double now;
		enum carbon_act act;
	} row[] = { { 299, CARBON_FILL }, { 300, CARBON_HOLD }, { 331, CARBON_HOLD },
		{ 333, CARBON_SERVE } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		carbon_rule_step(&r, 3600.0 * (double)i, row[i].now, row[i].now);
		cr_expect_eq(carbon_act(&r, 0.95), row[i].act, "row %zu", i);
	}
	carbon_rule_fini(&r);
}

/* Quartile of the last five hours, numpy.quantile's default: of { 5 } 5, of { 5, 9 } 6, of
 * { 5, 9, 1, 7, 3 } 3; then 5 leaves and 11 comes: of { 9, 1, 7, 3, 11 } 3; 9 leaves for 0:
 * of { 1, 7, 3, 11, 0 } 1. A second step of an hour changes nothing. */
Test(dispatch, carbon_quantile_runs)
{
	static const double seen[] = { 5, 9, 1, 7, 3, 11, 0 };
	static const double limit[] = { 5, 6, 3, 4, 3, 3, 1 };
	struct carbon_rule r;
	carbon_rule_init(&r, NAN, 0.25, 5 * 3600);
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
		for (int part = 0; part < 3; part++) {
			carbon_rule_step(&r, 3600.0 * (double)i + 1200 * part, seen[i], seen[i]);
			cr_expect_float_eq(r.limit_kg_j, limit[i], 1e-12, "hour %zu", i);
		}
	carbon_rule_fini(&r);
}

/* Without a <dispatch> the kind is the one given; with one, what it says, and a kind whose
 * price or carbon is not there is refused. */
Test(dispatch, kind_needs_what_it_looks_at)
{
	struct object bare = { 0 };
	struct dispatch d;
	dispatch_init(&d, &bare, DISPATCH_SELF_CONSUMPTION);
	cr_expect_eq(d.par.kind, DISPATCH_SELF_CONSUMPTION);
	dispatch_fini(&d);
	static const int wants[] = { 0, 0, 1, 0, 1, 1 };
	for (int kind = 0; kind < 6; kind++) {
		struct dispatch_par p = { .kind = kind, .target_w = NAN, .threshold_kg_j = NAN,
			.quantile_frac = 0.5, .window_s = 86400 };
		struct site s = { 0 };
		struct outlook nothing = { 0 };
		struct err_list *e = err_new();
		dispatch_check(site_of(&s, &p), &nothing, e);
		cr_expect_eq(err_count(e), (size_t)wants[kind], "kind %d", kind);
		err_free(e);
	}
}
