#include "tests/unit.h"

#include <math.h>
#include <string.h>

#include "models/grid/stress.h"
#include "tests/feeder_bed.h"

static const struct feeder_par par = {
	.name = "feeder", .v_ll_v = 400, .source_pu = 1, .fault_va = NAN, .v_low_pu = 0.8,
};

static const struct transformer_par t100 = {
	.name = "T1",
	.rating_va = 100e3,
	.no_load_w = 130,
	.load_w = 1250,
	.impedance_pu = 0.04,
	.ambient_k = NAN,
	.paper = PAPER_ORDINARY,
	.oil_rise_k = 60,
	.gradient_k = 23,
	.hot_spot = 1.2,
	.tau_oil_s = 10800,
	.tau_winding_s = 240,
	.k11 = 1,
	.k21 = 1,
	.k22 = 2,
	.oil_exponent = 0.8,
	.winding_exponent = 1.6,
};

/* Three customers on two lines. The tests write the solver's results themselves. */
static struct feeder *feeder_of_three(const struct transformer_par *transformer)
{
	struct bed b = { .lines = 2, .customers = 3 };
	for (uint32_t i = 0; i < 2; i++) {
		b.line[i].from = i;
		b.line[i].r_ohm = 0.1;
		b.line[i].rating_a = 100;
	}
	for (uint32_t c = 0; c < 3; c++) {
		b.customer[c].node = 1 + c / 2;
		b.customer[c].phases = (enum phases)(PHASES_A + c);
	}
	struct feeder *f = bed_feeder(&b, &par, transformer);
	for (int c = 0; c < 3; c++) f->at.v_pu[c] = 1;
	f->converged = true;
	return f;
}

static void carry(struct feeder *f, double w, double pu)
{
	f->at.transformer[0] = (struct transformer_flow){ .w = w, .pu = pu, .winding_pu = pu,
		.winding_rms_pu = pu };
}

static struct step step_at(double begin_s, double dt_s)
{
	/* Local time begins on a full hour of a zone 5.5 h east. */
	return (struct step){ .begin_ns = (int64_t)(begin_s * 1e9), .dt_s = dt_s,
		.utc_s = 1699999200 - 19800 + begin_s, .zone_s = 19800 };
}

static const double no_power[3] = { 0 };

static double metric(const struct stress *s, const char *key)
{
	struct dataset *d = ds_new();
	stress_export(s, d);
	struct ds_metric m = { .value = NAN };
	ds_metric_find(d, key, &m);
	double value = m.value;
	ds_free(d);
	return value;
}

Test(stress, customer_minutes_count_outside_each_range)
{
	struct feeder *f = feeder_of_three(NULL);
	struct stress *s = stress_new(f);
	/* ANSI C84.1: A ends at 0.95 and 1.05, B at 0.917 and 1.058. */
	double v[][3] = { { 0.949, 1.051, 1.0 }, { 0.916, 0.951, 1.059 }, { 0.917, 1.05, 1.058 } };
	double dt[] = { 60, 180, 420 };
	double t = 0;
	for (int i = 0; i < 3; i++) {
		memcpy(f->at.v_pu, v[i], sizeof v[i]);
		struct step step = step_at(t, dt[i]);
		stress_step(s, f, no_power, &step, 290);
		t += dt[i];
	}
	cr_expect(
	    epsilon_eq(dbl, metric(s, "grid.ansi_a_customer_min"), 2 * 1 + 2 * 3 + 2 * 7, 1e-9));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.ansi_b_customer_min"), 2 * 3, 1e-9));
	cr_expect(eq(dbl, metric(s, "grid.voltage_pu.min"), 0.916));
	cr_expect(eq(dbl, metric(s, "grid.voltage_pu.max"), 1.059));
	cr_expect(isnan(metric(s, "grid.transformer_loading_pu.max")), "there is no transformer");
	stress_free(s);
	feeder_free(f);
}

