/* Ten years of six duties on each cell, against BLAST-Lite (National Renewable
 * Energy Laboratory): capacity left, by one update a day from 97 points of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/validate_energy.h"
#include "models/energy/ageing.h"

enum { CYCLES_MAX = 16, DAYS = 3650, POINTS = 97, MINUTES = 15 };

static const double limit = 1e-6; /* of the capacity when new */

/* A duty: the same state of charge every day, temperatures by the hour and season. */
struct duty {
	char name[64];
	double mean_k, daily_k, seasonal_k;
	double soc[POINTS];
	size_t points;
};

struct duties {
	struct duty row[CYCLES_MAX];
	size_t n;
};

static struct duty *find_duty(struct duties *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->row[i].name, name)) return &s->row[i];
	return NULL;
}

static bool open_table(struct validate_job *j, struct sheet *t, const char *name,
    const char *const *columns, char **path)
{
	char *file = mem_print("reference/battery/%s.csv", name);
	*path = validate_table(j, file);
	free(file);
	return *path && sheet_open(t, *path, columns, j->e);
}

static void close_table(struct sheet *t, char *path)
{
	if (path) sheet_close(t);
	free(path);
}

static void read_cycles(struct validate_job *j, struct duties *s)
{
	static const char *const columns[] = { "cycle", "T_mean_C", "T_daily_amp_C",
		"T_seasonal_amp_C", NULL };
	struct sheet t;
	char *path;
	if (open_table(j, &t, "cycles", columns, &path))
		while (s->n < CYCLES_MAX && sheet_next(&t)) {
			struct duty *d = &s->row[s->n++];
			snprintf(d->name, sizeof d->name, "%s", sheet_text(&t, "cycle"));
			d->mean_k = 273.15 + sheet_number(&t, "T_mean_C");
			d->daily_k = sheet_number(&t, "T_daily_amp_C");
			d->seasonal_k = sheet_number(&t, "T_seasonal_amp_C");
		}
	close_table(&t, path);
}

static void read_profiles(struct validate_job *j, struct duties *s)
{
	static const char *const columns[] = { "cycle", "minute", "soc", NULL };
	struct sheet t;
	char *path;
	if (open_table(j, &t, "profiles", columns, &path))
		while (sheet_next(&t)) {
			struct duty *d = find_duty(s, sheet_text(&t, "cycle"));
			if (d && d->points < POINTS) d->soc[d->points++] = sheet_number(&t, "soc");
		}
	close_table(&t, path);
}

static struct ageing_day day_of(const struct duty *duty, int day)
{
	struct ageing_day d = { .days = 1, .n = POINTS };
	double season_k = duty->seasonal_k * cos(2 * M_PI * (day % 365 - 200) / 365);
	for (int i = 0; i < POINTS; i++) {
		double hour = cos(2 * M_PI * (i * MINUTES - 900) / 1440.0);
		d.soc[i] = duty->soc[i];
		d.temp_k[i] = duty->mean_k + duty->daily_k * hour + season_k;
	}
	ageing_day_derive(&d);
	return d;
}

/* Health at the end of each day, DAYS + 1 of them. */
static void live(const struct duty *duty, enum ageing_cell cell, double *health)
{
	struct ageing_state a = ageing_new(cell);
	health[0] = a.health_frac;
	for (int day = 0; day < DAYS; day++) {
		struct ageing_day d = day_of(duty, day);
		ageing_advance(cell, &d, &a, NULL);
		health[day + 1] = a.health_frac;
	}
}

/* The rows of one cell and one duty. */
static void compare(struct validate_job *j, const char *model, const char *cycle,
    const double *health, struct worst *w)
{
	static const char *const columns[] = { "model", "cycle", "t_days", "q", NULL };
	struct sheet t;
	char *path;
	if (open_table(j, &t, "capacity_fade", columns, &path))
		while (sheet_next(&t)) {
			if (!sheet_is(&t, "model", model) || !sheet_is(&t, "cycle", cycle))
				continue;
			long day = lround(sheet_number(&t, "t_days"));
			worst_add(
			    w, day >= 0 && day <= DAYS ? health[day] - sheet_number(&t, "q") : NAN);
		}
	close_table(&t, path);
}

static const struct reference {
	const char *model;
	enum ageing_cell cell;
	const char *what;
} references[] = {
	{ "lfp250", AGEING_LFP_250AH, "ageing, lfp-250ah: 10 years of 6 duties" },
	{ "lfp_sonymurata", AGEING_LFP_3AH, "ageing, lfp-3ah: 10 years of 6 duties" },
	{ "nmc75a", AGEING_NMC_75AH, "ageing, nmc-75ah: 10 years of 6 duties" },
	{ "nmc50b1", AGEING_NMC_50AH, "ageing, nmc-50ah: 10 years of 6 duties" },
	{ "nmc111_kokam", AGEING_NMC111_75AH, "ageing, nmc111-75ah: 10 years of 6 duties" },
};

void validate_ageing(struct validate_job *j)
{
	struct duties *s = mem_new(1, sizeof *s);
	double *health = mem_new(DAYS + 1, sizeof *health);
	read_cycles(j, s);
	read_profiles(j, s);
	for (size_t r = 0; r < sizeof references / sizeof *references; r++) {
		const struct reference *ref = &references[r];
		struct worst w = { 0 };
		for (size_t i = 0; i < s->n; i++) {
			if (s->row[i].points < POINTS) continue;
			live(&s->row[i], ref->cell, health);
			compare(j, ref->model, s->row[i].name, health, &w);
		}
		validate_worst(j, ref->what, "capacity_fade.csv", w, "of capacity", limit);
	}
	free(health);
	free(s);
}
