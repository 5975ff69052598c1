/* When the people of a home are in and up.
 *
 * Every home has hours of its own for leaving, coming back and going to bed, a day moves
 * each of them a little, and on some working days somebody is in all day. Now and then
 * everybody is away for some days in a row. The hours are about those of working adults
 * in time use surveys (Eurostat, Harmonised European Time Use Surveys, 2010 round: out by
 * 9, back from 16 on, in bed by 23, recalled), their spread is an assumption. Pure functions of the
 * home's key and the day. */
#ifndef HEARTH_MODELS_ENERGY_OCCUPANCY_H
#define HEARTH_MODELS_ENERGY_OCCUPANCY_H

#include <stdbool.h>
#include <stdint.h>

/* Hours of a home, in seconds since local midnight. */
struct occupancy_habit {
	int32_t leave_s, back_s, sleep_s;
	double out_frac;    /* of working days on which nobody is in between leave and back */
	double absent_frac; /* of days on which everybody is away */
};

/* who: a noise key of the home (models/energy/noise.h). */
struct occupancy_habit occupancy_habit_draw(uint64_t who, double out_frac, double absent_frac);

/* One day. */
struct occupancy {
	bool absent, out;                 /* all day; from leave to back */
	int32_t leave_s, back_s, sleep_s; /* in that order */
};

/* day: since 1970-01-01, >= 0; key: noise key of the home's days. */
struct occupancy occupancy_day(const struct occupancy_habit *h, uint64_t key, long day);

#endif
