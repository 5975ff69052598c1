#include "analysis/report_parts.h"

#include <math.h>
#include <string.h>

#include "analysis/figure.h"
#include "analysis/html.h"
#include "analysis/series.h"
#include "analysis/show.h"

static const double *scalar_of(const struct ds_group *g, const char *name)
{
	const struct ds_var *v = ds_var(g, name);
	return v && v->type == DS_F64 && !v->rows ? v->data : NULL;
}

/* The transformer's rating in VA: as recorded, else load over loading where it
 * was highest; NAN: neither is there. */
static double rating_of(const struct ds_group *g)
{
	const double *recorded = scalar_of(g, "transformer_rating");
	if (recorded) return *recorded;
	double attribute = ds_number(g, "transformer_load", "rating");
	if (isnan(attribute)) attribute = ds_number(g, NULL, "transformer_rating");
	if (!isnan(attribute)) return attribute;
	struct series load, loading;
	if (!series_of(g, "transformer_load", &load) ||
	    !series_of(g, "transformer_loading", &loading))
		return NAN;
	size_t i = series_highest(&loading);
	double part = series_at(&loading, i);
	return part > 0 ? series_at(&load, i) / part : NAN;
}

static void put_load(struct page *p, const struct ds_group *g)
{
	struct series load;
	double rating = rating_of(g);
	char most[SHOW_SIZE], limit[SHOW_SIZE];
	if (!series_of(g, "transformer_load", &load)) return;
	bool limited = !isnan(rating);
	struct figure f = {
		.kind = FIGURE_SERIES, .name = "transformer",
		.caption = "Load of the transformer over time, against its rating.",
		.xname = series_time_name(&load), .yname = "apparent power, kVA",
		.head = { series_time_name(&load), "load", "rating" },
		.cols = limited ? 3 : 2, .limits = limited, .from_zero = true, .height = 300,
	};
	double at = series_at(&load, series_highest(&load));
	figure_say(&f, "Transformer load over time: at most %s%s%s.", show_value(at, "VA", most),
	    limited ? ", rating " : "", limited ? show_value(rating, "VA", limit) : "");
	series_draw(
	    &f, (const struct series *[]){ &load }, 1, 1e-3, &(double){ rating / 1e3 }, limited);
	if (!figure_write(&f, p->html)) p->undrawn = true;
	figure_fini(&f);
}

static void put_voltage(struct page *p, const struct ds_group *g)
{
	struct series low, high;
	char lowest[SHOW_SIZE], highest[SHOW_SIZE];
	if (!series_of(g, "voltage_min", &low) || !series_of(g, "voltage_max", &high)) return;
	struct figure f = {
		.kind = FIGURE_SERIES,
		.name = "voltage",
		.caption = "Lowest and highest voltage at the customers over time; 90 and 110 % "
			   "are the limits of EN 50160.",
		.xname = series_time_name(&low),
		.yname = "voltage, % of nominal",
		.head = { series_time_name(&low), "lowest", "highest", "limits", "" },
		.cols = 5,
		.limits = 2,
		.height = 260,
	};
	figure_say(&f, "Customer voltages over time: from %s to %s %% of nominal.",
	    show_value(100 * series_at(&low, series_lowest(&low)), "1", lowest),
	    show_value(100 * series_at(&high, series_highest(&high)), "1", highest));
	series_draw(&f, (const struct series *[]){ &low, &high }, 2, 100, (double[]){ 90, 110 }, 2);
	if (!figure_write(&f, p->html)) p->undrawn = true;
	figure_fini(&f);
}

/* Who draws and who gives, as far as it was recorded. */
static void put_powers(struct page *p, const struct ds_group *g)
{
	static const struct { const char *column, *label; } parts[] = {
		{ "household_load", "households" }, { "vehicle_load", "cars" },
		{ "solar", "solar" },               { "battery", "batteries" },
		{ "home_nodes", "compute in homes" }, { "datacentre", "data centre" },
	};
	enum { PARTS = sizeof parts / sizeof *parts };
	struct series found[PARTS];
	const struct series *line[PARTS];
	struct figure f = {
		.kind = FIGURE_SERIES, .name = "powers",
		.caption = "Power by part, means over a step. Negative batteries are discharging.",
		.yname = "power, kW", .cols = 1, .height = 300,
	};
	int n = 0;
	for (int i = 0; i < PARTS; i++) {
		if (!series_of(g, parts[i].column, &found[n])) continue;
		f.head[n + 1] = parts[i].label;
		line[n] = &found[n];
		n++;
	}
	if (!n) return;
	f.xname = f.head[0] = series_time_name(&found[0]);
	f.cols = n + 1;
	figure_say(&f, "Power over time of %d parts; the numbers are in the CSV.", n);
	series_draw(&f, line, n, 1e-3, NULL, 0);
	if (!figure_write(&f, p->html)) p->undrawn = true;
	figure_fini(&f);
}

void report_grid(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "grid");
	if (!g) return;
	fputs("<section>\n<h2>Stress on the grid</h2>\n", p->html);
	put_load(p, g);
	put_voltage(p, g);
	put_powers(p, g);
	report_metrics(p, "grid.");
	fputs("</section>\n", p->html);
}
