/* Data centres with sun, wind and storage behind their meter. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>

#include "models/site/world_state.h"
#include "tests/world_bed.h"

#define TIME(step) "<time start='2024-06-20T00:00+02:00' duration='2 d' step='" step "'/>"
#define LONG_TIME  "<time start='2024-06-20T00:00+02:00' duration='8 d' step='5 min'/>"
#define PLACE      "<place latitude='52.5 deg' longitude='13.4 deg'/>"
#define TARIFF                                                                                     \
	"<tariff price='0.30 EUR/kWh' export='0.07 EUR/kWh' demand-per-kw='2 EUR'>"               \
	"<period from='0 h' to='6 h' price='0.10 EUR/kWh'/></tariff><carbon intensity='400 g/kWh'/>"
#define CENTRE(parts) "<datacentre name='x' overhead='11 kW' pue='1'>" parts "</datacentre>"
#define SCENARIO(step, parts) "<scenario name='test'>" TIME(step) PLACE TARIFF parts "</scenario>"
#define SUN     "<solar capacity='31 kW' tilt='20 deg' azimuth='180 deg'/>"
#define BATTERY "<battery capacity='23 kWh' power='7 kW' efficiency='0.9' self-discharge='0' initial='0.5'/>"
#define STEADY  "<wind capacity='9 kW' curve='t.csv'/>"
#define WIND    "<wind capacity='9 kW' cut-in='1 m/s' rated-speed='4 m/s'/>"

static double run(struct world_bed *b, const char *xml, const char *metric)
{
	world_bed_run(b, xml, 3);
	cr_expect_eq(world_validity(b->world), VALIDITY_VALID, "%s", xml);
	cr_expect(world_bed_passed(b, "ledger_residual"));
	cr_expect(world_bed_passed(b, "meter_residual"));
	cr_expect_lt(world_bed_metric(b, "check.ledger_residual"), 1e-9);
	return world_bed_metric(b, metric);
}

static double summary_of(const char *xml, const char *metric)
{
	struct world_bed b;
	double value = run(&b, xml, metric);
	world_bed_free(&b);
	return value;
}

/* Whatever is behind the meter, whatever it is told, in steps of any length. */
Test(plant, every_joule_has_both_ends)
{
	static const char *const kind[] = { "none", "self-consumption", "time-of-use",
		"peak-shaving", "carbon", "look-ahead" };
	static const char *const step[] = { "1 min", "5 min", "15 min", "60 min" };
	for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
		char xml[2048];
		snprintf(xml, sizeof xml,
		    "<scenario name='test'><time start='2024-06-20T00:00+02:00' duration='2 d' "
		    "step='%s'/>" PLACE TARIFF CENTRE(SUN WIND BATTERY BATTERY
		    "<connection import='17 kW' export='5 kW'/><dispatch kind='%s'/>") "</scenario>",
		    step[i % 4], kind[i]);
		struct world_bed b;
		run(&b, xml, "datacentre.generated_j");
		cr_expect(world_bed_passed(&b, "plant_residual"), "%s", kind[i]);
		world_bed_free(&b);
	}
}

/* 11 kW for two days with nothing else: 12 h at 0.10, 36 h at 0.30, and the peak. A centre's
 * meter without a battery is what it was before there were plants. */
Test(plant, a_resting_battery_changes_no_bill)
{
	double wanted = 11 * (12 * 0.1 + 36 * 0.3) + 2 * 11;
	const char *xml = SCENARIO("5 min", CENTRE(BATTERY "<dispatch kind='none'/>"));
	cr_expect(epsilon_eq(dbl, summary_of(xml, "cost.total"), wanted, 1e-9));
	cr_expect(epsilon_eq(dbl, summary_of(SCENARIO("5 min", CENTRE("")), "cost.total"), wanted,
	    1e-9));
}

/* At constant use time-of-use fills in both nights and serves by day, but for the reserve:
 * the first night takes 11.5 kWh into the cells, the second 20.7; each day gives 20.7 * 0.9
 * kWh. Import: 0.10 * (11.5 + 20.7) / 0.9 more and 0.30 * 2 * 18.63 less. The peak is 18 kW.
 * The cells age by 3e-4 in the two days. */
Test(plant, time_of_use_earns_what_prices_differ_by)
{
	double wanted = 11 * (12 * 0.1 + 36 * 0.3) + 2 * 18 + 0.1 * 32.2 / 0.9 - 0.3 * 2 * 18.63;
	const char *xml = SCENARIO("5 min", CENTRE(BATTERY "<dispatch kind='time-of-use'/>"));
	cr_expect(epsilon_eq(dbl, summary_of(xml, "cost.total"), wanted, 5e-3));
	cr_expect(epsilon_eq(dbl, summary_of(xml, "datacentre.storage_out_j"), 2 * 18.63 * 3.6e6,
	    5e-4 * 2 * 18.63 * 3.6e6));
}

