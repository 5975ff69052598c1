#include "models/site/battery_metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/metric.h"

extern const struct metric battery_metrics[];

#define BAND "; first the cell whose fade the battery follows, then the band over the chemistry's"
#define LAWS "laws of the cells and their sources: models/energy/ageing.h, ageing_laws.c"

const struct metric battery_metrics[] = {
	{ "battery.equivalent_full_cycles", "1",
	    "charge through the cells over twice their capacity when new, mean by capacity",
	    "(charge + discharge) / (2 capacity when new)", "IEC 62933-1:2018, by energy" },
	{ "battery.equivalent_full_cycles_per_year", "1",
	    "equivalent full cycles, if the year went on as the run",
	    "equivalent full cycles / (run / 365 d)", "as battery.equivalent_full_cycles" },
	{ "battery.state_of_health_frac", "1",
	    "capacity at the end over that when new, mean by capacity" BAND,
	    "1 - lost by time - lost by cycles", LAWS, HIGHER_IS_BETTER },
	{ "battery.first_year_loss_frac", "1",
	    "share of a new cell's capacity lost in a year that goes on as the run" BAND,
	    "1 - health after 365 d of the mean duty", LAWS, LOWER_IS_BETTER },
	{ "battery.life_year", "year",
	    "years until a new cell is down to 80 % of its capacity, if all of them go on as the "
	    "run: same charge moved, temperatures, states of charge; 100: that or more" BAND,
	    "time at which the health under the mean duty is 0.8", LAWS, HIGHER_IS_BETTER },
	{ NULL },
};

/* "homes.lfp", "homes.solid_state_assumption". The caller frees. */
static char *part_of(const char *place, enum chemistry chemistry)
{
	static const char *const words[CHEMISTRY_COUNT] = {
#define X(id, word, eff, taper, leak) word,
		CHEMISTRY_LIST(X)
#undef X
	};
	char *part = mem_print("%s.%s%s", place, words[chemistry],
	    ageing_is_assumption(chemistry) ? "_assumption" : "");
	for (char *c = part + strlen(place); *c; c++)
		if (*c == '-') *c = '_';
	return part;
}

static void put(struct dataset *d, const char *key, const char *part, double value, size_t units)
{
	metric_put(d, key, part, estimate_exact(value, (int64_t)units));
}

static void put_band(struct dataset *d, const char *key, const char *part,
    const double of_cell[AGEING_CELLS_MAX], const struct battery_outlook *o, size_t cells)
{
	double low = of_cell[0], high = of_cell[0];
	for (size_t i = 1; i < cells; i++) {
		low = fmin(low, of_cell[i]);
		high = fmax(high, of_cell[i]);
	}
	char *low_part = mem_print("%s.low", part), *high_part = mem_print("%s.high", part);
	put(d, key, part, of_cell[0], o->units);
	put(d, key, low_part, low, o->units);
	put(d, key, high_part, high, o->units);
	free(low_part);
	free(high_part);
}

void battery_export(
    const struct battery_outlook *o, enum chemistry chemistry, const char *place, struct dataset *d)
{
	size_t cells = ageing_cells_of(chemistry).n;
	if (!o->units || !(o->years > 0)) return;
	char *part = part_of(place, chemistry);
	put(d, "battery.equivalent_full_cycles", part, o->efc, o->units);
	put(d, "battery.equivalent_full_cycles_per_year", part, o->efc / o->years, o->units);
	put_band(d, "battery.state_of_health_frac", part, o->health_frac, o, cells);
	put_band(d, "battery.first_year_loss_frac", part, o->first_year_loss_frac, o, cells);
	put_band(d, "battery.life_year", part, o->life_years, o, cells);
	free(part);
}
