/* hearth plot RESULTS [SERIES]... */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "analysis/figure.h"
#include "analysis/results.h"
#include "analysis/series.h"
#include "analysis/show.h"
#include "base/mem.h"
#include "base/near.h"
#include "cli/command.h"
#include "cli/form.h"

enum { JSON, CSV, MD };

static const struct option_row options[] = {
	[JSON] = FORM_JSON_OPTION,
	[CSV] = FORM_CSV_OPTION,
	[MD] = FORM_MD_OPTION,
	{ NULL },
};

/* Of one picture. */
enum { LINES_MAX = FIGURE_COLUMNS - 1, WIDTH = 80, HEIGHT = 24, WIDTH_MIN = 40, WIDTH_MAX = 400 };

static const struct err_pos nowhere;

struct line {
	const struct ds_group *group;
	struct series s;
	bool drawn;
};

struct lines {
	struct line *line;
	size_t n;
};

static const char *unit_of(const struct line *l)
{
	const char *unit = ds_text(l->group, l->s.var->name, "units");
	return unit ? unit : "";
}

/* All series of a run, in the order of its groups. */
static struct lines all_lines(const struct dataset *d)
{
	struct lines all = { 0 };
	size_t cap = 0;
	for (size_t i = 0; i < d->groups; i++) {
		const struct ds_group *g = d->group[i];
		for (size_t k = 0; k < g->vars; k++) {
			struct line l = { .group = g };
			if (!strcmp(g->var[k]->name, "time") || !series_of(g, g->var[k]->name, &l.s))
				continue;
			all.line = mem_grow(all.line, all.n, &cap, sizeof *all.line);
			all.line[all.n++] = l;
		}
	}
	return all;
}

/* "solar" or "grid/solar". */
static bool is_named(const struct line *l, const char *name)
{
	const char *slash = strrchr(name, '/');
	size_t n = slash ? (size_t)(slash - name) : 0;
	if (slash && (strlen(l->group->name) != n || strncmp(l->group->name, name, n) != 0)) return false;
	return !strcmp(l->s.var->name, slash ? slash + 1 : name);
}

static const struct line *find(const struct lines *all, const char *name, struct err_list *e)
{
	struct near n = near_to(name);
	for (size_t i = 0; i < all->n; i++) {
		if (is_named(&all->line[i], name)) return &all->line[i];
		near_try(&n, all->line[i].s.var->name);
	}
	if (near_best(&n))
		err_at(e, nowhere, "no series '%s' (did you mean '%s'?)", name, near_best(&n));
	else
		err_at(e, nowhere, "no series '%s'; without one, hearth plot lists them", name);
	return NULL;
}

/* ---- tables ---- */

static void put_range(struct table *t, const struct line *l)
{
	const double low = series_at(&l->s, series_lowest(&l->s));
	const double high = series_at(&l->s, series_highest(&l->s));
	const char *about = ds_text(l->group, l->s.var->name, "long_name");
	char text[SHOW_SIZE];
	table_words(t, l->s.var->name, "%s/%s", l->group->name, l->s.var->name);
	table_text(t, unit_of(l));
	table_number(t, low, "%s", show_value(low, unit_of(l), text));
	table_number(t, high, "%s", show_value(high, unit_of(l), text));
	table_text(t, about);
}

static void print_ranges(const struct lines *of, enum table_form form)
{
	static const struct table_column columns[] = {
		{ "series", "series", TABLE_LEFT }, { "unit", NULL, TABLE_LEFT },
		{ "lowest", "lowest", TABLE_RIGHT }, { "highest", "highest", TABLE_RIGHT },
		{ "about", "about", TABLE_BELOW }, { NULL },
	};
	struct table *t = table_new(columns);
	for (size_t i = 0; i < of->n; i++) put_range(t, &of->line[i]);
	table_print(t, form, stdout);
	table_free(t);
}

/* Every step of the series, which share a time axis. */
static bool print_values(const struct lines *of, enum table_form form, struct err_list *e)
{
	const struct line *first = &of->line[0];
	struct table_column *column = mem_new(of->n + 2, sizeof *column);
	column[0] = (struct table_column){ "time_s", "time, s", TABLE_RIGHT };
	for (size_t i = 0; i < of->n; i++) {
		const char *name = of->line[i].s.var->name;
		column[i + 1] = (struct table_column){ name, name, TABLE_RIGHT };
		if (of->line[i].group == first->group) continue;
		err_at(e, nowhere, "'%s' and '%s' have other times; ask for one group at a time",
		    first->s.var->name, name);
	}
	if (!err_count(e)) {
		struct table *t = table_new(column);
		for (size_t r = 0; r < first->s.n; r++) {
			table_number(t, first->s.time_s[r], "%.10g", first->s.time_s[r]);
			for (size_t i = 0; i < of->n; i++) {
				double v = series_at(&of->line[i].s, r);
				table_number(t, v, "%.6g", v);
			}
		}
		table_print(t, form, stdout);
		table_free(t);
	}
	free(column);
	return err_count(e) == 0;
}