Test(stress, en50160_judges_ten_minute_means)
{
	struct feeder *f = feeder_of_three(NULL);
	struct stress *s = stress_new(f);
	/* Local time 22:30 + 4 min: the window that was entered at 4 min is dropped. */
	double t = 240;
	for (int minute = 4; minute < 40; minute++, t += 60) {
		/* 12..13 at 0.86 lets a window's rms fall to 0.9727; 20..29 all at 0.899. */
		f->at.v_pu[0] = minute >= 12 && minute < 14 ? 0.86 : 1;
		f->at.v_pu[1] = minute >= 20 && minute < 30 ? 0.899 : 1;
		f->at.v_pu[2] = minute < 10 ? 0.5 : 1;
		struct step step = step_at(t, 60);
		stress_step(s, f, no_power, &step, 290);
	}
	cr_expect(eq(u64, s->quality.windows, 3));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.en50160_customer_min"), 10, 1e-9));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.en50160_share_pu.min"), 2.0 / 3, 1e-9));
	stress_free(s);
	feeder_free(f);
}

Test(stress, a_customer_outside_range_a_is_followed_until_it_is_back)
{
	struct feeder *f = feeder_of_three(NULL);
	struct stress *s = stress_new(f);
	/* The first is out for 1 + 3 min and, after a break, 5 min; the others never for longer;
	 * in the second step two of three are out. */
	double v[][3] = { { 0.93, 1, 1 }, { 1.06, 0.94, 1 }, { 1, 1, 0.949 }, { 0.9, 1, 1 } };
	double minutes[] = { 1, 3, 2, 5 }, t = 0;
	for (int i = 0; i < 4; i++) {
		memcpy(f->at.v_pu, v[i], sizeof v[i]);
		struct step step = step_at(t, 60 * minutes[i]);
		stress_step(s, f, no_power, &step, 290);
		t += step.dt_s;
	}
	cr_expect(eq(dbl, metric(s, "grid.ansi_a_longest_min"), 5));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.ansi_a_share_pu.max"), 2.0 / 3, 1e-15));
	stress_free(s);
	feeder_free(f);
}

Test(stress, en50160_has_a_wider_band_for_all_means)
{
	struct feeder *f = feeder_of_three(NULL);
	struct stress *s = stress_new(f);
	/* Means of four windows: 0.85 and 1.1 are the ends of what all must keep to; the
	 * second customer's last is rms(0.8, 1) = sqrt(0.82) = 0.9055. */
	double v[][3] = { { 0.851, 1.099, 1 }, { 0.849, 1.101, 1 }, { 1, 1, 0.87 }, { 1, 0.8, 1 },
		{ 1, 1, 1 } };
	double dt[] = { 600, 600, 600, 300, 300 }, t = 0;
	for (int i = 0; i < 5; i++) {
		memcpy(f->at.v_pu, v[i], sizeof v[i]);
		struct step step = step_at(t, dt[i]);
		stress_step(s, f, no_power, &step, 290);
		t += dt[i];
	}
	cr_expect(eq(dbl, metric(s, "grid.en50160_customer_min"), 40)); /* 0.851 0.849 1.101 0.87 */
	cr_expect(eq(dbl, metric(s, "grid.en50160_all_customer_min"), 20)); /* 0.849 1.101 */
	cr_expect(eq(dbl, metric(s, "grid.en50160_share_pu.min"), 0.5)); /* first: 2 of 4 */
	cr_expect(epsilon_eq(dbl, metric(s, "grid.voltage_10min_pu.min"), 0.849, 1e-12));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.voltage_10min_pu.max"), 1.101, 1e-12));
	stress_free(s);
	feeder_free(f);
}

/* Ten minutes in halves, with these unbalances of the two lines' ends. */
static void uneven_window(struct stress *s, struct feeder *f, int n, double near_pu, double far_pu,
    double far_then_pu)
{
	for (int half = 0; half < 2; half++) {
		double far_now_pu = half ? far_then_pu : far_pu;
		f->at.unbalance2[1] = near_pu * near_pu;
		f->at.unbalance2[2] = far_now_pu * far_now_pu;
		struct step step = step_at(600 * n + 300 * half, 300);
		stress_step(s, f, no_power, &step, 290);
	}
}

