#include "analysis/balance.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

bool balance_side(const struct ds_group *ledger, const struct ds_var *v, enum balance_side *side)
{
	const char *text = ds_text(ledger, v->name, "side");
	if (!text || v->type != DS_F64 || !v->rows || v->cols) return false;
	*side = strcmp(text, "source") ? BALANCE_SINK : BALANCE_SOURCE;
	return true;
}

const char *balance_label(const char *name)
{
	static const struct { const char *name, *label; } labels[] = {
		{ "import", "from the bulk grid" },
		{ "export", "to the bulk grid" },
		{ "pv", "solar" },
		{ "discharge", "out of batteries" },
		{ "charge", "into batteries" },
		{ "unserved", "not served" },
		{ "load", "households" },
		{ "compute", "accelerators" },
		{ "host", "hosts" },
		{ "conversion", "inverters and storage" },
		{ "line_loss", "line losses" },
		{ "transformer_loss", "transformer losses" },
	};
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (!strcmp(labels[i].name, name)) return labels[i].label;
	return name;
}

static double sum_of(const struct ds_group *g, const char *name)
{
	char *const *site = ds_data(g, "site", DS_TEXT);
	const double *joule = ds_data(g, name, DS_F64);
	double sum = 0;
	for (size_t i = 0; joule && i < ds_rows(g, "site"); i++)
		if (strcmp(site[i], "total")) sum += joule[i];
	return sum;
}

/* Names of what sites hand to each other, and of its other end. */
static const struct { const char *given, *taken; } transfers[] = {
	{ "delivered", "import" },
	{ "collected", "export" },
};
enum { TRANSFERS = sizeof transfers / sizeof *transfers };

static bool is_transfer(const char *name)
{
	for (int i = 0; i < TRANSFERS; i++)
		if (!strcmp(transfers[i].given, name)) return true;
	return false;
}

/* Joules of a column that no other site of the run gave or took; rounding may
 * leave a trace below zero. */
static double outside_j(const struct ds_group *g, const char *name)
{
	double joule = sum_of(g, name);
	for (int i = 0; i < TRANSFERS; i++)
		if (!strcmp(transfers[i].taken, name)) joule -= sum_of(g, transfers[i].given);
	return fmax(joule, 0);
}

bool balance_of(const struct dataset *d, struct balance *b)
{
	const struct ds_group *g = ds_find(d, "ledger");
	*b = (struct balance){ .n = 0 };
	if (!ds_data(g, "site", DS_TEXT)) return false;
	for (size_t i = 0; i < g->vars && b->n < BALANCE_MAX; i++) {
		const char *name = g->var[i]->name;
		enum balance_side side;
		if (!balance_side(g, g->var[i], &side) || is_transfer(name)) continue;
		double joule = outside_j(g, name);
		b->item[b->n++] = (struct balance_item){ name, balance_label(name), side, joule };
		b->joule[side] += joule;
	}
	return b->n > 0;
}
