/* The bulk system's frequency in whole runs: what disturbs it, when, and by how much. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/grid/frequency.h"
#include "models/site/world_state.h"
#include "tests/world_bed.h"

#define TIME   "<time start='2024-06-20T00:00+00:00' duration='1 h' step='1 min'/>"
#define CENTRE "<datacentre name='x' overhead='30 MW' pue='1'/>"
#define COAL                                                                                       \
	"<unit name='coal' capacity='70 MW' count='2' cost='30 EUR/MWh' emission='900 g/kWh'/>"
#define GAS "<unit name='gas' capacity='160 MW' cost='60 EUR/MWh' emission='400 g/kWh'/>"
#define SUPPLY(parts)                                                                              \
	"<supply loss='0'><demand power='170 MW'/>" GAS COAL parts "</supply>"
#define FREQUENCY(parts)                                                                           \
	"<frequency inertia='3.7 s' deadband='0.015 Hz' headroom='9 %'>" parts "</frequency>"
#define BATTERY                                                                                    \
	"<battery-response power='11 MW' energy='0.5 MWh' full-at='0.3 Hz' deadband='0.02 Hz'/>"
#define SHEDDING "<shedding threshold='49.6 Hz' delay='150 ms' share='4 %' out='10 min'/>"
#define SCENARIO(parts) "<scenario name='test'>" TIME CENTRE parts "</scenario>"

/* The same system by the model alone: 300 MW of capacity are the base, of which a coal
 * unit that is lost gave 70. */
static struct frequency *alone(void)
{
	const struct frequency_par p = {
		.nominal_hz = 50, .inertia_s = 3.7, .damping_pu = 1,
		.governor = { 0.05, 0.015, 0.09, INFINITY },
		.gain_pu = 0.95, .fast_frac = 0.3, .reheat_s = 8,
		.ramp_pu_s = INFINITY, .restore_s = 300, .band_hz = 0.2, .window_s = 0.5,
		.battery = { { 0.3 / 50 / (11 / 300.0), 0.02, 11 / 300.0, 11 / 300.0 }, 0.3,
		    0.5 * 3600 / 300, 0.5 },
		.step = { { 49.6, 0.15, 0.04, 600 } }, .steps = 1,
	};
	struct frequency *f = frequency_new(&p, 0);
	frequency_demand(f, 200 / 300.0);
	return f;
}

Test(swing, a_lost_unit_moves_the_frequency_as_the_model_says)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO(SUPPLY(FREQUENCY(BATTERY SHEDDING)
	    "<contingency at='17.3 min' unit='coal' until='40 min'/>")), 1);
	struct frequency *f = alone();
	frequency_advance(f, 17.3 * 60);
	frequency_disturb(f, -70 / 300.0);
	frequency_advance(f, 3600);
	struct frequency_report r = frequency_report(f);
	cr_expect_eq(r.steps, 1, "the step is taken");
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "frequency.nadir_hz"), r.nadir_hz, 1e-9));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "frequency.zenith_hz"), r.zenith_hz, 1e-9));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "frequency.rocof_hz_per_s"), r.rocof_hz_s,
	    1e-9));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "frequency.rocof0_hz_per_s"),
	    -50 * 70 / 300.0 / (2 * 3.7), 1e-12));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "frequency.outside_s"), r.outside_s, 1e-6));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "frequency.battery_j"),
	    300e6 * r.given_pu_s, 10));
	/* 4 % of 200 MW for 10 min, of which the site's 30 MW have their share. */
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "frequency.shed_j"), 8e6 * 600, 1));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "frequency.scenario_shed_j"),
	    8e6 * 600 * 30 / 200, 1));
	cr_expect_eq(world_bed_metric(&b, "frequency.ufls_steps"), 1);
	cr_expect_eq(world_bed_metric(&b, "frequency.disturbances"), 1);
	cr_expect_eq(world_validity(b.world), VALIDITY_VALID);
	frequency_free(f);
	world_bed_free(&b);
}

static double coal_mwh(const char *contingencies)
{
	struct world_bed b;
	char *xml;
	size_t size;
	FILE *out = open_memstream(&xml, &size);
	fprintf(out, SCENARIO(SUPPLY("%s")), contingencies);
	fclose(out);
	world_bed_run(&b, xml, 1);
	double mwh = ((const double *)ds_data(ds_find(b.d, "bulk"), "energy", DS_F64))[1] / 3.6e9;
	cr_expect(world_bed_passed(&b, "ledger_residual"));
	world_bed_free(&b);
	free(xml);
	return mwh;
}

/* Coal runs at 140 MW. One of two is out for the steps from its loss to its return: from
 * minute 17 (in which it is lost) to 40. */
Test(swing, a_lost_unit_is_out_of_the_merit_order)
{
	cr_expect(epsilon_eq(dbl, coal_mwh(""), 140, 1e-9));
	cr_expect(epsilon_eq(dbl, coal_mwh("<contingency at='17.3 min' unit='coal' "
	    "until='40 min'/>"), 140 - 70 * 23 / 60.0, 1e-9));
	cr_expect(epsilon_eq(dbl, coal_mwh("<contingency at='17 min' unit='coal' count='2'/>"),
	    140 * 17 / 60.0, 1e-9));
	cr_expect(epsilon_eq(dbl, coal_mwh("<contingency at='10 min' unit='coal' until='30 min'/>"
	    "<contingency at='20 min' unit='coal' until='50 min'/>"),
	    140 - (70 * 20 + 70 * 30) / 60.0, 1e-9));
}