/* ---- pictures ---- */

static int terminal_width(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	long width = columns ? strtol(columns, NULL, 10) : 0;
	if (!width && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size)) width = size.ws_col;
	if (width <= 0) width = WIDTH;
	return (int)(width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width);
}

/* Powers of a street are in kilowatts. */
static double scale_of(const struct line *l, char unit[16])
{
	double most = fmax(fabs(series_at(&l->s, series_highest(&l->s))),
	    fabs(series_at(&l->s, series_lowest(&l->s))));
	const char *own = unit_of(l);
	bool power = !strcmp(own, "W") || !strcmp(own, "VA");
	int step = power && most >= 1e6 ? 2 : power && most >= 1e3 ? 1 : 0;
	static const struct { double by; const char *prefix; } prefix[] = { { 1, "" }, { 1e-3, "k" },
		{ 1e-6, "M" } };
	snprintf(unit, 16, "%s%.12s", prefix[step].prefix, own);
	return prefix[step].by;
}

/* One picture of the lines of one unit and group that begin with this one. */
static bool draw(struct lines *of, size_t from)
{
	const struct line *first = &of->line[from];
	const struct series *line[LINES_MAX];
	char unit[16];
	double scale = scale_of(first, unit);
	struct figure f = { .kind = FIGURE_SERIES, .name = "terminal", .cols = 1 };
	f.xname = f.head[0] = series_time_name(&first->s);
	for (size_t i = from; i < of->n && f.cols <= LINES_MAX; i++) {
		struct line *l = &of->line[i];
		if (l->drawn || l->group != first->group || strcmp(unit_of(l), unit_of(first))) continue;
		l->drawn = true;
		line[f.cols - 1] = &l->s;
		f.head[f.cols++] = l->s.var->name;
	}
	char *title = f.cols == 2 ? mem_print("%s, %s", f.head[1], unit) : mem_text(unit);
	f.yname = title;
	series_draw(&f, line, f.cols - 1, scale, NULL, 0);
	char *text = figure_characters(&f, terminal_width(), HEIGHT);
	if (text) fputs(text + strspn(text, "\f\n"), stdout);
	bool drawn = text != NULL;
	free(text);
	free(title);
	figure_fini(&f);
	return drawn;
}

static void draw_all(struct lines *of, struct err_list *e)
{
	for (size_t i = 0; i < of->n; i++) {
		if (of->line[i].drawn || draw(of, i)) continue;
		err_warn(e, nowhere,
		    "nothing is drawn: gnuplot is not installed or failed (Debian: gnuplot-nox); the "
		    "values: --csv");
		print_ranges(of, TABLE_TEXT);
		return;
	}
}

static int plot(const struct options *o, const struct dataset *d, enum table_form form,
    struct err_list *e)
{
	struct lines all = all_lines(d), of = { 0 };
	if (!all.n) err_at(e, nowhere, "'%s' has no series", o->operand);
	of.line = mem_new(o->further.count + 1, sizeof *of.line);
	for (size_t i = 0; i < o->further.count; i++) {
		const struct line *l = find(&all, o->further.word[i], e);
		if (l) of.line[of.n++] = *l;
	}
	if (!err_count(e)) {
		if (!o->further.count) print_ranges(&all, form);
		else if (form != TABLE_TEXT) print_values(&of, form, e);
		else draw_all(&of, e);
	}
	free(of.line);
	free(all.line);
	return err_count(e) ? STATUS_USAGE : STATUS_DONE;
}

static int run(const struct options *o)
{
	struct err_list *e = err_new();
	enum table_form form;
	int status = STATUS_USAGE;
	struct dataset *d = form_of(o, JSON, &form) ? results_read(o->operand, e) : NULL;
	if (d) status = plot(o, d, form, e);
	ds_free(d);
	fflush(stdout);
	err_print(e, stderr);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth run -o doorstep.h5", "results to look at" },
	{ "hearth plot doorstep.h5", "which series there are" },
	{ "hearth plot doorstep.h5 transformer_loading", "the transformer's day, by characters" },
	{ "hearth plot doorstep.h5 solar battery household_load --csv",
	    "the same of three powers, every step for a spreadsheet" },
	{ NULL, NULL },
};

const struct command plot_command = {
	.name = "plot", .about = "draw series of kept results in the terminal",
	.text = "Draws series of a run over time by characters, as wide as the terminal (or COLUMNS): "
		"series of one unit in one picture. Without a series lists those that there are, with "
		"their range. With --json, --csv or --md prints every step instead, in SI units. "
		"Drawing takes gnuplot.",
	.operand = { "RESULTS", true, NULL, "a file written by hearth run -o" },
	.further = { "SERIES", false, "all are listed", "a series, as NAME or GROUP/NAME", true },
	.options = options, .examples = examples, .run = run,
};