Test(stress, unbalance_is_judged_by_ten_minute_means)
{
	struct feeder *f = feeder_of_three(NULL);
	struct stress *s = stress_new(f);
	cr_expect(isnan(metric(s, "grid.unbalance_10min_pu.p95")));
	for (int n = 0; n < 18; n++) uneven_window(s, f, n, 0.01123, 0.00917, 0.00917);
	cr_expect(epsilon_eq(dbl, metric(s, "grid.unbalance_10min_pu.p95"), 0.01123, 1e-12),
		"not beyond the maximum");
	uneven_window(s, f, 18, 0.02137, 0.003, 0.003);
	uneven_window(s, f, 19, 0.00311, 0.03, 0.01); /* rms: sqrt((9 + 1) / 2) % = 2.2361 % */
	/* The 19th of 20, 0.02137, lies in the bin up to 0.0214. */
	cr_expect(epsilon_eq(dbl, metric(s, "grid.unbalance_10min_pu.p95"), 0.0214, 1e-12));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.unbalance_10min_pu.max"), sqrt(5e-4), 1e-12));
	/* Either place was above 2 % in one window of 20. */
	cr_expect(epsilon_eq(dbl, metric(s, "grid.unbalance_share_pu.min"), 0.95, 1e-12));
	uneven_window(s, f, 20, 1.7, 0, 0); /* beyond the bins; ceil(0.95 21) = 20: sqrt(5e-4) */
	cr_expect(epsilon_eq(dbl, metric(s, "grid.unbalance_10min_pu.p95"), 0.0224, 1e-12));
	uneven_window(s, f, 21, 1.9, 0, 0); /* ceil(0.95 22) = 21: beyond them */
	cr_expect(epsilon_eq(dbl, metric(s, "grid.unbalance_10min_pu.p95"), 1.9, 1e-12));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.unbalance_share_pu.min"), 19.0 / 22, 1e-12));
	stress_free(s);
	feeder_free(f);
}

Test(stress, en50160_looks_at_each_week)
{
	struct feeder *f = feeder_of_three(NULL);
	struct stress *s = stress_new(f);
	/* Two weeks of 1008 windows and an hour, all low, that belongs to no whole week. */
	static const int low[] = { 59, 13, 6 }, uneven[] = { 29, 71, 0 };
	for (int n = 0; n < 2 * 1008 + 6; n++) {
		f->at.v_pu[2] = n % 1008 < low[n / 1008] ? 0.88 : 1;
		f->at.unbalance2[2] = n % 1008 < uneven[n / 1008] ? 9e-4 : 1e-6;
		struct step step = step_at(600.0 * n, 600);
		stress_step(s, f, no_power, &step, 290);
		if (n == 999) /* not a week yet */
			cr_expect(epsilon_eq(
			    dbl, metric(s, "grid.en50160_share_pu.min"), 1 - 59 / 1000.0, 1e-12));
		if (n == 1007) /* 29 of 1008 are less than 5 % */
			cr_expect(lt(dbl, metric(s, "grid.unbalance_10min_pu.p95"), 0.0012));
	}
	cr_expect(epsilon_eq(dbl, metric(s, "grid.en50160_share_pu.min"), 1 - 59 / 1008.0, 1e-12));
	cr_expect(
	    epsilon_eq(dbl, metric(s, "grid.unbalance_share_pu.min"), 1 - 71 / 1008.0, 1e-12));
	/* 71 of 1008 are more than 5 %; |V2| / |V1| = 0.03 then, the week's maximum. */
	cr_expect(epsilon_eq(dbl, metric(s, "grid.unbalance_10min_pu.p95"), 0.03, 1e-12));
	cr_expect(eq(dbl, metric(s, "grid.en50160_customer_min"), 10 * (59 + 13 + 6)));
	stress_free(s);
	feeder_free(f);
}