/* With constant use the plan knows all: it is cheaper than each rule and than nothing, the
 * demand charge included, which it does not raise: 0.10 -> 0.30 earns 0.3 * 18.63 - 0.1 * 23
 * a night, less than 2 EUR for each of 7 kW would cost, so that it fills slowly. */
Test(plant, look_ahead_is_cheapest)
{
	static const char *const kind[] = { "none", "self-consumption", "time-of-use",
		"peak-shaving", "carbon" };
	double plan = summary_of(
	    SCENARIO("5 min", CENTRE(BATTERY "<dispatch kind='look-ahead'/>")), "cost.total");
	for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
		char xml[1024];
		snprintf(xml, sizeof xml, SCENARIO("5 min", CENTRE(BATTERY "<dispatch kind='%s'/>")),
		    kind[i]);
		double rule = summary_of(xml, "cost.total");
		cr_expect_lt(plan, rule - 0.1, "%s: %g", kind[i], rule);
	}
}

/* Turbines of 9 kW in any wind beside 11 kW of use. One: 2 kW are drawn, 12 h at 0.10 and
 * 36 at 0.30. Two: 7 kW are given for 0.07 over 48 h, in the centre's bill alone; inference has
 * no part of it, and no demand is charged. */
Test(plant, export_is_billed_and_no_part_of_inference)
{
	static const char *const always = "speed_m_s,share\n0,1\n50,1\n";
	static const struct {
		const char *xml;
		double import, income, charges;
	} row[] = {
		{ SCENARIO("15 min", CENTRE(STEADY)), 2 * (12 * 0.1 + 36 * 0.3), 0, 2 * 2 },
		{ SCENARIO("15 min", CENTRE(STEADY STEADY)), 0, 7 * 48 * 0.07, 0 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct world_bed b;
		world_bed_run_trace(&b, row[i].xml, always);
		double total = row[i].import + row[i].charges - row[i].income;
		cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "cost.inference"), row[i].import, 1e-9));
		cr_expect(epsilon_eq(
		    dbl, world_bed_metric(&b, "cost.export_income"), row[i].income, 1e-9));
		cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "cost.datacentres"), total, 1e-9));
		cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "cost.total"), total, 1e-9));
		world_bed_free(&b);
	}
}

/* Two days of: 23 kWh at 365 EUR over 3650 d, 2.3 EUR a day; a second battery of 7 kW at
 * 730 EUR over 3650 d, 1.4; 31 kW of modules at 730 EUR over 7300 d, 3.1; a turbine of 9 kW at
 * 1095 EUR over 3650 d, 2.7, and 1825 kg for each of its kW, 4.5 kg a day; another of 3650 EUR,
 * 1. No nodes: inference bought nothing. */
Test(plant, hardware_behind_the_meter_is_bought)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO("1 h", CENTRE(
	    "<solar capacity='31 kW' tilt='20 deg' azimuth='180 deg'>"
	    "<capex price='730 EUR' per='kw' life='7300 d'/></solar>"
	    "<battery capacity='23 kWh' power='9 kW'>"
	    "<capex price='365 EUR' per='kwh' life='3650 d'/></battery>"
	    "<battery capacity='13 kWh' power='7 kW'>"
	    "<capex price='730 EUR' per='kw' life='3650 d'/></battery>"
	    "<wind capacity='9 kW'>"
	    "<capex price='1095 EUR' per='kw' life='3650 d' embodied-kg='1825'/></wind>"
	    "<wind capacity='5 kW'><capex price='3650 EUR' life='3650 d'/></wind>")), 1);
	double hardware = 2 * (2.3 + 1.4 + 3.1 + 2.7 + 1);
	struct ds_metric m;
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "cost.hardware"), hardware, 1e-9));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "cost.total_with_hardware"),
	    world_bed_metric(&b, "cost.total") + hardware, 1e-9));
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "carbon.embodied_kg"), 9, 1e-9));
	cr_expect_not(ds_metric_find(b.d, "cost.inference_hardware", &m));
	world_bed_free(&b);
}

/* A charge of all hours is a charge by the tariff's attribute, to the bill and to the plan; one
 * of some hours is not planned for, though the bill has it: filling by night costs nothing. */
