/* A battery with its history: electrics (battery.h), temperature of the cells and
 * ageing (ageing.h). For one of a data centre or a hundred thousand of a street:
 *
 *     struct battery_kind kind;              // of one <battery>, shared, outlives its units
 *     battery_kind_init(&kind, par);
 *     struct battery_unit u;
 *     battery_unit_init(&u, &kind, capacity_j, power_w, weather_k);
 *     each step:
 *         struct battery_air air = battery_air_at(&kind, weather_k, dt_s);
 *         struct battery_flow f = battery_unit_step(&u, &kind, &air, request_w);
 *     at the end:
 *         struct battery_outlook o = { 0 };
 *         battery_outlook_add_kind(&o, &kind);
 *         battery_outlook_add(&o, &kind, &u);     // every unit
 *         battery_outlook_finish(&o, kind.par->chemistry);
 *
 * Temperature: C dT/dt = loss - (C / cooling) (T - T_air), by its exponential over a
 * step, in which the loss is taken as even.
 *
 * Ageing: a day, from the unit's own begin, is kept as 25 hourly samples of charge
 * and temperature (between steps: in a straight line), its lowest and highest charge
 * and what moved through the cells. Each 24 hours the cells of the chemistry live
 * through it, and the capacity becomes the lead cell's. What the shrunken cells can
 * no longer hold is booked as leak. The states of the others are what that cell
 * would be like under the same states of charge. */
#ifndef HEARTH_MODELS_ENERGY_BATTERY_UNIT_H
#define HEARTH_MODELS_ENERGY_BATTERY_UNIT_H

#include <stdint.h>

#include "models/energy/ageing.h"
#include "models/energy/battery.h"

enum { BATTERY_SAMPLES = 25 };

/* What the units of one element share. Do not copy it: units point into it. */
struct battery_kind {
	const struct battery_par *par; /* the caller's */
	struct battery_curve curve;    /* n 0: none */
	struct ageing_cells cells;
	struct ageing_mean mean[AGEING_CELLS_MAX]; /* of all days of all units so far */
};

/* par was checked: its curve, if any, can be read. */
void battery_kind_init(struct battery_kind *k, const struct battery_par *par);

/* The air around the units of a kind over one step. */
struct battery_air {
	double air_k, dt_s;
	double keep_frac;  /* of the difference to the air, after the step */
	double rise_steps; /* cooling time over the step */
};

struct battery_air battery_air_at(const struct battery_kind *k, double weather_k, double dt_s);

struct battery_unit {
	/* each step: */
	struct battery cells; /* as they are now: capacity, reserve and tapers fade */
	double stored_j;
	double temp_k;
	double warm_k_per_j;  /* of cells, by heat; over the part of the loss that warms them */
	double day_s, next_s; /* since the day's begin: now, and the next sample */
	double moved_j, low_j, high_j; /* through the cells this day; least and most stored */
	/* each hour and day: */
	double nominal_j;      /* capacity when new */
	double moved_before_j; /* on earlier days */
	struct ageing_state age[AGEING_CELLS_MAX];
	uint16_t soc[BATTERY_SAMPLES], temp[BATTERY_SAMPLES]; /* of 1 / 65535; of 1 / 128 K */
	uint16_t samples;
};

/* New cells, charged as the attributes say, at the temperature of the air. */
void battery_unit_init(struct battery_unit *u, const struct battery_kind *k, double capacity_j,
    double power_w, double weather_k);

/* A step as it was until now: the ends, and what moved, which is spread evenly. */
struct battery_past {
	double from_j, from_k, moved_j, dt_s;
};

/* Takes the samples that the step passed; where a day ends in it, the cells live
 * through it, and the rest of the step belongs to the next. Returns what fading lost. */
double battery_unit_pass(
    struct battery_unit *u, struct battery_kind *k, const struct battery_past *p);

/* As battery_step, for air->dt_s; dt_s at most an hour. In the caller's own code: a
 * street's batteries are as many calls a step. */
static inline struct battery_flow battery_unit_step(
    struct battery_unit *u, struct battery_kind *k, const struct battery_air *air, double request_w)
{
	struct battery_past past = { u->stored_j, u->temp_k, 0, air->dt_s };
	struct battery_flow f;
	if (!battery_step_flat(&u->cells, &u->stored_j, request_w, air->dt_s, &f))
		f = battery_step_bent(&u->cells, &u->stored_j, request_w, air->dt_s);
	double settled_k = air->air_k + u->warm_k_per_j * f.loss_j * air->rise_steps;
	u->temp_k = settled_k + (u->temp_k - settled_k) * air->keep_frac;
	past.moved_j = f.charge_j + f.discharge_j;
	u->moved_j += past.moved_j;
	if (u->stored_j < u->low_j) u->low_j = u->stored_j;
	if (u->stored_j > u->high_j) u->high_j = u->stored_j;
	u->day_s += air->dt_s;
	if (u->day_s >= u->next_s) f.leak_j += battery_unit_pass(u, k, &past);
	return f;
}

static inline double battery_unit_soc(const struct battery_unit *u)
{
	return u->stored_j / u->cells.capacity_j;
}

/* Charge moved in and out, over twice the capacity when new. */
double battery_unit_efc(const struct battery_unit *u);

/* What a run says of some batteries of one kind: means over them, by capacity. Each
 * array is by the cells of the chemistry, in the order of ageing_cells_of. Begin with
 * zeros; add every unit; finish. Other kinds of the same chemistry may be added. */
struct battery_outlook {
	double nominal_j; /* of all units */
	size_t units;
	double years;                         /* that each lived */
	double efc;                           /* equivalent full cycles in that time */
	double health_frac[AGEING_CELLS_MAX]; /* at the end, the unfinished day included */
	/* A new cell under the mean duty, which is taken to go on as it was in the run. */
	double first_year_loss_frac[AGEING_CELLS_MAX];
	double life_years[AGEING_CELLS_MAX]; /* to 80 %; 100: that or more */
	struct ageing_mean mean[AGEING_CELLS_MAX];
};

#define BATTERY_END_OF_LIFE 0.8 /* IEC 62660-1:2018 and the usual guarantee of home batteries */

void battery_outlook_add_kind(struct battery_outlook *o, const struct battery_kind *k);
void battery_outlook_add(
    struct battery_outlook *o, const struct battery_kind *k, const struct battery_unit *u);
void battery_outlook_finish(struct battery_outlook *o, enum chemistry chemistry);

#endif
