#include "models/site/ledger.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

static const struct {
	const char *name, *about;
	enum ledger_side side;
} items[] = {
#define X(id, side, name, about) { name, about, LEDGER_##side },
	LEDGER_LIST(X)
#undef X
};

void ledger_add(struct ledger *l, enum ledger_item item, double joule)
{
	assert(joule >= 0);
	l->j[item] += joule;
}

void ledger_meter(struct ledger *l, double joule)
{
	ledger_add(l, joule >= 0 ? LEDGER_IMPORT : LEDGER_EXPORT, fabs(joule));
}

void ledger_sum(struct ledger *into, const struct ledger *l)
{
	for (int i = 0; i < LEDGER_COUNT; i++) into->j[i] += l->j[i];
}

static double side_j(const struct ledger *l, enum ledger_side side)
{
	double sum = 0;
	for (int i = 0; i < LEDGER_COUNT; i++)
		if (items[i].side == side) sum += l->j[i];
	return sum;
}

double ledger_sources_j(const struct ledger *l)
{
	return side_j(l, LEDGER_SOURCE);
}

double ledger_sinks_j(const struct ledger *l)
{
	return side_j(l, LEDGER_SINK);
}

double ledger_residual(const struct ledger *l)
{
	double in = ledger_sources_j(l), out = ledger_sinks_j(l);
	return fabs(in - out) / fmax(fmax(in, out), LEDGER_LEAST_J);
}

void ledger_table_add(struct ledger_table *t, const char *site, const struct ledger *l)
{
	t->row = mem_grow(t->row, t->n, &t->cap, sizeof *t->row);
	t->row[t->n++] = (struct ledger_row){ site, l };
}

void ledger_table_fini(struct ledger_table *t)
{
	free(t->row);
}

void ledger_export(const struct ledger_table *t, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "ledger");
	struct ds_dim *dim = ds_dim(g, "site", t->n);
	char **site = ds_column(g, "site", DS_TEXT, dim, NULL, "", "whose ledger it is");
	for (size_t s = 0; s < t->n; s++) site[s] = mem_text(t->row[s].site);
	for (int i = 0; i < LEDGER_COUNT; i++) {
		double *j = ds_column(g, items[i].name, DS_F64, dim, NULL, "J", items[i].about);
		ds_attr_text(
		    g, items[i].name, "side", items[i].side == LEDGER_SOURCE ? "source" : "sink");
		for (size_t s = 0; s < t->n; s++) j[s] = t->row[s].ledger->j[i];
	}
	double *residual = ds_column(g, "residual", DS_F64, dim, NULL, "1",
	    "energy without source or sink, as a share of the throughput");
	for (size_t s = 0; s < t->n; s++) residual[s] = ledger_residual(t->row[s].ledger);
}
