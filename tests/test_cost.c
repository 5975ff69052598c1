/* Money and carbon of whole runs, by hand. */
#include "tests/unit.h"

#include <math.h>

#include "models/site/capex.h"
#include "tests/world_bed.h"

#define SCENARIO(parts)                                                                            \
	"<scenario name='test'><time start='2024-06-20T00:00+02:00' duration='2 d' step='1 h'/>"   \
	"<place latitude='52.5 deg' longitude='13.4 deg'/>" parts "</scenario>"
#define NODE(share, inside)                                                                        \
	"<node share='" share "' device='rtx-4090' model='llama-3.1-8b' weights='q4'>" inside      \
	"</node>"
#define WORK                                                                                       \
	"<workload rate='70 1/h' prompt='uniform(20, 900) tokens' "                                \
	"output='uniform(3, 300) tokens'/>"

static bool near(double a, double b, double rel)
{
	return fabs(a - b) <= rel * fmax(fabs(a), fabs(b));
}

static double metric(const struct world_bed *b, const char *key)
{
	return world_bed_metric(b, key);
}

static bool has(const struct world_bed *b, const char *key)
{
	struct ds_metric m;
	return ds_metric_find(b->d, key, &m);
}

Test(cost, a_year_of_hardware_is_a_share_or_an_annuity)
{
	struct capex_par p = { .price = 1000, .life_s = 10 * CAPEX_YEAR_S };
	cr_expect(near(capex_of_year(&p), 100, 1e-15));
	/* The factor of 5 % and 10 years in tables of engineering economy: 0.1295. */
	p.rate_frac = 0.05;
	cr_expect(epsilon_eq(dbl, capex_of_year(&p), 129.5046, 1e-4));
	/* One year: price and interest. */
	p.life_s = CAPEX_YEAR_S;
	cr_expect(near(capex_of_year(&p), 1050, 1e-12));
}

/* Two nodes that cost 3650 EUR and 100 kg for 5 years each, in a data centre that pays 3 EUR a
 * day: in two days 8 EUR and 40/365 kg of hardware, 6 EUR of charges. */
Test(cost, a_data_centre_pays_energy_charges_and_hardware)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO("<tariff price='0.3 EUR/kWh' fixed-per-day='3 EUR'/>"
	    "<carbon intensity='400 g/kWh' marginal='600 g/kWh'/>"
	    "<datacentre name='one' pue='1.3'><node device='h100-sxm' model='llama-3.1-8b' count='2'>"
	    "<capex price='3650 EUR' life='1825 d' embodied-kg='100'/></node></datacentre>" WORK), 1);
	double energy = metric(&b, "energy.site_j") / 3.6e6 * 0.3;
	cr_expect(near(metric(&b, "cost.import"), energy, 1e-12));
	cr_expect(near(metric(&b, "cost.charges"), 6, 1e-12));
	cr_expect(near(metric(&b, "cost.total"), energy + 6, 1e-12));
	cr_expect(near(metric(&b, "cost.inference_charges"), 6, 1e-12));
	cr_expect(near(metric(&b, "cost.hardware"), 8, 1e-12));
	cr_expect(near(metric(&b, "cost.inference_hardware"), 8, 1e-12));
	cr_expect(near(metric(&b, "cost.total_with_hardware"), energy + 14, 1e-12));
	double mtoken = metric(&b, "service.output_tokens") / 1e6;
	cr_expect(near(metric(&b, "cost.levelised_per_mtoken") * mtoken, energy + 14, 1e-12));
	cr_expect(near(metric(&b, "cost.hardware_per_mtoken") * mtoken, 8, 1e-12));
	cr_expect(near(metric(&b, "cost.charges_per_mtoken") * mtoken, 6, 1e-12));
	cr_expect(near(metric(&b, "carbon.embodied_kg"), 200 * 2 / 1825.0, 1e-12));
	cr_expect(near(metric(&b, "carbon.marginal_kg"), 1.5 * metric(&b, "carbon.total_kg"), 1e-12));
	cr_expect(near(metric(&b, "carbon.inference_marginal_kg"),
	    1.5 * metric(&b, "carbon.inference_kg"), 1e-12));
	world_bed_free(&b);
}

