/* The tables of hearth sensitivity. */
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "cli/sensitivity.h"

/* ---- cells ---- */

enum { WIDE = 96 };

static void put_interval(struct table *t, const struct interval *x)
{
	char text[WIDE] = "-";
	table_number(t, x->value, "%.3g", x->value);
	if (interval_known(x)) snprintf(text, sizeof text, "%.3g to %.3g", x->lo, x->hi);
	table_text(t, text);
	table_number(t, x->lo, "%g", x->lo);
	table_number(t, x->hi, "%g", x->hi);
}

#define INTERVAL_COLUMNS(key, head)                                                                \
	{ key, head, TABLE_RIGHT }, { NULL, "95 %", TABLE_LEFT },                                  \
	    { key "_low", NULL, TABLE_RIGHT },                                                     \
	{                                                                                          \
		key "_high", NULL, TABLE_RIGHT                                                     \
	}

#define FIRST_COLUMNS                                                                              \
	{ "metric", "metric", TABLE_SECTION }, { NULL, "rank", TABLE_RIGHT },                      \
	    { "rank_first", NULL, TABLE_RIGHT }, { "rank_last", NULL, TABLE_RIGHT },               \
	{                                                                                          \
		"axis", "axis", TABLE_LEFT                                                         \
	}

static void put_first(struct table *t, const char *metric, const struct influence_axis *a)
{
	char rank[WIDE];
	snprintf(rank, sizeof rank, a->rank.first == a->rank.last ? "%zu" : "%zu-%zu",
	    a->rank.first, a->rank.last);
	table_text(t, metric);
	table_text(t, rank);
	table_count(t, a->rank.first);
	table_count(t, a->rank.last);
	table_text(t, a->name);
}

/* ---- methods ---- */

static const struct table_column sobol_columns[] = { FIRST_COLUMNS,
	INTERVAL_COLUMNS("total", "total"), INTERVAL_COLUMNS("first", "alone"),
	{ NULL, "= alone, - with others", TABLE_LEFT }, { NULL, NULL, TABLE_LEFT } };

static void put_sobol(struct table *t, const struct influence_axis *a)
{
	put_interval(t, &a->sobol.total);
	put_interval(t, &a->sobol.first);
}

static void draw_sobol(char *bar, const struct influence *f, const struct influence_axis *a)
{
	(void)f;
	sensitivity_bar(bar, a->sobol.first.value, a->sobol.total.value, 1);
}

static const struct table_column morris_columns[] = { FIRST_COLUMNS,
	INTERVAL_COLUMNS("mu_star", "mu*"), { "mu", "mu", TABLE_RIGHT },
	{ "sigma", "sigma", TABLE_RIGHT }, { "shape", "effect", TABLE_LEFT },
	{ NULL, "mu*", TABLE_LEFT }, { NULL, NULL, TABLE_LEFT } };

/* Bounds of sigma over mu*: Garcia Sanchez et al. 2014, Energy and Buildings 68, section 3. */
static const char *shape(const struct morris_axis *m)
{
	double ratio = m->sigma / m->mu_star.value;
	if (isnan(ratio)) return NULL;
	return ratio < 0.1   ? "linear"
	       : ratio < 0.5 ? "monotonic"
	       : ratio < 1   ? "almost monotonic"
			     : "not monotonic, or by interaction";
}

static void put_morris(struct table *t, const struct influence_axis *a)
{
	const struct morris_axis *m = &a->morris;
	put_interval(t, &m->mu_star);
	table_number(t, m->mu.value, "%.3g", m->mu.value);
	table_number(t, m->sigma, "%.3g", m->sigma);
	table_text(t, shape(m));
}

static void draw_morris(char *bar, const struct influence *f, const struct influence_axis *a)
{
	double part = a->morris.mu_star.value, most = f->axis[0].morris.mu_star.value;
	sensitivity_bar(bar, part, part, most);
}

static const struct table_column tornado_columns[] = { FIRST_COLUMNS,
	INTERVAL_COLUMNS("change", "change"), { "low", "low", TABLE_RIGHT },
	{ "low_from", "at", TABLE_LEFT }, { "low_to", NULL, TABLE_LEFT },
	{ "high", "high", TABLE_RIGHT }, { "high_from", "at", TABLE_LEFT },
	{ "high_to", NULL, TABLE_LEFT }, { NULL, "low to high, | mean", TABLE_LEFT },
	{ NULL, NULL, TABLE_LEFT } };

/* "0.366666666666667 kWh" as people read it: "0.3667 kWh". */
static void say_value(char *text, size_t size, const char *value)
{
	const char *unit = text_number_end(value);
	if (unit == value)
		snprintf(text, size, "%s", value);
	else
		snprintf(text, size, "%.4g%s", text_number(value, NULL), unit);
}

static void put_end(struct table *t, double figure, const char *at, const char *to)
{
	char from[WIDE], up_to[WIDE];
	table_number(t, figure, "%.4g", figure);
	if (!at) {
		table_text(t, NULL);
		table_text(t, NULL);
		return;
	}
	say_value(from, sizeof from, at);
	say_value(up_to, sizeof up_to, to ? to : at);
	table_words(t, at, to ? "%s, %s" : "%s", from, up_to);
	table_text(t, to ? to : at);
}

static void put_tornado(struct table *t, const struct influence_axis *a)
{
	put_interval(t, &a->swing.change);
	put_end(t, a->swing.low, a->swing.low_at, a->swing.low_to);
	put_end(t, a->swing.high, a->swing.high_at, a->swing.high_to);
}