/* A power that changes every 15 minutes, in steps of one minute and of 15. */
static struct stress *quarters(struct feeder *f, double dt_s)
{
	static const double w[8] = { 3100, 9700, -2300, 1100, 4700, 13100, 700, 2900 };
	struct stress *s = stress_new(f);
	for (double t = 0; t < 7200; t += dt_s) {
		f->sums.meter_w = w[(int)(t / 900)];
		f->sums.delivered_w = fmax(f->sums.meter_w, 0);
		struct step step = step_at(t, dt_s);
		stress_step(s, f, (double[]){ f->sums.meter_w, 500, -700 }, &step, 290);
	}
	return s;
}

Test(stress, demand_is_the_same_in_any_step)
{
	struct feeder *f = feeder_of_three(NULL);
	double dt[] = { 60, 100, 300, 900 }; /* 100 s: windows of a minute end within steps */
	for (int i = 0; i < 4; i++) {
		struct stress *s = quarters(f, dt[i]);
		cr_expect(epsilon_eq(dbl, metric(s, "grid.peak_w.1min"), 13100, 1e-6));
		cr_expect(epsilon_eq(dbl, metric(s, "grid.peak_w.15min"), 13100, 1e-6));
		cr_expect(epsilon_eq(
		    dbl, metric(s, "grid.peak_w.60min"), 5350, 1e-6)); /* of the 2nd hour */
		cr_expect(
		    epsilon_eq(dbl, metric(s, "grid.ramp_w_per_s.15min"), 12400.0 / 900, 1e-9));
		cr_expect(
		    epsilon_eq(dbl, metric(s, "grid.ramp_w_per_s.60min"), 2450.0 / 3600, 1e-9));
		cr_expect(epsilon_eq(dbl, metric(s, "grid.load_factor_pu"), 4125.0 / 13100, 1e-9));
		cr_expect(epsilon_eq(dbl, metric(s, "grid.reverse_j"), 2300 * 900.0, 1e-6));
		cr_expect(epsilon_eq(dbl, metric(s, "grid.reverse_min"), 15, 1e-9));
		cr_expect(eq(dbl, metric(s, "grid.reverse_w.max"), 2300));
		/* Peaks 13100, 500 and 0; of the sum 12900. */
		cr_expect(
		    epsilon_eq(dbl, metric(s, "grid.diversity_factor"), 13600.0 / 12900, 1e-12));
		stress_free(s);
	}
	feeder_free(f);
}

Test(stress, a_window_longer_than_the_run_says_nothing)
{
	struct feeder *f = feeder_of_three(NULL);
	struct stress *s = stress_new(f);
	struct step step = step_at(0, 900);
	stress_step(s, f, no_power, &step, 290);
	cr_expect(isnan(metric(s, "grid.peak_w.60min")));
	cr_expect(isnan(metric(s, "grid.ramp_w_per_s.15min")));
	cr_expect(eq(dbl, metric(s, "grid.peak_w.15min"), 0));
	stress_free(s);
	feeder_free(f);
}

Test(stress, transformer_overload_heat_and_life)
{
	struct feeder *f = feeder_of_three(&t100);
	struct stress *s = stress_new(f);
	struct transformer_state expected;
	double pu[] = { 0.41, 1.37, 0.83 }, air_k = 303.15;
	transformer_settle(f->transformer[0], pu[0], air_k, &expected);
	for (int i = 0; i < 3; i++) {
		carry(f, 0, pu[i]);
		struct step step = step_at(1800 * i, 1800);
		stress_step(s, f, no_power, &step, air_k);
		transformer_heat(f->transformer[0], pu[i], pu[i], air_k, 1800, &expected);
	}
	cr_expect(eq(dbl, metric(s, "grid.transformer_loading_pu.max"), 1.37));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.transformer_loading_pu.mean"), 0.87, 1e-12));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.transformer_overload_min"), 30, 1e-12));
	cr_expect(
	    epsilon_eq(dbl, metric(s, "grid.transformer_overload_j"), 0.37 * 100e3 * 1800, 1e-6));
	cr_expect(eq(dbl, metric(s, "grid.transformer_hot_spot_degc.max"),
	    expected.hot_spot_max_k - 273.15));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.transformer_loss_of_life_pu"),
	    expected.aged_ieee_s / (180000.0 * 3600), 1e-18));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.transformer_ageing_iec.mean"),
	    expected.aged_iec_s / 5400, 1e-12));
	stress_free(s);
	feeder_free(f);
}

