#include "models/site/ledger.h"

#include <assert.h>
#include <math.h>

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
	double throughput = fmax(in, out);
	return throughput > 0 ? fabs(in - out) / throughput : 0;
}

const char *ledger_name(enum ledger_item item)
{
	return items[item].name;
}

const char *ledger_about(enum ledger_item item)
{
	return items[item].about;
}

enum ledger_side ledger_side(enum ledger_item item)
{
	return items[item].side;
}
