#include "analysis/report_parts.h"

#include <math.h>
#include <string.h>

#include "analysis/figure.h"
#include "analysis/html.h"
#include "analysis/series.h"
#include "analysis/show.h"

/* Of several transformers it is another one from time to time. */
static void put_loading(struct page *p, const struct ds_group *g)
{
	struct series loading;
	char most[SHOW_SIZE];
	if (!series_of(g, "transformer_loading", &loading)) return;
	struct figure f = {
		.kind = FIGURE_SERIES, .name = "transformer",
		.caption = "Loading of the transformer that carries most of its rating, over time.",
		.xname = series_time_name(&loading), .yname = "apparent power, % of rating",
		.head = { series_time_name(&loading), "loading", "rating" },
		.cols = 3, .limits = 1, .from_zero = true, .height = 300,
	};
	figure_say(&f, "Loading of the transformer that carries most, over time: at most %s.",
	    show_value(series_at(&loading, series_highest(&loading)), "1", most));
	series_draw(&f, (const struct series *[]){ &loading }, 1, 100, &(double){ 100 }, 1);
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

static bool is_flat(const struct series *s)
{
	return series_at(s, series_highest(s)) == 0 && series_at(s, series_lowest(s)) == 0;
}

/* Who draws and who gives, as far as it was recorded; what is never there is left out. */
static void put_powers(struct page *p, const struct ds_group *g)
{
	static const struct { const char *column, *label; } parts[] = {
		{ "household_load", "households" },
		{ "vehicle_load", "cars" },
		{ "solar", "solar" },
		{ "battery", "batteries" },
		{ "home_nodes", "compute in homes" },
		{ "datacentre", "data centre's meter" },
		{ "datacentre_generation", "data centre's sun, wind" },
		{ "datacentre_battery", "data centre's battery" },
		{ "heating", "heating, cooling" },
		{ "water_heating", "hot water" },
	};
	enum { PARTS = sizeof parts / sizeof *parts };
	struct series found[PARTS];
	const struct series *line[PARTS];
	struct figure f = {
		.kind = FIGURE_SERIES, .name = "powers",
		.caption = "Power by part, means over a step. Negative batteries are discharging; "
			   "heating and hot water are part of the households.",
		.yname = "power, kW", .cols = 1, .height = 300,
	};
	int n = 0;
	for (int i = 0; i < PARTS; i++) {
		if (!series_of(g, parts[i].column, &found[n]) || is_flat(&found[n])) continue;
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
	put_loading(p, g);
	put_voltage(p, g);
	put_powers(p, g);
	report_metrics(p, "grid.");
	fputs("</section>\n", p->html);
}