Test(stress, utilisation_is_the_quarters_demand_and_reverse_flow_has_its_own_loading)
{
	struct feeder *f = feeder_of_three(&t100);
	struct stress *s = stress_new(f);
	/* Quarters: (5 1.3 + 10 0.4) / 15 = 0.7 and (2 0.61 + 13 0.53) / 15; 0.9 stays open. */
	double pu[] = { 1.3, 0.4, 0.61, 0.53, 0.9 }, minutes[] = { 5, 10, 2, 13, 4 }, t = 0;
	double source_w[] = { 1, 1, -1, -1, 0 };
	for (int i = 0; i < 5; i++) {
		carry(f, source_w[i], pu[i]);
		struct step step = step_at(t, 60 * minutes[i]);
		stress_step(s, f, no_power, &step, 290);
		t += step.dt_s;
	}
	cr_expect(epsilon_eq(dbl, metric(s, "grid.utilisation_pu"), 0.7, 1e-12));
	cr_expect(eq(dbl, metric(s, "grid.reverse_loading_pu.max"), 0.61));
	stress_free(s);
	feeder_free(f);
}

Test(stress, ageing_at_rated_load_by_hand)
{
	struct feeder *f = feeder_of_three(&t100);
	struct stress *s = stress_new(f);
	carry(f, 0, 1);
	struct step step = step_at(0, 3600);
	stress_step(s, f, no_power, &step, 293.15);
	/* Settled: 20 + 60 + 1.2 23 = 107.6 degC. Ordinary paper: 2^((107.6 - 98) / 6) = 2^1.6;
	 * F_AA = exp(15000 / 383 - 15000 / 380.6) = 0.7812. */
	double f_aa = exp(15000.0 / 383 - 15000.0 / 380.6);
	cr_expect(epsilon_eq(dbl, metric(s, "grid.transformer_hot_spot_degc.max"), 107.6, 1e-9));
	cr_expect(epsilon_eq(
	    dbl, metric(s, "grid.transformer_ageing_iec.mean"), 3.0314331330207964, 1e-9));
	cr_expect(epsilon_eq(
	    dbl, metric(s, "grid.transformer_ageing_iec.max"), 3.0314331330207964, 1e-9));
	cr_expect(epsilon_eq(dbl, metric(s, "grid.transformer_ageing_ieee.mean"), f_aa, 1e-9));
	cr_expect(epsilon_eq(
	    dbl, metric(s, "grid.transformer_loss_of_life_pu"), f_aa / 180000, 1e-15));
	stress_free(s);
	feeder_free(f);
}

Test(stress, unserved_energy_by_cause)
{
	struct feeder *f = feeder_of_three(NULL);
	struct stress *s = stress_new(f);
	double w[] = { 700, 0, 1900, 300 }, dt[] = { 60, 60, 120, 30 }, t = 0;
	for (int i = 0; i < 4; i++) {
		f->sums.unserved_w = w[i];
		f->tripped_w = i == 2 ? w[i] : 0;
		struct step step = step_at(t, dt[i]);
		stress_step(s, f, no_power, &step, 290);
		t += dt[i];
	}
	cr_expect(eq(dbl, metric(s, "grid.unserved_low_voltage_j"), 700 * 60 + 300 * 30));
	cr_expect(eq(dbl, metric(s, "grid.unserved_tripped_j"), 1900 * 120));
	cr_expect(eq(dbl, metric(s, "grid.unserved_j"), 700 * 60 + 1900 * 120 + 300 * 30));
	stress_free(s);
	feeder_free(f);
}

