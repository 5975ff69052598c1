#include "analysis/cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char first[] = "battery.equivalent_full_cycles.";

static char *value_of(const struct dataset *d, const char *key, const char *part, const char *end,
    char buf[SHOW_SIZE])
{
	char *full = mem_print("%s.%s%s", key, part, end);
	struct ds_metric m;
	if (ds_metric_find(d, full, &m))
		show_metric(&m, buf);
	else
		snprintf(buf, SHOW_SIZE, "-");
	free(full);
	return buf;
}

static void put_band(
    const struct dataset *d, const char *key, const char *part, char text[CELLS_TEXT])
{
	char lead[SHOW_SIZE], low[SHOW_SIZE], high[SHOW_SIZE];
	snprintf(text, CELLS_TEXT, "%s (%s to %s)", value_of(d, key, part, "", lead),
	    value_of(d, key, part, ".low", low), value_of(d, key, part, ".high", high));
}

/* "homes.solid_state_assumption" as "homes, solid state assumption". */
static void put_where(const char *part, char where[CELLS_TEXT])
{
	size_t n = strcspn(part, ".");
	snprintf(where, CELLS_TEXT, "%.*s, %s", (int)n, part, part[n] ? part + n + 1 : "");
	for (char *c = where; *c; c++)
		if (*c == '_') *c = ' ';
}

size_t cells_next(const struct dataset *d, size_t from, struct cells_row *row)
{
	const struct ds_group *g = ds_find(d, "summary");
	for (size_t i = from; g && i < g->vars; i++) {
		const char *key = g->var[i]->name, *part = key + sizeof first - 1;
		if (strncmp(key, first, sizeof first - 1)) continue;
		put_where(part, row->where);
		value_of(d, "battery.equivalent_full_cycles", part, "", row->cycles);
		value_of(
		    d, "battery.equivalent_full_cycles_per_year", part, "", row->cycles_a_year);
		put_band(d, "battery.state_of_health_frac", part, row->health);
		put_band(d, "battery.first_year_loss_frac", part, row->first_year_loss);
		put_band(d, "battery.life_year", part, row->life);
		return i + 1;
	}
	return 0;
}
