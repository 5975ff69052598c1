/* The local calendar, as far as habits need it. */
#ifndef HEARTH_MODELS_ENERGY_CALENDAR_H
#define HEARTH_MODELS_ENERGY_CALENDAR_H

#include <stdbool.h>

/* Saturday or Sunday. day: since 1970-01-01, which was a Thursday; >= 0. */
static inline bool calendar_weekend(long day)
{
	long weekday = (day + 4) % 7; /* 0: Sunday */
	return weekday == 0 || weekday == 6;
}

#endif