/* 20 MW more from minute 10.5 to 30.5: 20 minutes of them, whatever the steps. */
Test(swing, a_power_that_appears_is_served)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO(SUPPLY(FREQUENCY("")
	    "<contingency at='10.5 min' power='20 MW' until='30.5 min'/>")), 1);
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.generated_j"),
	    200e6 * 3600 + 20e6 * 1200, 1));
	cr_expect_eq(world_bed_metric(&b, "frequency.disturbances"), 2);
	cr_expect(epsilon_eq(dbl, fabs(world_bed_metric(&b, "frequency.rocof0_hz_per_s")),
	    50 * 20 / 300.0 / (2 * 3.7), 1e-4));
	cr_expect_lt(world_bed_metric(&b, "frequency.nadir_hz"), 49.95);
	cr_expect_gt(world_bed_metric(&b, "frequency.zenith_hz"), 50.05);
	world_bed_free(&b);
}

/* Points of the trajectory are in order of time, and the lowest of them is the nadir. */
Test(swing, points_tell_the_trajectory)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO(SUPPLY(FREQUENCY(BATTERY SHEDDING)
	    "<contingency at='17.3 min' unit='coal'/>")), 1);
	size_t n, m;
	const double *t = world_bed_f64(&b, "frequency", "time", &n);
	const double *hz = world_bed_f64(&b, "frequency", "frequency", &m);
	double low = 50;
	cr_assert_gt(n, 10);
	for (size_t i = 0; i < n; i++) {
		low = fmin(low, hz[i]);
		if (i) cr_expect_geq(t[i], t[i - 1]);
	}
	cr_expect(epsilon_eq(dbl, t[0], 17.3 * 60, 1e-9));
	cr_expect(epsilon_eq(dbl, low, world_bed_metric(&b, "frequency.nadir_hz"), 1e-12));
	world_bed_free(&b);
}

/* A request that a data centre of 2000 accelerators answers is a jump of its power. */
Test(swing, own_power_that_jumps_is_a_disturbance)
{
	struct world_bed b;
	world_bed_run(&b, "<scenario name='test'>" TIME "<datacentre name='x' pue='1.2'>"
	    "<node device='h100-sxm' model='llama-3.1-8b' count='9'/></datacentre>"
	    "<workload rate='20 1/h' prompt='100 tokens' output='4000 tokens'/>"
	    "<supply loss='0'><demand power='0 W'/><unit name='g' capacity='20 kW' "
	    "cost='1 EUR/MWh' emission='1 g/kWh'/>" FREQUENCY("") "</supply></scenario>", 5);
	cr_expect_gt(world_bed_metric(&b, "frequency.disturbances"), 0);
	cr_expect_lt(world_bed_metric(&b, "frequency.nadir_hz"), 50);
	world_bed_free(&b);
}

static void expect_fault(const char *xml, const char *says)
{
	struct world_bed b;
	char *text = NULL;
	size_t size;
	world_bed_make(&b, xml, NULL, 1);
	cr_assert_null(b.world, "no fault: %s", says);
	FILE *f = open_memstream(&text, &size);
	err_print(b.faults, f);
	fclose(f);
	cr_expect_not_null(strstr(text, says), "%s\nwanted: %s", text, says);
	free(text);
	world_bed_free(&b);
}

Test(swing, what_cannot_be_is_refused)
{
	static const struct {
		const char *xml, *says;
	} row[] = {
		{ SCENARIO("<supply>" FREQUENCY("") "</supply>"), "frequency: a supply without" },
		{ SCENARIO("<supply><contingency at='9 min' power='1 MW'/></supply>"),
		    "contingency: a supply without" },
		{ SCENARIO(SUPPLY("<contingency at='9 min'/>")), "contingency: write unit=" },
		{ SCENARIO(SUPPLY("<contingency at='9 min' unit='gas' power='1 W'/>")),
		    "either a unit or a power" },
		{ SCENARIO(SUPPLY("<contingency at='9 min' unit='gas' count='2'/>")),
		    "fewer units of gas" },
		{ SCENARIO(SUPPLY("<contingency at='9 min' unit='gas' until='9 min'/>")),
		    "ends before it begins" },
		{ SCENARIO(SUPPLY("<contingency at='2 h' unit='gas'/>")), "after the run's end" },
		{ SCENARIO(SUPPLY("<contingency at='30 s' unit='gas'/>")), "first grid step" },
		{ SCENARIO(SUPPLY("<contingency at='9 min' unit='coke'/>")), "no such <unit>" },
		{ SCENARIO(SUPPLY(FREQUENCY("<shedding threshold='50 Hz' share='2 %'/>"))),
		    "not below the nominal" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		expect_fault(row[i].xml, row[i].says);
}
