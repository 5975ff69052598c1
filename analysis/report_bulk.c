/* The bulk system: what it generates, what that costs and emits, where its frequency goes. */
#include "analysis/report_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure.h"
#include "analysis/html.h"
#include "analysis/series.h"
#include "analysis/show.h"
#include "base/mem.h"

/* Lines that a figure has room for, beside the time. */
enum { LINES_MAX = FIGURE_COLUMNS - 1 };

/* One unit's column of the table of generation. The caller frees column->data. */
static void take_column(const struct ds_group *g, size_t unit, struct ds_var *column,
    struct series *s)
{
	const struct ds_var *all = ds_var(g, "generation");
	const float *w = all->data;
	size_t n = all->rows->size, units = all->cols->size;
	double *one = mem_new(n, sizeof *one);
	for (size_t i = 0; i < n; i++) one[i] = (double)w[i * units + unit];
	*column = (struct ds_var){ .type = DS_F64, .data = one, .rows = all->rows };
	*s = (struct series){ column, ds_data(g, "time", DS_F64), n };
}

static void put_generation(struct page *p, const struct ds_group *g)
{
	char *const *name = ds_data(g, "unit", DS_TEXT);
	size_t units = ds_rows(g, "unit"), n = units < LINES_MAX ? units : LINES_MAX;
	struct ds_var column[LINES_MAX];
	struct series one[LINES_MAX];
	const struct series *line[LINES_MAX];
	struct figure f = {
		.kind = FIGURE_SERIES,
		.name = "generation",
		.caption = n < units
		    ? "What the first kinds of units generate, means over a step."
		    : "What the bulk system's units generate, means over a step.",
		.yname = "power, MW",
		.from_zero = true,
		.height = 300,
		.cols = (int)n + 1,
	};
	for (size_t k = 0; k < n; k++) {
		take_column(g, k, &column[k], &one[k]);
		line[k] = &one[k];
		f.head[k + 1] = name[k];
	}
	f.xname = f.head[0] = series_time_name(&one[0]);
	char *ranges = series_ranges(line, f.head + 1, (int)n, "W");
	figure_say(&f, "Generation over time: %s.", ranges);
	free(ranges);
	series_draw(&f, line, (int)n, 1e-6, NULL, 0);
	report_figure(p, &f);
	for (size_t k = 0; k < n; k++) free(column[k].data);
}

static void put_price(struct page *p, const struct ds_group *grid)
{
	struct series price;
	struct ds_metric m;
	char most[SHOW_SIZE];
	if (!series_of(grid, "bulk_price", &price)) return;
	if (!ds_metric_find(p->d, "bulk.price_per_kwh.max", &m)) return;
	char *axis = mem_print("price, %s", m.unit);
	struct figure f = {
		.kind = FIGURE_SERIES,
		.name = "bulk_price",
		.caption = "Price in the bulk system: the cost of the unit that serves the next "
			   "kilowatt-hour.",
		.xname = series_time_name(&price),
		.yname = axis,
		.head = { series_time_name(&price), "price" },
		.cols = 2,
		.from_zero = true,
		.height = 220,
	};
	figure_say(&f, "Price over time: at most %s.", show_metric(&m, most));
	series_draw(&f, (const struct series *[]){ &price }, 1, 1, NULL, 0);
	report_figure(p, &f);
	free(axis);
}

static void put_intensity(struct page *p, const struct ds_group *grid)
{
	struct series average, marginal;
	struct figure f = {
		.kind = FIGURE_SERIES,
		.name = "bulk_carbon",
		.caption = "Carbon dioxide by energy generated: of all units that run, and of the "
			   "one that serves the next kilowatt-hour.",
		.yname = "g/kWh",
		.head = { NULL, "average", "marginal" },
		.cols = 3,
		.from_zero = true,
		.height = 220,
	};
	if (!series_of(grid, "bulk_average_intensity", &average) ||
	    !series_of(grid, "bulk_marginal_intensity", &marginal))
		return;
	f.xname = f.head[0] = series_time_name(&average);
	const struct series *const line[] = { &average, &marginal };
	char *ranges = series_ranges(line, f.head + 1, 2, "g/kWh");
	figure_say(&f, "Carbon intensity over time: %s.", ranges);
	free(ranges);
	series_draw(&f, line, 2, 1, NULL, 0);
	report_figure(p, &f);
}

/* The points about the lowest one: from the disturbance before it on, for a minute. */
struct dip {
	const double *t_s, *hz;
	size_t from, to, lowest;
};

static const double dip_s = 60;

static bool find_dip(const struct ds_group *g, struct dip *d)
{
	char *const *what = ds_data(g, "event", DS_TEXT);
	size_t n = ds_rows(g, "time");
	*d = (struct dip){ ds_data(g, "time", DS_F64), ds_data(g, "frequency", DS_F64), 0, 0, 0 };
	if (!what || !d->t_s || !d->hz) return false;
	if (ds_rows(g, "event") != n || ds_rows(g, "frequency") != n) return false;
	for (size_t i = 0; i < n; i++)
		if (d->hz[i] < d->hz[d->lowest]) d->lowest = i;
	d->from = d->lowest;
	while (d->from > 0 && strcmp(what[d->from], "disturbed")) d->from--;
	d->to = d->lowest;
	while (d->to < n && d->t_s[d->to] <= d->t_s[d->from] + dip_s) d->to++;
	return d->to - d->from > 2;
}

static void put_dip(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "frequency");
	struct dip d;
	char lowest[SHOW_SIZE], after[SHOW_SIZE];
	if (!g || !find_dip(g, &d)) return;
	struct figure f = {
		.kind = FIGURE_SERIES,
		.name = "frequency",
		.caption = "The frequency after the disturbance that took it lowest.",
		.xname = "seconds since the disturbance",
		.yname = "frequency, Hz",
		.head = { "seconds since the disturbance", "frequency" },
		.cols = 2,
		.height = 260,
	};
	figure_say(&f, "Frequency over the minute after a disturbance: lowest %s, after %s.",
	    show_value(d.hz[d.lowest], "Hz", lowest),
	    show_value(d.t_s[d.lowest] - d.t_s[d.from], "s", after));
	for (size_t i = d.from; i < d.to; i++) {
		double row[] = { d.t_s[i] - d.t_s[d.from], d.hz[i] };
		figure_row(&f, row, NULL, NULL);
	}
	report_figure(p, &f);
}

/* Whether the group has a table of generation with its time and its units. */
static bool is_readable(const struct ds_group *g)
{
	const struct ds_var *w = g ? ds_var(g, "generation") : NULL;
	if (!w || w->type != DS_F32 || !w->rows || !w->cols) return false;
	if (!ds_data(g, "time", DS_F64) || !ds_data(g, "unit", DS_TEXT)) return false;
	return w->rows->size > 0 && w->cols->size > 0 && ds_rows(g, "time") == w->rows->size &&
	       ds_rows(g, "unit") == w->cols->size;
}

void report_bulk(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "bulk"), *grid = ds_find(p->d, "grid");
	if (!is_readable(g) || !grid) return;
	fputs("<section>\n<h2>The bulk system</h2>\n", p->html);
	put_generation(p, g);
	put_price(p, grid);
	put_intensity(p, grid);
	put_dip(p);
	report_metrics(p, "bulk.");
	report_metrics(p, "frequency.");
	fputs("</section>\n", p->html);
}
