#include "models/grid/instant.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* timegm turns 30 February into 1 March: what does not come back as it was is no time. */
static bool to_utc(struct tm tm, double *utc_s)
{
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	struct tm asked = tm;
	*utc_s = (double)timegm(&tm);
	return tm.tm_mon == asked.tm_mon && tm.tm_mday == asked.tm_mday &&
	       tm.tm_hour == asked.tm_hour && tm.tm_min == asked.tm_min &&
	       tm.tm_sec == asked.tm_sec;
}

/* "", "Z" or "+05:30", and nothing behind it. */
static bool parse_zone(const char *s, double *zone_s, enum instant_zone *zone)
{
	int hours, minutes, used = 0;
	char sign;
	*zone_s = 0;
	*zone = *s ? INSTANT_UTC : INSTANT_UNZONED;
	if (!*s || !strcmp(s, "Z")) return true;
	if (sscanf(s, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 || used != 6 || s[used])
		return false;
	if ((sign != '+' && sign != '-') || hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
		return false;
	*zone_s = (sign == '-' ? -60 : 60) * (60 * hours + minutes);
	if (*zone_s != 0) *zone = INSTANT_OFFSET;
	return true;
}

bool instant_parse(const char *text, double *utc_s, enum instant_zone *zone)
{
	struct tm tm = { 0 };
	double zone_s;
	char mark;
	int used = 0, more = 0;
	if (sscanf(text, "%4d-%2d-%2d%c%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &mark,
		&tm.tm_hour, &tm.tm_min, &used) != 6 ||
	    (mark != 'T' && mark != ' '))
		return false;
	text += used;
	if (sscanf(text, ":%2d%n", &tm.tm_sec, &more) == 1) text += more;
	if (!parse_zone(text, &zone_s, zone) || !to_utc(tm, utc_s)) return false;
	*utc_s -= zone_s;
	return true;
}

bool instant_parse_day(const char *text, int size, long *day)
{
	struct tm tm = { 0 };
	double utc_s;
	int used = 0;
	if (sscanf(text, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &used) != 3 ||
	    used != size || !to_utc(tm, &utc_s))
		return false;
	*day = (long)(utc_s / 86400);
	return true;
}
