/* Time stamps of tables: "2024-06-20T13:00Z", "2024-06-20 15:00:00+02:00", "2024-06-20 13:00".
 *
 * A stamp that names its zone is one instant, also in the hour that a clock that is set
 * back shows twice; leap days are as the Gregorian calendar has them. */
#ifndef HEARTH_MODELS_GRID_INSTANT_H
#define HEARTH_MODELS_GRID_INSTANT_H

#include <stdbool.h>

enum instant_zone {
	INSTANT_UNZONED, /* names none; taken as UTC */
	INSTANT_UTC,     /* Z, +00:00 */
	INSTANT_OFFSET,  /* another */
};

/* Seconds since 1970-01-01T00:00Z. False when it is no stamp, or a time that there is not
 * (30 February, 25:00). */
bool instant_parse(const char *text, double *utc_s, enum instant_zone *zone);

/* Days since 1970-01-01 of a date alone, "2024-12-25", size bytes long. */
bool instant_parse_day(const char *text, int size, long *day);

#endif
