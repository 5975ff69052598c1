#include <math.h>
#include <stdlib.h>

#include "analysis/show.h"
#include "analysis/summary.h"

static const struct table_column columns[] = {
	{ "metric", "metric", TABLE_LEFT }, { "value", "value", TABLE_RIGHT },
	{ "unit", NULL, TABLE_LEFT }, { "n", "n", TABLE_RIGHT },
	{ "low", NULL, TABLE_RIGHT }, { "high", NULL, TABLE_RIGHT },
	{ NULL, "95 % interval", TABLE_LEFT }, { "about", "about", TABLE_LEFT }, { NULL },
};

static void add_metric(struct table *t, const struct dataset *d, const struct ds_metric *m)
{
	char value[SHOW_SIZE], interval[SHOW_SIZE];
	char *about = show_about(d, m);
	table_text(t, m->key);
	table_number(t, m->value, "%s", show_metric(m, value));
	table_text(t, m->unit);
	table_number(t, m->n > 0 ? (double)m->n : NAN, "%lld", (long long)m->n);
	table_number(t, m->lo, "%g", m->lo);
	table_number(t, m->hi, "%g", m->hi);
	table_text(t, show_interval(m, interval));
	table_text(t, about);
	free(about);
}

void summary_table(const struct dataset *d, enum table_form form, FILE *out)
{
	const struct ds_group *g = ds_find(d, "summary");
	struct table *t = table_new(columns);
	struct ds_metric m;
	for (size_t i = 0; g && i < g->vars; i++)
		if (ds_metric_find(d, g->var[i]->name, &m)) add_metric(t, d, &m);
	table_print(t, form, out);
	table_free(t);
}
