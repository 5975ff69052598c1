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
 * runs are scaled per home (above twice the table: the powers too), so that the
 * expected year is the one asked for. No season and no heating.
 *
 * Runs start and end at whole seconds, and a step takes the mean of the power
 * over its time: any step length gives the same energy. The runs of a day depend
 * on (home, day) only, never on other homes or on the steps before. */
#ifndef HEARTH_MODELS_ENERGY_HOUSE_H
#define HEARTH_MODELS_ENERGY_HOUSE_H

#include <stddef.h>
#include <stdint.h>

#include "models/class.h"

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
 * night, morning, day, evening. */
#define APPLIANCE_LIST(X) \
	X("kettle", 2000, 3, 1520, 0.975, 2, 34, 28, 36) \
	X("hob", 2400, 16, 418, 0.463, 0, 12, 24, 64) \
	X("oven", 2125, 27, 220, 0.616, 0, 4, 26, 70) \
	X("microwave", 1250, 30, 96, 0.859, 1, 20, 31, 48) \
	X("dishwasher", 1130, 60, 251, 0.335, 10, 8, 24, 58) \
	X("washing machine", 406, 138, 199, 0.781, 3, 23, 50, 24) \
	X("tumble dryer", 2500, 60, 122, 0.416, 4, 10, 50, 36) \
	X("iron", 1000, 30, 57, 0.900, 0, 14, 40, 46) \
	X("vacuum cleaner", 2000, 20, 110, 0.937, 0, 15, 62, 23) \
	X("television", 124, 73, 2000, 0.977, 6, 10, 28, 56) \
	X("computer", 141, 300, 160, 0.708, 4, 10, 46, 40) \
	X("lights, morning", 80, 75, 330, 1, 0, 100, 0, 0) \
	X("lights, evening", 130, 270, 365, 1, 0, 0, 0, 100)

enum {
#define X(...) +1
	HOUSE_APPLIANCES = 0 APPLIANCE_LIST(X)
#undef X
};

/* Refrigerator, freezer, standby: of a home that uses the table as it stands.
 * 49 W of it is the fridge-freezer of Richardson et al. (190 W, 22 min, 6116 runs). */
#define HOUSE_BASE_W 90.0

struct load_par {
	struct dist annual_j;
	double out_frac; /* of working days on which nobody is in from 9 to 17 */
	const char *profile; /* file of measured shapes in place of the model; NULL: none */
};

extern const struct class load_class;

/* One home: constants of a run. */
struct house {
	uint64_t key;       /* of its days */
	uint32_t owns;      /* bit per appliance */
	double base_w;
	double runs_factor, power_factor; /* on the table's */
	double out_frac;
	int32_t habit_s;    /* its day is that much later than the table's */
};

/* A house that expects to use annual_j in 365 days. who: noise key of what it
 * owns and of its habits; key: of its days. */
struct house house_make(const struct load_par *p, double annual_j, uint64_t who, uint64_t key);

/* Runs of a day never exceed this. */
unsigned house_runs_max(const struct house *h);

/* One run, in seconds since the local midnight of its day; it may end on the
 * next day, never later. Power in milliwatts, so that sums are exact. */
struct house_run {
	int32_t begin_s, end_s, milliwatt;
};

/* The runs that begin on a local day (days since 1970-01-01), unordered.
 * Returns their number. */
unsigned house_day(const struct house *h, long day, struct house_run *run);

/* What that table's year adds up to for a home which owns `owns`, joules. */
double house_table_j(uint32_t owns);

#endif
