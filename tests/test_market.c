/* Scenarios whose supply has units: price, carbon and shortfall of whole runs. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/site/world_state.h"
#include "tests/world_bed.h"

#define TIME   "<time start='2024-06-20T00:00+00:00' duration='1 d' step='10 min'/>"
#define CENTRE "<datacentre name='x' overhead='40 MW' pue='1'/>"
#define GAS    "<unit name='gas' capacity='60 MW' count='2' cost='50 EUR/MWh' emission='400 g/kWh'/>"
#define OIL    "<unit name='oil' capacity='30 MW' cost='170 EUR/MWh' emission='750 g/kWh'/>"
#define WIND   "<unit name='wind' capacity='70 MW' cost='0 EUR/MWh' emission='0 g/kWh' "              \
	       "availability='t.csv'/>"
#define SUPPLY(parts) "<supply loss='0 %'>" parts "</supply>"
#define SCENARIO(parts) "<scenario name='test'>" TIME CENTRE parts "</scenario>"
#define FROM_SUPPLY_BOTH "<tariff from='supply'/><carbon from='supply'/>"

/* No wind before noon, half of it after. */
static const char *half_day(void)
{
	static char text[512];
	int n = snprintf(text, sizeof text, "hour,share\n");
	for (int h = 0; h < 24; h++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%d,%g\n", h, h < 12 ? 0 : 0.5);
	return text;
}

/* 50 MW of others and 40 of the data centre. Before noon gas gives 90 of its 120 MW: 50
 * EUR/MWh, 400 g/kWh. After noon wind gives 35 and gas 55: the same price, and 400 *
 * 55 / 90 g/kWh on average; the next kilowatt-hour is still gas. */
Test(market, sites_pay_and_emit_what_the_units_do)
{
	struct world_bed b;
	world_bed_run_trace(&b, SCENARIO(SUPPLY("<demand power='50 MW'/>" OIL GAS WIND)
	    FROM_SUPPLY_BOTH), half_day());
	double mwh = 40.0 * 24;
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.price_per_kwh.mean"), 0.05, 1e-12));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "cost.total"), 50 * mwh, 1e-6));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.average_g_per_kwh"),
	    400 * (90 + 55) / 180.0, 1e-9));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.marginal_g_per_kwh"), 400, 1e-9));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "carbon.total_kg"),
	    mwh / 2 * 400 * (1 + 55 / 90.0), 1e-6));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.scenario_frac"), 4 / 9.0, 1e-12));
	cr_expect_eq(world_bed_metric(&b, "bulk.unserved_j"), 0);
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.margin_frac"), 60 / 90.0, 1e-12));
	cr_expect(world_bed_passed(&b, "ledger_residual"));
	cr_expect(world_bed_passed(&b, "meter_residual"));
	cr_expect_eq(world_validity(b.world), VALIDITY_VALID);
	world_bed_free(&b);
}

Test(market, marginal_carbon_is_taken_when_it_is_asked_for)
{
	struct world_bed b;
	world_bed_run_trace(&b, SCENARIO(SUPPLY("<demand power='50 MW'/>" OIL GAS WIND)
	    "<tariff price='0.3 EUR/kWh' from='own'/><carbon from='supply' kind='marginal'/>"),
	    half_day());
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "carbon.total_kg"), 400 * 40.0 * 24, 1e-6));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "cost.total"), 300 * 40.0 * 24, 1e-6));
	world_bed_free(&b);
}

/* 140 MW of others and 40 own: 150 MW are there, and 35 of wind after noon. 30 MW are
 * missing until noon, of which 40 / 180 are the scenario's; after noon 5 are left over. */
Test(market, shortfall_is_counted_and_shared)
{
	struct world_bed b;
	world_bed_run_trace(&b, SCENARIO("<supply loss='0 %' scarcity='7 EUR/kWh'>"
	    "<demand power='140 MW'/>" OIL GAS WIND "</supply>" FROM_SUPPLY_BOTH), half_day());
	double j = 30e6 * 12 * 3600;
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.unserved_j"), j, 1e-9 * j));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.scenario_unserved_j"), j * 40 / 180,
	    1e-9 * j));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.lole_h"), 12, 1e-12));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.lole_h_per_year"), 4380, 1e-9));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.price_per_kwh.max"), 7, 1e-12));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.margin_frac"), -30 / 180.0, 1e-12));
	world_bed_free(&b);
}

