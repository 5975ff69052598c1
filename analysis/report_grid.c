#include "analysis/report_parts.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/figure.h"
#include "analysis/html.h"
#include "analysis/series.h"
#include "analysis/show.h"
#include "analysis/sorted.h"
#include "base/mem.h"

/* Which limit binds, how much of it is left, and what could not be served. */
static void say_limits(struct page *p)
{
	const struct ds_group *summary = ds_find(p->d, "summary");
	struct ds_metric margin, unserved;
	char value[SHOW_SIZE];
	if (!ds_metric_find(p->d, "grid.margin_pu", &margin)) return;
	const char *asset = ds_text(summary, margin.key, "asset");
	const char *limit = ds_text(summary, margin.key, "limit");
	double time_s = ds_number(summary, margin.key, "time_s");
	fputs("<p>", p->html);
	bool broken = margin.value < 0;
	if (asset && limit) {
		fprintf(p->html, "The limit that %s: ", broken ? "was broken most" : "is nearest");
		html_text(p->html, limit);
		fputs(", at ", p->html);
		html_text(p->html, asset);
		fputs("; ", p->html);
	}
	margin.value = fabs(margin.value);
	fprintf(p->html, "<b>%s</b> %s", show_metric(&margin, value),
	    broken ? "beyond it" : "of it were left");
	if (!isnan(time_s)) fprintf(p->html, ", %s after the start", show_value(time_s, "s", value));
	fputs(". ", p->html);
	if (!ds_metric_find(p->d, "grid.unserved_j", &unserved)) fputs("</p>\n", p->html);
	else if (unserved.value > 0)
		fprintf(p->html, "<b>%s</b> of demand were not served.</p>\n",
		    show_metric(&unserved, value));
	else fputs("All demand was served.</p>\n", p->html);
}

/* Of several transformers it is another one from time to time. */
static void put_loading(struct page *p, const struct ds_group *g)
{
	struct series loading;
	char most[SHOW_SIZE];
	if (!series_of(g, "transformer_loading", &loading)) return;
	struct figure f = {
		.kind = FIGURE_SERIES, .name = "transformer",
		.caption = "Loading of the transformer that carries most of its rating, over time.",
		.xname = series_time_name(&loading), .yname = "load, % of rating",
		.head = { series_time_name(&loading), "loading", "rating" },
		.cols = 3, .limits = 1, .from_zero = true, .height = 300,
	};
	figure_say(&f, "Loading of the transformer that carries most, over time: at most %s %% of "
	    "its rating.", show_value(100 * series_at(&loading, series_highest(&loading)), "1", most));
	series_draw(&f, (const struct series *[]){ &loading }, 1, 100, &(double){ 100 }, 1);
	report_figure(p, &f);
}

/* The same values in order of size: the share of the time at or above each. */
static void put_duration(struct page *p, const struct ds_group *g)
{
	enum { POINTS = 200 };
	size_t n;
	char half[SHOW_SIZE], hard[SHOW_SIZE];
	double *sorted = sorted_column(g, "transformer_loading", NULL, &n);
	if (!sorted) return;
	struct figure f = {
		.kind = FIGURE_SERIES, .name = "duration",
		.caption = "Load-duration curve: for which share of the time that transformer carried "
			   "at least so much.",
		.xname = "share of the time, %", .yname = "load, % of rating",
		.head = { "share of the time, %", "loading", "rating" },
		.cols = 3, .limits = 1, .from_zero = true, .height = 230,
	};
	for (int i = 0; i <= POINTS; i++) {
		double share = (double)i / POINTS;
		double row[] = { 100 * share, 100 * sorted_quantile(sorted, n, 1 - share), 100 };
		figure_row(&f, row, NULL, NULL);
	}
	figure_say(&f, "Load-duration curve: half of the time at least %s %% of the rating, a "
	    "hundredth of it at least %s %%.",
	    show_value(100 * sorted_quantile(sorted, n, 0.5), "1", half),
	    show_value(100 * sorted_quantile(sorted, n, 0.99), "1", hard));
	report_figure(p, &f);
	free(sorted);
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
	report_figure(p, &f);
}

/* Time by customer, of group "voltage"; colours tell lows from highs. */
static void put_map(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "voltage");
	const double *end_s = ds_data(g, "time", DS_F64);
	const int32_t *first = ds_data(g, "customer", DS_I32);
	const float *v_pu = ds_data(g, "furthest", DS_F32);
	size_t n = ds_rows(g, "furthest"), places = ds_cols(g, "furthest");
	if (!end_s || !first || !v_pu || !n || !places || ds_rows(g, "time") != n || ds_rows(g, "customer") != places)
		return;
	bool days = end_s[n - 1] > 4 * 86400;
	const char *axis = days ? "days since the start" : "hours since the start";
	struct figure f = {
		.kind = FIGURE_MAP, .name = "voltage_map",
		.caption = "Voltage by time and customer, in per cent of nominal: blue is low, orange "
			   "high; of the interval, and of neighbours where there are many, the value "
			   "furthest from nominal.",
		.xname = axis, .yname = "customer along the feeder", .head = { axis, "customer" },
		.place = first, .cols = (int)places + 1, .height = 300,
	};
	double *row = mem_new(places + 1, sizeof *row), low = INFINITY, high = -INFINITY;
	for (size_t t = 0; t < n; t++) {
		row[0] = end_s[t] / (days ? 86400 : 3600);
		for (size_t c = 0; c < places; c++) {
			row[c + 1] = 100 * (double)v_pu[t * places + c];
			low = fmin(low, row[c + 1]);
			high = fmax(high, row[c + 1]);
		}
		figure_row(&f, row, NULL, NULL);
	}
	char lowest[SHOW_SIZE], highest[SHOW_SIZE];
	figure_say(&f, "Voltages by time and customer: from %s to %s %% of nominal.",
	    show_value(low, "1", lowest), show_value(high, "1", highest));
	if (low <= high) report_figure(p, &f);
	else figure_fini(&f); /* nothing was live, ever */
	free(row);
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
	char *ranges = series_ranges(line, f.head + 1, n, "W");
	figure_say(&f, "Power over time: %s.", ranges);
	free(ranges);
	series_draw(&f, line, n, 1e-3, NULL, 0);
	report_figure(p, &f);
}

void report_grid(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "grid");
	if (!g) return;
	fputs("<section>\n<h2>Stress on the grid</h2>\n", p->html);
	say_limits(p);
	put_loading(p, g);
	put_duration(p, g);
	put_voltage(p, g);
	put_map(p);
	put_powers(p, g);
	report_metrics(p, "grid.");
	fputs("</section>\n", p->html);
}
