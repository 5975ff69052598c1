#include "loader/stamp.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Days since 1970-01-01 of a date of the Gregorian calendar, by counting the
 * leap days of years that begin in March. */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1; /* since 1 March */
	return y * 365 + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Reads exactly `digits` digits at *s and moves on. */
static bool number(const char **s, int digits, int *value)
{
	*value = 0;
	for (int i = 0; i < digits; i++, (*s)++) {
		if (**s < '0' || **s > '9') return false;
		*value = 10 * *value + (**s - '0');
	}
	return true;
}

static bool mark(const char **s, char c)
{
	if (**s != c) return false;
	(*s)++;
	return true;
}

struct fields {
	int year, month, day, hour, minute, second, milli;
};

static bool read_date(const char **s, struct fields *f)
{
	return number(s, 4, &f->year) && mark(s, '-') && number(s, 2, &f->month) && mark(s, '-') &&
	    number(s, 2, &f->day) && mark(s, 'T') && number(s, 2, &f->hour) && mark(s, ':') &&
	    number(s, 2, &f->minute);
}

static bool read_seconds(const char **s, struct fields *f)
{
	if (!mark(s, ':')) return true;
	if (!number(s, 2, &f->second)) return false;
	return !mark(s, '.') || number(s, 3, &f->milli);
}

static bool read_zone(const char **s, double *zone_s)
{
	int hour, minute, sign = **s == '-' ? -1 : 1;
	*zone_s = 0;
	if (mark(s, 'Z')) return true;
	if (!mark(s, '+') && !mark(s, '-')) return false;
	if (!number(s, 2, &hour) || !mark(s, ':') || !number(s, 2, &minute)) return false;
	*zone_s = sign * (hour * 3600.0 + minute * 60.0);
	return hour <= 14 && minute <= 59;
}

static bool exists(const struct fields *f)
{
	return f->year >= 1900 && f->year <= 2199 && f->month >= 1 && f->month <= 12 && f->day >= 1 &&
	    f->day <= days_in(f->year, f->month) && f->hour <= 23 && f->minute <= 59 &&
	    f->second <= 59;
}

static bool refuse(const char *reason, char *why, size_t why_size)
{
	snprintf(why, why_size, "%s", reason);
	return false;
}

bool stamp_parse(const char *text, struct stamp *s, char *why, size_t why_size)
{
	static const char form[] =
	    "not a time stamp; write YYYY-MM-DDThh:mm and a zone, as in 2024-06-20T00:00+05:30";
	struct fields f = { 0 };
	double zone_s;
	const char *p = text + strspn(text, " \t\r\n");
	if (!read_date(&p, &f) || !read_seconds(&p, &f)) return refuse(form, why, why_size);
	if (!p[strspn(p, " \t\r\n")])
		return refuse("no time zone; add Z for UTC or an offset such as +05:30", why, why_size);
	if (!read_zone(&p, &zone_s) || p[strspn(p, " \t\r\n")]) return refuse(form, why, why_size);
	if (!exists(&f))
		return refuse("no such day or time; years 1900 to 2199, hours 00 to 23", why, why_size);
	double local_s = 86400.0 * (double)days_of(f.year, f.month, f.day) + 3600 * f.hour +
	    60 * f.minute + f.second + f.milli / 1000.0;
	*s = (struct stamp){ .utc_s = local_s - zone_s, .zone_s = zone_s };
	return true;
}

/* The date of a day count from 1899 on, by search: years are few. */
static void date_of(int64_t days, int *year, int *month, int *day)
{
	*year = 1899;
	*month = 1;
	while (days_of(*year + 1, 1, 1) <= days) ++*year;
	while (*month < 12 && days_of(*year, *month + 1, 1) <= days) ++*month;
	*day = (int)(days - days_of(*year, *month, 1)) + 1;
}

char *stamp_format(struct stamp s, char buf[STAMP_SIZE])
{
	int year, month, day;
	int64_t ms = llround((s.utc_s + s.zone_s) * 1000), day_ms = 86400000;
	int64_t days = (ms - (ms % day_ms + day_ms) % day_ms) / day_ms;
	int zone_min = (int)lround(fabs(s.zone_s) / 60);
	date_of(days, &year, &month, &day);
	ms -= days * day_ms;
	int n = snprintf(buf, STAMP_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", year % 10000, month, day,
	    (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60));
	if (ms % 1000) n += snprintf(buf + n, STAMP_SIZE - (size_t)n, ".%03d", (int)(ms % 1000));
	snprintf(buf + n, STAMP_SIZE - (size_t)n, "%c%02d:%02d", s.zone_s < 0 ? '-' : '+',
	    zone_min / 60, zone_min % 60);
	return buf;
}