static void draw_tornado(char *bar, const struct influence *f, const struct influence_axis *a)
{
	double least = INFINITY, most = -INFINITY;
	for (size_t j = 0; j < f->axes; j++) {
		least = fmin(least, f->axis[j].swing.low);
		most = fmax(most, f->axis[j].swing.high);
	}
	sensitivity_span(bar, a->swing.low, a->swing.high, f->mean, least, most);
}

static const struct kind {
	const struct table_column *columns;
	void (*put)(struct table *t, const struct influence_axis *a);
	void (*draw)(char *bar, const struct influence *f, const struct influence_axis *a);
	const char *says; /* of the columns */
} kinds[] = {
	[INFLUENCE_TORNADO] = { tornado_columns, put_tornado, draw_tornado,
	    "change: the metric's mean from one end of the axis to the other, all else varied as "
	    "in the study" },
	[INFLUENCE_MORRIS] = { morris_columns, put_morris, draw_morris,
	    "mu*: mean size of the change over the axis's whole range; mu: with its sign; sigma: "
	    "how much it differs from place to place" },
	[INFLUENCE_SOBOL] = { sobol_columns, put_sobol, draw_sobol,
	    "alone: part of the metric's variance that goes when this axis is known; total: part "
	    "that stays when all others are" },
};

/* ---- what is said beside the table ---- */

static void say_head(const struct sensitivity *s)
{
	const struct outcomes *o = s->outcomes;
	printf("%s: %s design, %zu axes, %zu settings", o->plan->study, o->design, o->plan->axes,
	    o->settings);
	if (o->replications > 1) printf(", %zu replications", o->replications);
	size_t failed = outcomes_count(o, POINT_FAILED), missing = outcomes_count(o, POINT_MISSING);
	if (failed) printf("; %zu of %zu points failed", failed, o->plan->count);
	if (missing) printf("; %zu of %zu points were not run", missing, o->plan->count);
	puts("\n");
}

static void say_dropped(const struct influence *f)
{
	size_t dropped = f->groups - f->groups_used;
	if (dropped)
		printf("  %zu of %zu %s%s dropped: a point in %s failed, was not run or has no "
		       "such figure\n",
		    dropped, f->groups, f->group, f->groups == 1 ? "" : "s",
		    dropped == 1 ? "it" : "each");
}

static void say_noise(const struct influence *f, size_t replications)
{
	if (isnan(f->noise_frac))
		puts("  one replication: what chance does to these figures is not known");
	else
		printf("  chance that %zu replications left: %.2g %% of the variance\n",
		    replications, 100 * f->noise_frac);
}

/* The widest interval of a total index: wide ones separate nothing. */
static void say_width(const struct influence *f)
{
	double most = 0;
	for (size_t j = 0; j < f->axes; j++)
		if (interval_known(&f->axis[j].size))
			most = fmax(most, (f->axis[j].size.hi - f->axis[j].size.lo) / 2);
	if (f->method == INFLUENCE_SOBOL && most > 0.1)
		printf(
		    "  intervals reach %.2g to each side: four times as many points halve them\n",
		    most);
}

static void say_about(const char *metric, const struct influence *f, size_t replications)
{
	if (f->is_still) {
		printf("\n%s: is %.4g in all %zu settings: no axis moves it\n", metric, f->mean,
		    f->settings_used);
		return;
	}
	printf("\n%s: mean %.4g, standard deviation %.3g over %zu settings\n", metric, f->mean,
	    f->sd, f->settings_used);
	if (f->method == INFLUENCE_SOBOL)
		printf(
		    "  shares of the axes alone add up to %.3g; what lacks to 1 is interaction\n",
		    f->first_sum);
	say_dropped(f);
	say_width(f);
	say_noise(f, replications);
}

/* ---- all of it ---- */

enum { COLUMNS_MAX = 24 };

/* Bars are for text: Markdown closes up their spaces. They are the last column. */
static void columns_without_bar(const struct table_column *from, struct table_column *to)
{
	for (; from[1].key || from[1].head; from++) *to++ = *from;
	*to = (struct table_column){ NULL };
}

static void put_row(
    struct table *t, const struct sensitivity *s, size_t figure, size_t axis, bool has_bar)
{
	const struct kind *k = &kinds[s->method];
	const struct influence *f = &s->influence[figure];
	char bar[SENSITIVITY_BAR_SIZE];
	put_first(t, s->metric[figure], &f->axis[axis]);
	k->put(t, &f->axis[axis]);
	k->draw(bar, f, &f->axis[axis]);
	if (has_bar) table_text(t, bar);
}

static void print_table(const struct sensitivity *s, enum table_form form)
{
	bool has_bar = form != TABLE_MARKDOWN;
	struct table_column bare[COLUMNS_MAX];
	columns_without_bar(kinds[s->method].columns, bare);
	struct table *t = table_new(has_bar ? kinds[s->method].columns : bare);
	for (size_t i = 0; i < s->figures; i++)
		for (size_t j = 0; !s->influence[i].is_still && j < s->influence[i].axes; j++)
			put_row(t, s, i, j, has_bar);
	table_print(t, form, stdout);
	table_free(t);
}

void sensitivity_print(const struct sensitivity *s, enum table_form form)
{
	if (form == TABLE_JSON) {
		sensitivity_print_json(s);
		return;
	}
	if (form != TABLE_CSV) say_head(s);
	print_table(s, form);
	if (form == TABLE_CSV) return;
	printf("\n%s.\n", kinds[s->method].says);
	for (size_t i = 0; i < s->figures; i++)
		say_about(s->metric[i], &s->influence[i], s->outcomes->replications);
}
