/* What a run reports of the bulk system. */
#include "models/site/market.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/metric.h"
#include "models/site/supply.h"

#define J_PER_KWH      3.6e6
#define HOURS_PER_YEAR 8760.0
#define MERIT_SOURCE   "merit order of the units of <supply>, one node, by grid step"
#define LOLE_SOURCE                                                                                \
	"loss of load expectation and expected energy not served, as ENTSO-E's European Resource " \
	"Adequacy Assessment (2023) has them (recalled), of this one run"

extern const struct metric bulk_metrics[];
const struct metric bulk_metrics[] = {
	{ "bulk.price_per_kwh", "currency/kWh",
	    "price in the bulk system: what the unit costs that serves the next kilowatt-hour",
	    "over the run's time: cost of the cheapest unit with room; 0 with a surplus; scarcity= "
	    "with demand unserved",
	    MERIT_SOURCE, LOWER_IS_BETTER },
	{ "bulk.average_g_per_kwh", "g/kWh", "carbon dioxide of what the units generated",
	    "sum of emission * energy generated / energy generated", MERIT_SOURCE,
	    LOWER_IS_BETTER },
	{ "bulk.marginal_g_per_kwh", "g/kWh",
	    "carbon dioxide of the unit that serves the next kilowatt-hour, on average over the "
	    "run's time",
	    "mean of the emission of the cheapest unit with room; 0 with a surplus and with demand "
	    "unserved",
	    MERIT_SOURCE, LOWER_IS_BETTER },
	{ "bulk.generated_j", "J", "energy that the units generated", "sum over steps and units",
	    MERIT_SOURCE },
	{ "bulk.scenario_frac", "1", "share of the scenario's own sites in the demand",
	    "generated for the sites / all demand", "definition" },
	{ "bulk.unserved_j", "J", "demand that the units could not reach",
	    "sum over steps of max(0, demand - outputs at their upper bounds) * dt", LOLE_SOURCE,
	    LOWER_IS_BETTER },
	{ "bulk.scenario_unserved_j", "J",
	    "the scenario's share of it, in proportion to what it draws; its sites are served "
	    "all the same",
	    "sum over steps of unserved * sites / demand", LOLE_SOURCE, LOWER_IS_BETTER },
	{ "bulk.lole_h", "h", "time with demand unserved", "length of the steps with a shortfall",
	    LOLE_SOURCE, LOWER_IS_BETTER },
	{ "bulk.lole_h_per_year", "h/year", "the same for a year that is like the run",
	    "bulk.lole_h * 8760 h / length of the run", LOLE_SOURCE, LOWER_IS_BETTER },
	{ "bulk.curtailed_j", "J",
	    "energy of wind and sun that was there and not taken, and output that ramps kept up "
	    "beyond the demand",
	    "sum over steps of available - output of units with availability=, + surplus",
	    MERIT_SOURCE, LOWER_IS_BETTER },
	{ "bulk.margin_frac", "1", "lowest capacity margin: room above the demand",
	    "min over steps of (available - demand) / demand, ramps apart",
	    "de-rated capacity margin, with the availability of each step", HIGHER_IS_BETTER },
	{ 0 },
};

static void put(struct dataset *d, const char *key, double value, long n)
{
	metric_put(d, key, NULL, estimate_exact(value, n));
}

static void put_price(struct dataset *d, const char *part, double per_j, long n,
    const char *currency)
{
	char *key = mem_print("bulk.price_per_kwh.%s", part);
	char *unit = mem_print("%s/kWh", currency);
	metric_put(d, "bulk.price_per_kwh", part, estimate_exact(J_PER_KWH * per_j, n));
	ds_attr_text(ds_group(d, "summary"), key, "units", unit);
	free(key);
	free(unit);
}

static void export_metrics(const struct market_total *t, const char *currency, struct dataset *d)
{
	const double g_kwh = 1000 * J_PER_KWH;
	put_price(d, "mean", t->price_s / t->run_s, t->steps, currency);
	put_price(d, "max", t->price_max_per_j, t->steps, currency);
	if (t->generated_j > 0)
		put(d, "bulk.average_g_per_kwh", g_kwh * t->carbon_kg / t->generated_j, t->steps);
	put(d, "bulk.marginal_g_per_kwh", g_kwh * t->marginal_s / t->run_s, t->steps);
	put(d, "bulk.generated_j", t->generated_j, t->steps);
	if (t->demand_j > 0) put(d, "bulk.scenario_frac", t->own_j / t->demand_j, t->steps);
	put(d, "bulk.unserved_j", t->unserved_j, t->steps);
	put(d, "bulk.scenario_unserved_j", t->own_unserved_j, t->steps);
	put(d, "bulk.lole_h", t->short_s / 3600, t->steps);
	put(d, "bulk.lole_h_per_year", HOURS_PER_YEAR * t->short_s / t->run_s, t->steps);
	put(d, "bulk.curtailed_j", t->curtailed_j, t->steps);
	if (isfinite(t->margin_frac)) put(d, "bulk.margin_frac", t->margin_frac, t->steps);
}

static void export_units(const struct market *m, const struct record *r,
    const struct stamp *start, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "bulk");
	struct ds_dim *time = record_export_time(r, start, g);
	struct ds_dim *unit = ds_dim(g, "unit", market_units(m));
	char **name = ds_column(g, "unit", DS_TEXT, unit, NULL, "", "kind of generators");
	double *capacity = ds_column(
	    g, "capacity", DS_F64, unit, NULL, "W", "of all of a kind, whatever the hour");
	double *energy = ds_column(g, "energy", DS_F64, unit, NULL, "J", "generated in the run");
	for (size_t k = 0; k < market_units(m); k++) {
		const struct unit_par *p = market_unit(m, k);
		name[k] = mem_text(p->name);
		capacity[k] = market_capacity_w(m, k);
		energy[k] = market_unit_j(m, k);
	}
	float *w = ds_column(g, "generation", DS_F32, time, unit, "W", "output, mean over a step");
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < market_units(m); k++)
			w[i * market_units(m) + k] = market_generation_w(m, (long)i)[k];
}

void market_export(const struct market *m, const struct record *r, const struct stamp *start,
    const char *currency, struct dataset *d)
{
	if (!market_total(m)->steps) return;
	export_metrics(market_total(m), currency, d);
	export_units(m, r, start, d);
}