/* 25 MW of demand in all, no more than the 35 MW of wind: 10 are curtailed from noon on.
 * A ramp of 10 % of 120 MW in 10 min takes gas from 25 MW to 13, 1 and 0: surplus. */
Test(market, ramps_and_wind_beyond_the_demand_are_curtailed)
{
	struct world_bed b;
	world_bed_run_trace(&b, "<scenario name='test'>" TIME
	    "<datacentre name='x' overhead='5 MW' pue='1'/><supply loss='0 %'>"
	    "<demand power='20 MW'/>" WIND
	    "<unit name='gas' capacity='60 MW' count='2' cost='50 EUR/MWh' emission='400 g/kWh' "
	    "ramp='0.01 1/min'/></supply></scenario>", half_day());
	double j = (10e6 * 72 + 13e6 + 1e6) * 600;
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.curtailed_j"), j, 1e-9 * j));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "bulk.price_per_kwh.mean"), 0.025, 1e-12));
	world_bed_free(&b);
}

/* What each unit generated adds up to what all did. */
Test(market, units_have_series_of_their_own)
{
	struct world_bed b;
	world_bed_run_trace(&b, SCENARIO(SUPPLY("<demand power='100 MW'/>" OIL GAS WIND)),
	    half_day());
	const struct ds_group *g = ds_find(b.d, "bulk");
	const float *w = ds_data(g, "generation", DS_F32);
	const double *energy = ds_data(g, "energy", DS_F64);
	cr_assert_eq(ds_rows(g, "generation"), 144);
	cr_assert_eq(ds_cols(g, "generation"), 3);
	for (size_t k = 0; k < 3; k++) {
		double sum = 0;
		for (size_t i = 0; i < 144; i++) sum += 600 * (double)w[3 * i + k];
		cr_expect(epsilon_eq(dbl, sum, energy[k], 1e-6 * energy[k]));
	}
	cr_expect(epsilon_eq(dbl, energy[0] + energy[1] + energy[2],
	    world_bed_metric(&b, "bulk.generated_j"), 1));
	world_bed_free(&b);
}

static void expect_fault(const char *xml, const char *says)
{
	struct world_bed b;
	char *text = NULL;
	size_t size;
	world_bed_make(&b, xml, half_day(), 1);
	cr_assert_null(b.world, "no fault: %s", says);
	FILE *f = open_memstream(&text, &size);
	err_print(b.faults, f);
	fclose(f);
	cr_expect_not_null(strstr(text, says), "%s\nwanted: %s", text, says);
	free(text);
	world_bed_free(&b);
}

Test(market, two_figures_of_one_thing_are_refused)
{
	static const struct {
		const char *xml, *says;
	} row[] = {
		{ SCENARIO(SUPPLY("<demand power='1 MW'/>" GAS) "<carbon intensity='3 g/kWh'/>"),
		    "carbon: the <supply> has units" },
		{ SCENARIO(SUPPLY("<demand power='1 MW'/>" GAS) "<tariff price='3 EUR/kWh'/>"),
		    "tariff: the <supply> has units" },
		{ SCENARIO("<carbon from='supply'/>"), "carbon: the <supply> has no <unit>" },
		{ SCENARIO("<tariff from='supply'/>"), "tariff: the <supply> has no <unit>" },
		{ SCENARIO(SUPPLY("<demand power='1 MW'/>" GAS)
			"<carbon from='supply' intensity='3 g/kWh'/>"),
		    "carbon: the units of the <supply> give the intensity" },
		{ SCENARIO(SUPPLY("<demand power='1 MW'/>" GAS)
			"<tariff from='supply' price='3 EUR/kWh'/>"),
		    "tariff: the units of the <supply> give the price" },
		{ SCENARIO(SUPPLY(GAS)), "unit: the units of a <supply> need a <demand>" },
		{ SCENARIO(SUPPLY("<demand power='1 MW'/>")), "demand: nobody serves it" },
		{ SCENARIO(SUPPLY("<demand/>" GAS)), "demand: write power=" },
		{ SCENARIO("<supply scarcity='3 EUR/kWh'/>"), "supply: without a <unit>" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		expect_fault(row[i].xml, row[i].says);
}

Test(market, a_series_must_cover_the_run)
{
	struct world_bed b;
	world_bed_make(&b, SCENARIO(SUPPLY("<demand series='t.csv'/>" GAS)),
	    "utc,mw\n2024-06-20T00:00Z,17\n2024-06-20T01:00Z,19\n", 1);
	cr_expect_null(b.world);
	cr_expect_eq(err_count(b.faults), 1);
	world_bed_free(&b);
}