Test(stress, the_transformers_own_ambient_comes_first)
{
	struct transformer_par cellar = t100;
	cellar.ambient_k = 313.15;
	struct feeder *f = feeder_of_three(&cellar);
	struct stress *s = stress_new(f);
	struct step step = step_at(0, 60);
	stress_step(s, f, no_power, &step, 253.15);
	cr_expect(gt(dbl, s->transformer.unit[0].heat.top_oil_k, 313.15));
	stress_free(s);
	feeder_free(f);
}

static void expect_binding(const struct stress *s, double margin, const char *asset,
    const char *limit, double time_s)
{
	struct dataset *d = ds_new();
	stress_export(s, d);
	const struct ds_group *g = ds_find(d, "summary");
	cr_expect(epsilon_eq(dbl, stress_margin(s), margin, 1e-12));
	cr_expect_str_eq(ds_text(g, "grid.margin_pu", "asset"), asset);
	cr_expect_str_eq(ds_text(g, "grid.margin_pu", "limit"), limit);
	cr_expect(eq(dbl, ds_number(g, "grid.margin_pu", "time_s"), time_s));
	ds_free(d);
}

Test(stress, margin_names_the_asset_and_the_time_that_bind)
{
	struct feeder *f = feeder_of_three(NULL);
	struct stress *s = stress_new(f);
	cr_expect(isnan(stress_margin(s)));
	/* Each step comes nearer to another limit; then a quiet one changes nothing. */
	f->at.line_pu[1] = 0.93; /* 0.07; voltages at 1 leave (1.1 - 1) / 1.1 = 0.0909 */
	struct step step = step_at(0, 60);
	stress_step(s, f, no_power, &step, 290);
	expect_binding(s, 0.07, "line 2", "line rating", 0);
	f->at.v_pu[2] = 0.954; /* (0.954 - 0.9) / 0.9 = 0.06 */
	step = step_at(60, 60);
	stress_step(s, f, no_power, &step, 290);
	expect_binding(s, 0.06, "customer 3", "voltage, EN 50160 low", 60);
	f->at.v_pu[1] = 1.089; /* (1.1 - 1.089) / 1.1 = 0.01 */
	step = step_at(120, 60);
	stress_step(s, f, no_power, &step, 290);
	expect_binding(s, 0.01, "customer 2", "voltage, EN 50160 high", 120);
	f->unbalance_pu = 0.0217;
	f->unbalance_place = 1;
	step = step_at(180, 60);
	stress_step(s, f, no_power, &step, 290);
	expect_binding(s, -0.085, "node 1", "voltage unbalance, EN 50160", 180);
	f->unbalance_pu = 0;
	step = step_at(240, 60);
	stress_step(s, f, no_power, &step, 290);
	expect_binding(s, -0.085, "node 1", "voltage unbalance, EN 50160", 180);
	stress_free(s);
	feeder_free(f);
}

Test(stress, the_margin_is_to_the_limits_of_the_feeder)
{
	static const struct {
		enum voltage_limits limits;
		double margin;
		const char *limit;
	} rows[] = {
		{ LIMITS_EN50160, (1.1 - 1.04) / 1.1, "voltage, EN 50160 high" },
		{ LIMITS_ANSI_A, (1.05 - 1.04) / 1.05, "voltage, ANSI C84.1 range A high" },
		{ LIMITS_ANSI_B, (1.058 - 1.04) / 1.058, "voltage, ANSI C84.1 range B high" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct feeder *f = feeder_of_three(NULL);
		f->par.limits = rows[i].limits;
		struct stress *s = stress_new(f);
		f->at.v_pu[1] = 1.04;
		struct step step = step_at(0, 60);
		stress_step(s, f, no_power, &step, 290);
		expect_binding(s, rows[i].margin, "customer 2", rows[i].limit, 0);
		stress_free(s);
		feeder_free(f);
	}
}

Test(stress, every_metric_is_described)
{
	for (const struct metric *m = grid_metrics; m->key; m++) {
		cr_expect(metric_find(m->key) == m, "%s", m->key);
		cr_expect(m->unit[0] && m->about[0] && m->formula[0] && m->source[0], "%s", m->key);
	}
}
