/* A hosting capacity as text and as JSON. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>

#include "analysis/show.h"
#include "cli/grid.h"
#include "cli/grid_hosting.h"

enum { JSON_DIGITS = 12 };

/* ---- text ---- */

static const char *percent(double frac, char buf[SHOW_SIZE])
{
	snprintf(buf, SHOW_SIZE, "%.4g %%", 100 * frac);
	return buf;
}

static const struct table_column columns[] = {
	{ "share_frac", "share", TABLE_RIGHT }, { "homes", "homes", TABLE_RIGHT },
	{ "margin_min_pu", "margin min", TABLE_RIGHT },
	{ "margin_median_pu", "median", TABLE_RIGHT }, { "margin_max_pu", "max", TABLE_RIGHT },
	{ "placements_over", NULL, TABLE_RIGHT }, { "placements", NULL, TABLE_RIGHT },
	{ NULL, "limit crossed", TABLE_RIGHT }, { "asset", NULL, TABLE_LEFT },
	{ "limit", NULL, TABLE_LEFT },
	{ NULL, "nearest limit in the worst placement", TABLE_LEFT }, { NULL },
};

static void add_margin(struct table *t, double pu)
{
	table_number(t, pu, "%.2f %%", 100 * pu);
}

static void add_level(struct table *t, const struct hosting_level *l, size_t placements)
{
	table_number(t, l->share_frac, "%.4g %%", 100 * l->share_frac);
	table_count(t, l->homes);
	add_margin(t, l->min_pu);
	add_margin(t, l->median_pu);
	add_margin(t, l->max_pu);
	table_count(t, l->over);
	table_count(t, placements);
	table_words(t, NULL, "%zu/%zu", l->over, placements);
	table_text(t, l->worst->asset);
	table_text(t, l->worst->limit);
	table_words(t, NULL, "%s (%s)", l->worst->asset, l->worst->limit);
}

static void print_levels(const struct hosting *h, enum table_form form)
{
	struct table *t = table_new(columns);
	for (size_t i = 0; i < h->levels; i++) add_level(t, &h->level[i], h->placements);
	table_print(t, form, stdout);
	table_free(t);
}

static void print_share(const struct hosting *h, double frac, const char *where)
{
	char share[SHOW_SIZE];
	double first_frac = h->level[0].share_frac;
	if (!isnan(frac))
		printf("%s of homes in %s", percent(frac, share), where);
	else if (first_frac > 0)
		printf("less than %s of homes in %s", percent(first_frac, share), where);
	else
		printf("no share of homes in %s", where);
}

static void print_doubt(const struct hosting *h, enum validity stamp)
{
	char share[SHOW_SIZE];
	struct hosting_doubt d = hosting_doubt(h, stamp);
	if (!d.runs) return;
	printf("%s: %zu of %zu runs, the first at %s of homes, placement %zu: %s\n",
	    validity_word(stamp), d.runs, hosting_runs(h), percent(d.level->share_frac, share),
	    d.placement, d.failed);
}

static void print_people(const struct hosting *h, enum table_form form)
{
	struct hosting_capacity c = hosting_capacity(h);
	char share[SHOW_SIZE];
	printf("%s: %zu homes, nodes %s, seed 0x%" PRIx64 ", placements at each share: %zu\n\n",
	    h->scenario, h->homes, h->full ? "at full power" : "by the workload", h->seed,
	    h->placements);
	print_levels(h, form);
	printf("\nhosting capacity: ");
	print_share(h, c.every_frac, "every placement");
	fputs(", ", stdout);
	print_share(h, c.some_frac, "some");
	if (c.bound->over)
		printf("; bound by %s (%s), from %s on\n", c.bound->worst->asset,
		    c.bound->worst->limit, percent(c.bound->share_frac, share));
	else
		printf("; no limit is crossed, the nearest is %s (%s)\n", c.bound->worst->asset,
		    c.bound->worst->limit);
	print_doubt(h, VALIDITY_SUSPECT);
	print_doubt(h, VALIDITY_INVALID);
}

/* ---- JSON ---- */

static json_t *number(double v)
{
	return isnan(v) ? json_null() : json_real(v);
}

static json_t *doubt_json(const struct hosting *h, enum validity stamp)
{
	struct hosting_doubt d = hosting_doubt(h, stamp);
	if (!d.runs) return json_pack("{s:i}", "runs", 0);
	return json_pack("{s:I, s:f, s:I, s:s}", "runs", (json_int_t)d.runs, "first_share_frac",
	    d.level->share_frac, "first_placement", (json_int_t)d.placement, "first_failed",
	    d.failed);
}

static json_t *level_json(const struct hosting_level *l, size_t placements)
{
	json_t *margins = json_array();
	for (size_t p = 0; p < placements; p++)
		json_array_append_new(margins, json_real(l->run[p].margin_pu));
	return json_pack("{s:f, s:I, s:f, s:f, s:f, s:I, s:s, s:s, s:o}", "share_frac",
	    l->share_frac, "homes", (json_int_t)l->homes, "margin_pu.min", l->min_pu,
	    "margin_pu.median", l->median_pu, "margin_pu.max", l->max_pu, "placements_over",
	    (json_int_t)l->over, "asset", l->worst->asset, "limit", l->worst->limit, "margin_pu",
	    margins);
}

static void print_json(const struct hosting *h)
{
	struct hosting_capacity c = hosting_capacity(h);
	json_t *levels = json_array();
	for (size_t i = 0; i < h->levels; i++)
		json_array_append_new(levels, level_json(&h->level[i], h->placements));
	json_t *all = json_pack("{s:s, s:s, s:o, s:I, s:I, s:f, s:I, s:b, s:o, s:o, s:o, s:o,"
				" s:{s:b, s:f, s:s, s:s}, s:o}",
	    "scenario", h->scenario, "load", h->full ? GRID_LOAD_FULL : GRID_LOAD_WORKLOAD, "seed",
	    json_sprintf("0x%" PRIx64, h->seed), "homes", (json_int_t)h->homes, "placements",
	    (json_int_t)h->placements, "step_frac", h->step_frac, "runs",
	    (json_int_t)hosting_runs(h), "valid", !hosting_doubt(h, VALIDITY_INVALID).runs,
	    "suspect", doubt_json(h, VALIDITY_SUSPECT), "invalid",
	    doubt_json(h, VALIDITY_INVALID), "hosting_every_frac", number(c.every_frac),
	    "hosting_some_frac", number(c.some_frac), "bound", "crossed", c.bound->over > 0,
	    "share_frac", c.bound->share_frac, "asset", c.bound->worst->asset, "limit",
	    c.bound->worst->limit, "levels", levels);
	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(JSON_DIGITS));
	putchar('\n');
	json_decref(all);
}

void hosting_print(const struct hosting *h, enum table_form form)
{
	switch (form) {
	case TABLE_TEXT:
	case TABLE_MARKDOWN: print_people(h, form); break;
	case TABLE_CSV: print_levels(h, form); break;
	case TABLE_JSON: print_json(h); break;
	}
}
