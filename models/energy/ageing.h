/* How much of its capacity a lithium-ion cell has lost, by what it lived through.
 *
 * A law of a cell has up to three states of lost capacity (by time, by charge
 * moved, by a third way). Each follows its own curve y(x) of days or equivalent
 * full cycles (EFC), whose coefficients depend on temperature, state of charge,
 * depth and rate:
 *
 *     power    y = k x^p
 *     sigmoid  y = limit tanh((k x)^p / 2)
 *
 * A day moves y on by the slope of that day's curve at the present y, times the
 * day's dx (from nothing: y = y(dx)), so that days of any kind may follow each
 * other: P. Gasper et al. 2022, "Machine-learning assisted identification of
 * accurate battery lifetime models with uncertainty", J. Electrochem. Soc. 169,
 * 080518. One day is the step for which the laws are meant: longer ones overshoot.
 *
 * Cells of one chemistry differ as much as chemistries do. So each has several,
 * and what is reported is the band over them; the first of a chemistry is the one
 * whose fade a simulated battery follows. The solid-state rows are assumptions,
 * no measurement of calendar and cycle life is public: 5 % after 1000 EFC (a
 * maker's test of 24-layer cells, January 2024: more than 1000 cycles with 95 %
 * left), growing by a power of 0.5 or 1, and the calendar loss of the 250 Ah
 * iron-phosphate cell times 0.5, 1 or 2. */
#ifndef HEARTH_MODELS_ENERGY_AGEING_H
#define HEARTH_MODELS_ENERGY_AGEING_H

#include <stdbool.h>
#include <stddef.h>

#include "models/energy/battery.h"

/* id, chemistry, word, what it is. Of one chemistry: together, its lead first. */
#define AGEING_CELL_LIST(X)                                                                        \
	X(AGEING_LFP_250AH, CHEMISTRY_LFP, "lfp-250ah", "LFP/graphite, prismatic, 250 Ah")         \
	X(AGEING_LFP_3AH, CHEMISTRY_LFP, "lfp-3ah", "LFP/graphite, Sony/Murata 26650, 3 Ah")       \
	X(AGEING_NMC_75AH, CHEMISTRY_NMC, "nmc-75ah", "NMC/graphite A, pouch, 75 Ah")              \
	X(AGEING_NMC_50AH, CHEMISTRY_NMC, "nmc-50ah", "NMC/graphite B1, pouch, 50 Ah")             \
	X(AGEING_NMC111_75AH, CHEMISTRY_NMC, "nmc111-75ah", "NMC/graphite, Kokam pouch, 75 Ah")    \
	X(AGEING_SOLID_PLAIN, CHEMISTRY_SOLID_STATE, "solid-state-plain",                          \
	    "assumption: calendar as lfp-250ah, 5 % at 1000 EFC in proportion")                    \
	X(AGEING_SOLID_BEST, CHEMISTRY_SOLID_STATE, "solid-state-best",                            \
	    "assumption: half the calendar loss, the smaller loss of powers 0.5 and 1")            \
	X(AGEING_SOLID_WORST, CHEMISTRY_SOLID_STATE, "solid-state-worst",                          \
	    "assumption: twice the calendar loss, the larger loss of powers 0.5 and 1")

enum ageing_cell {
#define X(id, chemistry, word, about) id,
	AGEING_CELL_LIST(X)
#undef X
	    AGEING_CELL_COUNT
};

enum {
	AGEING_STATES = 3,
	AGEING_CELLS_MAX = 3,   /* of one chemistry */
	AGEING_POINTS_MAX = 97, /* of a day: every quarter of an hour */
};

/* The cells of a chemistry: first, and how many follow each other in the enum. */
struct ageing_cells {
	enum ageing_cell first;
	size_t n; /* 2 to AGEING_CELLS_MAX */
};

struct ageing_cells ageing_cells_of(enum chemistry chemistry);
bool ageing_is_assumption(enum chemistry chemistry); /* not from measurements */

/* A day, or another stretch, as a cell lived it. */
struct ageing_day {
	double days; /* its length, > 0 */
	size_t n;    /* points, 2 to AGEING_POINTS_MAX, evenly spaced from begin to end */
	double soc[AGEING_POINTS_MAX]; /* 0 to 1 */
	double temp_k[AGEING_POINTS_MAX];
	double anode_v[AGEING_POINTS_MAX]; /* graphite against lithium, by ageing_anode_v */
	double efc;     /* charge moved in and out, over twice the present capacity */
	double dod;     /* highest less lowest state of charge */
	double c_per_h; /* mean rate of charge moved, over the present capacity */
};

/* Potential of graphite against lithium, in volts, at a state of charge of the
 * cell: M. Safari and C. Delacourt 2011, J. Electrochem. Soc. 158(5), A562-A571;
 * lithium in the graphite from 0.85 % to 78 %: M. Schimpe et al. 2018, J.
 * Electrochem. Soc. 165(2), A181-A193. */
double ageing_anode_v(double soc);

/* Fills what follows from days, n, soc and temp_k: anode_v, and efc, dod and
 * c_per_h as of a series that is all that is known. Rates below 0.01 / h count as
 * rest. */
void ageing_day_derive(struct ageing_day *d);

/* The states of one cell. */
struct ageing_state {
	double loss[AGEING_STATES]; /* of the capacity when new */
	double health_frac;         /* capacity over that when new, 0 to 1 */
};

struct ageing_state ageing_new(enum ageing_cell cell);

/* A curve y(x) of one state, and how far a day goes along it. */
struct ageing_curve {
	double limit; /* of a sigmoid; 0: a power */
	double k, p;
	double dx; /* in days or EFC, in the law's own units; 0: the state rests */
};

/* The curves of many days, or of the days of many batteries, as one: zero at first. */
struct ageing_mean {
	double days;
	struct ageing_curve sum[AGEING_STATES]; /* weighted by dx; k^(1/p) of a power */
};

/* Lives through a day, and adds its curves to *mean unless that is NULL. The charge
 * moved is the present capacity's: it and the rate are scaled by the health at the
 * day's begin. */
void ageing_advance(enum ageing_cell cell, const struct ageing_day *d, struct ageing_state *a,
    struct ageing_mean *mean);

void ageing_mean_add(struct ageing_mean *into, const struct ageing_mean *more);

/* Health of a new cell after so many days of the mean duty, on the curves themselves
 * (without steps). mean->days > 0. */
double ageing_projected_frac(enum ageing_cell cell, const struct ageing_mean *mean, double days);

/* Days of the mean duty until a new cell is down to health_frac (0 to 1), to a part in
 * a million; at most AGEING_HORIZON_DAYS, which also means later: of that the
 * measurements behind the laws say nothing. */
#define AGEING_HORIZON_DAYS (100 * 365.0)
double ageing_days_to(enum ageing_cell cell, const struct ageing_mean *mean, double health_frac);

#endif
