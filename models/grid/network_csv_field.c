#include "models/grid/network_csv_field.h"

#include <math.h>

void csv_refuse(const struct csv_reader *r, const char *column, const char *remedy)
{
	err_at(r->e, sheet_pos(&r->t), "%s: '%s' %s", column, sheet_text(&r->t, column), remedy);
}

double csv_number(struct csv_reader *r, const char *column)
{
	double value = sheet_number(&r->t, column);
	if (isfinite(value)) return value;
	csv_refuse(r, column, "is no finite number; write one");
	return 1;
}

double csv_positive(struct csv_reader *r, const char *column)
{
	double value = csv_number(r, column);
	if (value > 0) return value;
	csv_refuse(r, column, "must be above 0");
	return 1;
}

int csv_phases(struct csv_reader *r, const char *column, int phase[NET_PHASES])
{
	const char *text = sheet_text(&r->t, column);
	int count = 0;
	for (const char *p = text; *p; p++) {
		bool good = *p >= 'a' && *p <= 'c' && count < NET_PHASES;
		for (int i = 0; i < count; i++) good &= phase[i] != *p - 'a';
		if (!good) {
			csv_refuse(r, column, "names no phases; write some of a, b and c, as abc");
			return 0;
		}
		phase[count++] = *p - 'a';
	}
	if (!count) csv_refuse(r, column, "names no phases; write some of a, b and c, as abc");
	return count;
}

uint32_t csv_node(struct csv_reader *r, const char *column, int phase)
{
	const char *bus = sheet_text(&r->t, column);
	if (!*bus) csv_refuse(r, column, "names no bus");
	return network_node(r->n, network_bus(r->n, bus), phase);
}

void csv_side(struct csv_reader *r, const char *column, uint32_t at[NET_PHASES])
{
	for (int k = 0; k < NET_PHASES; k++) at[k] = csv_node(r, column, k);
}
