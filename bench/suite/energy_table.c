#include "bench/suite/energy_table.h"

#include <math.h>

static const struct table_column columns[] = {
	{ "kernel", "energy of a call", TABLE_LEFT }, { "shape", "shape", TABLE_LEFT },
	{ "threads", "thr", TABLE_RIGHT }, { "pages", "pages", TABLE_LEFT },
	{ "measured_j", "measured", TABLE_RIGHT }, { "above_idle_j", "above idle", TABLE_RIGHT },
	{ "power_w", "power", TABLE_RIGHT }, { "estimated_j", "estimated", TABLE_RIGHT },
	{ "low_j", "at rest", TABLE_RIGHT }, { "high_j", "at full load", TABLE_RIGHT },
	{ "source", "by", TABLE_LEFT }, { NULL },
};

/* Of one call. */
static void add_energy(struct table *t, double window_j, double calls)
{
	table_number(t, window_j / calls, "%.3g J", window_j / calls);
}

static void add_row(struct table *t, const struct bench_row *r)
{
	const struct bench_energy *e = &r->energy;
	double power_w = e->measured_j / e->window_s;
	bool measured = !isnan(e->measured_j);
	table_text(t, r->kernel);
	table_text(t, r->shape);
	table_number(t, r->threads, "%d", r->threads);
	table_text(t, *r->pages ? r->pages : "-");
	add_energy(t, e->measured_j, e->calls);
	add_energy(t, e->measured_j - e->idle_j, e->calls);
	table_number(t, power_w, "%.1f W", power_w);
	add_energy(t, e->estimated_j, e->calls);
	add_energy(t, e->estimated_low_j, e->calls);
	add_energy(t, e->estimated_high_j, e->calls);
	if (measured) table_words(t, e->source, "%s, %s, %s", e->source, e->scope, e->method);
	else table_words(t, e->source, "%s, an estimate", e->source);
}

void energy_table_print(const struct bench_file *f, enum table_form form, FILE *out)
{
	size_t rows = 0;
	struct table *t = table_new(columns);
	for (size_t i = 0; i < f->rows; i++) {
		const struct bench_energy *e = &f->row[i].energy;
		if (isnan(e->measured_j) && isnan(e->estimated_j)) continue;
		add_row(t, &f->row[i]);
		rows++;
	}
	if (rows) {
		fputc('\n', out);
		table_print(t, form, out);
	}
	table_free(t);
}
