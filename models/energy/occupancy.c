#include "models/energy/occupancy.h"

#include "models/energy/calendar.h"
#include "models/energy/noise.h"

enum {
	HOUR = 3600,
	ABSENCE_DAYS = 5, /* that everybody stays away: assumption */
	SHIFT_S = 1800,   /* a day's hour differs from the usual one by at most that */
};

/* Draws of a home's days; those of its appliances have other counters. */
enum { DRAW_OUT, DRAW_LEAVE, DRAW_BACK, DRAW_SLEEP, DRAW_ABSENT, DRAWS = 8 };

static uint64_t counter(long day, int draw)
{
	return (uint64_t)1 << 62 | (uint64_t)day * DRAWS | (uint64_t)draw;
}

static int32_t between(uint64_t key, uint64_t at, double from_h, double to_h)
{
	return (int32_t)(HOUR * (from_h + (to_h - from_h) * noise_unit(key, at)));
}

struct occupancy_habit occupancy_habit_draw(uint64_t who, double out_frac, double absent_frac)
{
	return (struct occupancy_habit){
		.leave_s = between(who, counter(0, DRAW_LEAVE), 8.25, 9.5),
		.back_s = between(who, counter(0, DRAW_BACK), 15, 18.5),
		.sleep_s = between(who, counter(0, DRAW_SLEEP), 21.5, 23.5),
		.out_frac = out_frac,
		.absent_frac = absent_frac,
	};
}

static int32_t shifted(uint64_t key, long day, int draw, int32_t usual_s)
{
	return usual_s + (int32_t)(SHIFT_S * (2 * noise_unit(key, counter(day, draw)) - 1));
}

struct occupancy occupancy_day(const struct occupancy_habit *h, uint64_t key, long day)
{
	double absent = noise_unit(key, counter(day / ABSENCE_DAYS, DRAW_ABSENT));
	double out = noise_unit(key, counter(day, DRAW_OUT));
	return (struct occupancy){
		.absent = absent < h->absent_frac,
		.out = !calendar_weekend(day) && out < h->out_frac,
		.leave_s = shifted(key, day, DRAW_LEAVE, h->leave_s),
		.back_s = shifted(key, day, DRAW_BACK, h->back_s),
		.sleep_s = shifted(key, day, DRAW_SLEEP, h->sleep_s),
	};
}