/* Four homes: 4 x 10 kWh of battery at 365 EUR a kWh over 10 years are 4 EUR a day; 4 x 5 kW of
 * modules at 730 EUR a kW over 20 years 2 EUR a day; four cars of 3650 EUR over 10 years 4 EUR a
 * day: 20 EUR in two days, none of it inference's. */
Test(cost, homes_hardware_goes_by_piece_kw_and_kwh)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO("<homes count='4'><load annual='3000 kWh'/>"
	    "<solar capacity='5 kW' tilt='30 deg' azimuth='180 deg'>"
	    "<capex price='730 EUR' per='kw' life='7300 d'/></solar>"
	    "<battery capacity='10 kWh' power='3 kW'>"
	    "<capex price='365 EUR' per='kwh' life='3650 d'/></battery>"
	    "<vehicle share='1' capacity='41 kWh' power='3.7 kW'>"
	    "<capex price='3650 EUR' life='3650 d'/></vehicle></homes>"), 1);
	cr_expect(near(metric(&b, "cost.hardware"), 20, 1e-12));
	cr_expect_not(has(&b, "cost.inference_hardware"));
	cr_expect_not(has(&b, "cost.total_with_hardware"), "no tariff, no total");
	cr_expect_not(has(&b, "carbon.embodied_kg"));
	world_bed_free(&b);
}

Test(cost, every_meter_has_a_bill)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO("<homes count='5'><tariff price='0.3 EUR/kWh' export='0.1 EUR/kWh' "
	    "fixed-per-day='1 EUR' demand-per-kw='2 EUR'/><load annual='3000 kWh'/>"
	    "<solar capacity='5 kW' tilt='30 deg' azimuth='180 deg'/>" NODE("0.4", "") "</homes>"
	    "<datacentre name='free'><node device='h100-sxm' model='llama-3.1-8b'/></datacentre>"
	    "<datacentre name='paying'><tariff price='0.2 EUR/kWh'/>"
	    "<node device='h100-sxm' model='llama-3.1-8b'/></datacentre>" WORK), 1);
	size_t n;
	const double *total = world_bed_f64(&b, "bills", "total", &n);
	cr_assert_eq(n, 6);
	double homes = 0;
	for (int i = 0; i < 5; i++) homes += total[i];
	cr_expect(near(homes, metric(&b, "cost.homes"), 1e-12));
	cr_expect(near(total[5], metric(&b, "cost.datacentres"), 1e-12));
	const int32_t *home = ds_data(ds_find(b.d, "bills"), "home", DS_I32);
	cr_expect_eq(home[4], 4);
	cr_expect_eq(home[5], -1);
	const double *fixed = world_bed_f64(&b, "bills", "fixed_cost", &n);
	cr_expect(near(fixed[3], 2, 1e-12));
	const double *demand = world_bed_f64(&b, "bills", "demand_cost", &n);
	cr_expect_gt(demand[0], 0);
	cr_expect_eq(demand[5], 0);
	double part = metric(&b, "cost.inference_charges") / metric(&b, "cost.charges");
	cr_expect(0 < part && part < 1, "two of five homes have nodes");
	world_bed_free(&b);
}

/* Homes with nothing but a node bear all of their charges. */
Test(cost, charges_of_a_street_of_nodes_are_inferences)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO("<tariff price='0.3 EUR/kWh' fixed-per-month='7 EUR' "
	    "demand-per-kw='2 EUR' demand-window='1 h'/><homes count='3'>" NODE("1", "")
	    "</homes>" WORK), 1);
	cr_expect(near(metric(&b, "cost.inference_charges"), metric(&b, "cost.charges"), 1e-9));
	cr_expect(near(metric(&b, "cost.inference"), metric(&b, "cost.import"), 1e-9));
	world_bed_free(&b);
}