Test(plant, demand_charges_are_planned_for)
{
#define CHARGED(attrs, charge)                                                                     \
	"<scenario name='test'>" TIME("5 min") PLACE "<tariff price='0.30 EUR/kWh'" attrs ">"      \
	"<period from='0 h' to='6 h' price='0.10 EUR/kWh'/>" charge "</tariff>"                    \
	CENTRE(BATTERY "<dispatch kind='look-ahead'/>") "</scenario>"
	double whole = summary_of(CHARGED(" demand-per-kw='5 EUR'", ""), "cost.total");
	cr_expect(epsilon_eq(dbl,
	    summary_of(CHARGED("", "<demand-charge per-kw='5 EUR'/>"), "cost.total"), whole, 1e-9));
	cr_expect(epsilon_eq(dbl, summary_of(CHARGED(" demand-per-kw='2 EUR'",
	    "<demand-charge per-kw='3 EUR' from='0 h' to='24 h' months='jan-dec'/>"),
	    "cost.total"), whole, 1e-9));
	const char *some = CHARGED("", "<demand-charge per-kw='5 EUR' from='0 h' to='12 h'/>");
	cr_expect_gt(summary_of(some, "cost.total"), whole + 1);
	cr_expect_gt(summary_of(some, "datacentre.peak_import_w"),
	    summary_of(CHARGED("", "<demand-charge per-kw='5 EUR'/>"),
		"datacentre.peak_import_w") + 1000);
}

/* What does not leave is curtailed: less export and curtailed are the export without a
 * limit. Wind of 9 kW all day and sun make up to 40 kW of 11. */
Test(plant, export_beyond_the_limit_is_curtailed)
{
	struct world_bed b;
	double free_j = summary_of(SCENARIO("5 min", CENTRE(SUN WIND)), "datacentre.export_j");
	double kept_j = run(&b,
	    SCENARIO("5 min", CENTRE(SUN WIND "<connection export='2 kW'/>")), "datacentre.export_j");
	double curtailed_j = world_bed_metric(&b, "datacentre.curtailed_j");
	cr_expect(epsilon_eq(dbl, kept_j + curtailed_j, free_j, 1e-9 * free_j));
	cr_expect_gt(curtailed_j, 0.3 * free_j);
	cr_expect_eq(world_bed_metric(&b, "datacentre.exceeded_j"), 0);
	size_t n;
	const double *sum_j = world_bed_f64(&b, "ledger", "curtailed", &n);
	cr_expect(epsilon_eq(dbl, sum_j[0], curtailed_j, 1e-9 * curtailed_j));
	world_bed_free(&b);
}

/* 11 kW through 9: the cells' 11.5 - 2.3 kWh give 8.28 behind the inverter, 4.14 hours of
 * the 2 kW that are missing; the other 43.86 hours are told, not hidden. */
Test(plant, import_beyond_the_limit_is_told)
{
	const char *xml = SCENARIO("5 min",
	    CENTRE(BATTERY "<connection import='9 kW'/><dispatch kind='none'/>"));
	double wanted_j = (2 * 48 - 8.28) * 3.6e6;
	cr_expect(epsilon_eq(dbl, summary_of(xml, "datacentre.exceeded_j"), wanted_j,
	    1e-5 * wanted_j));
	const char *plan = SCENARIO("5 min",
	    CENTRE(BATTERY "<connection import='9 kW'/><dispatch kind='look-ahead'/>"));
	cr_expect_eq(summary_of(plan, "datacentre.plans"), 48);
	cr_expect_eq(summary_of(plan, "datacentre.plans_infeasible"), 48);
}

/* A given target holds as long as the battery does; without one it is found. */
Test(plant, peaks_are_shaved)
{
	const char *given = SCENARIO("5 min", CENTRE(SUN "<battery capacity='200 kWh' "
	    "power='30 kW'/><dispatch kind='peak-shaving' target='8 kW'/>"));
	cr_expect_leq(summary_of(given, "datacentre.peak_import_w"), 8000 + 1e-6);
	const char *found = "<scenario name='test'>" LONG_TIME PLACE CENTRE(SUN "<battery "
	    "capacity='400 kWh' power='40 kW'/><dispatch kind='peak-shaving'/>") "</scenario>";
	struct world_bed b;
	double ramp = run(&b, found, "datacentre.ramp_w_per_min");
	cr_expect_lt(ramp, 0.1 * world_bed_metric(&b, "datacentre.ramp_bare_w_per_min"));
	world_bed_free(&b);
}

/* Told the weather of the run, a plan costs less than with yesterday's, and one that errs by
 * 40 % costs more; errors are seeded, so that two runs are the same. Without a demand charge,
 * for which a plan that sees only a day ahead may save too early in the month. */
static double planned(const char *how)
{
	char xml[2048];
	snprintf(xml, sizeof xml,
	    "<scenario name='test'>" LONG_TIME PLACE
	    "<tariff price='0.30 EUR/kWh' export='0.07 EUR/kWh'>"
	    "<period from='0 h' to='6 h' price='0.10 EUR/kWh'/></tariff>"
	    CENTRE(SUN BATTERY "<dispatch kind='look-ahead' %s/>") "</scenario>", how);
	return summary_of(xml, "cost.total");
}

Test(plant, knowing_the_weather_is_worth_something)
{
	double known = planned("forecast='weather'"), guessed = planned("");
	double erring = planned("forecast='weather' error='0.4'");
	cr_expect_lt(known, guessed);
	cr_expect_lt(known, erring);
	cr_expect_eq(planned("forecast='weather' error='0.4'"), erring);
}
