/* What a household uses besides its car and its node: a base load and
 * appliances that are switched on at random, each with a power, a run length, a
 * number of runs a year and hours in which it is used.
 *
 * The idea of runs in windows is that of F. Lombardi, S. Balderrama, S. Quoilin
 * and E. Colombo 2019, "Generating high-resolution multi-energy load profiles
 * for remote areas with an open-source stochastic model", Energy 177, 433-444.
 * Powers, run lengths, runs a year and ownership are those of I. Richardson, M.
 * Thomson, D. Infield and C. Clifford 2010, "Domestic electricity use: a
 * high-resolution energy demand model", Energy and Buildings 42(10), 1878-1887,
 * rounded; lights, base load and the hours of use are assumptions. Numbers of
 * runs are scaled per home (above four times the table: the powers too), so that the
 * expected year is the one asked for. No season and no heating.
 *
 * People do today what they did yesterday: part of the runs begin at the home's own
 * hour for them, give or take. Nothing begins while nobody is in and nothing at all
 * runs while everybody is away (models/energy/occupancy.h), but the base load: what
 * stands by, and a fridge-freezer that goes on and off by the clock.
 *
 * Runs start and end at whole seconds, and a step takes the mean of the power
 * over its time: any step length gives the same energy. The runs of a day depend
 * on (home, day) only, never on other homes or on the steps before. */
#ifndef HEARTH_MODELS_ENERGY_HOUSE_H
#define HEARTH_MODELS_ENERGY_HOUSE_H

#include <stddef.h>
#include <stdint.h>

#include "models/class.h"
#include "models/energy/occupancy.h"

/* Hours of the day in which a run may begin, evenly within each. */
#define HOUSE_WINDOW_LIST(X) \
	X(HOUSE_NIGHT, 0, 6) \
	X(HOUSE_MORNING, 6, 9) \
	X(HOUSE_DAY, 9, 17) \
	X(HOUSE_EVENING, 17, 23)

enum house_window {
#define X(id, from, to) id,
	HOUSE_WINDOW_LIST(X)
#undef X
	HOUSE_WINDOWS
};

/* name, W, minutes, runs a year, owners, and how many of 100 runs begin in the
 * night, morning, day, evening, where somebody is always in. */
#define APPLIANCE_LIST(X) \
	X("kettle", 2000, 3, 1520, 0.975, 2, 34, 44, 20) \
	X("hob", 2400, 16, 418, 0.463, 0, 12, 37, 51) \
	X("oven", 2125, 27, 220, 0.616, 0, 4, 41, 55) \
	X("microwave", 1250, 30, 96, 0.859, 1, 20, 48, 31) \
	X("dishwasher", 1130, 60, 251, 0.335, 10, 8, 37, 45) \
	X("washing machine", 406, 138, 199, 0.781, 3, 23, 67, 7) \
	X("tumble dryer", 2500, 60, 122, 0.416, 4, 10, 75, 11) \
	X("iron", 1000, 30, 57, 0.900, 0, 14, 62, 24) \
	X("vacuum cleaner", 2000, 20, 110, 0.937, 0, 15, 78, 7) \
	X("television", 124, 73, 2000, 0.977, 6, 10, 44, 40) \
	X("computer", 141, 300, 160, 0.708, 4, 10, 72, 14) \
	X("lights, morning", 80, 75, 330, 1, 0, 100, 0, 0) \
	X("lights, evening", 130, 270, 365, 1, 0, 0, 0, 100)

enum {
#define X(...) +1
	HOUSE_APPLIANCES = 0 APPLIANCE_LIST(X)
#undef X
};

/* Of a home that uses the table as it stands: what stands by (assumption), and the
 * fridge-freezer of Richardson et al.: 190 W for 22 min, 6116 times a year. */
#define HOUSE_STANDBY_W     41.3
#define HOUSE_COLD_W        190.0
#define HOUSE_COLD_PERIOD_S (365 * 86400.0 / 6116)
#define HOUSE_COLD_FRAC     (22 * 60 / HOUSE_COLD_PERIOD_S)
#define HOUSE_BASE_W        (HOUSE_STANDBY_W + HOUSE_COLD_FRAC * HOUSE_COLD_W)

struct load_par {
	struct dist annual_j;
	double out_frac;     /* of working days on which nobody is in by day */
	double absent_frac;  /* of days on which everybody is away */
	double regular_frac; /* of runs that begin at the home's own hour for them */
	const char *profile; /* file of measured shapes in place of the model; NULL: none */
};

extern const struct class load_class;

/* One home: constants of a run. */
struct house {
	uint64_t who, key;  /* of its habits; of its days */
	uint32_t owns;      /* bit per appliance */
	double standby_w, cold_w; /* cold: while its fridge-freezer runs */
	double cold_phase;  /* of the fridge-freezer at 1970, 0 to 1 */
	double runs_factor, power_factor; /* on the table's */
	double regular_frac;
	int32_t shift_s;    /* its day is that much later than the table's */
	struct occupancy_habit habit;
};

/* A house that expects to use annual_j in 365 days. who: noise key of what it
 * owns and of its habits; key: of its days. */
struct house house_make(const struct load_par *p, double annual_j, uint64_t who, uint64_t key);

/* Runs of a day never exceed this. */
unsigned house_runs_max(const struct house *h);

/* One run, in seconds since the local midnight of its day; it may end on the
 * next day, never later. Power as the table has it, whole watts: a home draws
 * power_factor times that. */
struct house_run {
	int32_t begin_s, end_s, watt;
};

/* The runs that begin on a local day (days since 1970-01-01), unordered.
 * Returns their number. */
unsigned house_day(const struct house *h, long day, struct house_run *run);

/* What that table's year adds up to for a home which owns `owns`, joules. */
double house_table_j(uint32_t owns);

#endif
