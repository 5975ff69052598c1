/* What a weather file says of a time. */
#include <assert.h>
#include <math.h>
#include <time.h>

#include "models/energy/weather_file.h"

#define DAY_S 86400.0

/* Seconds since 1970 have a resolution of 0.2 us in a double. */
static const double blur_s = 1e-3;

static bool is_leap(int year)
{
	return year % 4 == 0; /* right from 1901 to 2099 */
}

/* Seconds since 1 January of a year like the file's, at the same month, day and time. */
static double of_year_s(double local_s, bool leap_file)
{
	const int last_of_february = 58; /* days before the 28th: 58; of the 29th: 59 */
	double day = floor(local_s / DAY_S);
	time_t t = (time_t)(day * DAY_S);
	struct tm tm;
	gmtime_r(&t, &tm);
	int of_year = tm.tm_yday;
	bool leap = is_leap(tm.tm_year + 1900);
	if (leap && !leap_file && of_year > last_of_february) of_year--;
	if (!leap && leap_file && of_year > last_of_february) of_year++;
	return of_year * DAY_S + (local_s - day * DAY_S);
}

static bool leap_file(const struct weather_series *s)
{
	return (double)s->rows * s->step_s > 365.5 * DAY_S;
}

/* The row whose interval holds a local time. */
static size_t row_at(const struct weather_series *s, double local_s)
{
	double at_s = local_s - s->begin_s;
	double rows = (double)s->rows;
	if (s->whole_year) {
		/* the file begins at or just around its own 1 January */
		double begin = of_year_s(s->begin_s + s->step_s, leap_file(s)) - s->step_s;
		at_s = of_year_s(local_s, leap_file(s)) - begin;
	}
	double row = floor((at_s + blur_s) / s->step_s);
	if (s->whole_year) return (size_t)(row - rows * floor(row / rows));
	return (size_t)fmin(fmax(row, 0), rows - 1);
}

bool weather_series_covers(const struct weather_series *s, double utc_s, double duration_s)
{
	double from_s = utc_s + s->zone_s - s->begin_s;
	return s->whole_year ||
	       (from_s >= -blur_s && from_s + duration_s <= (double)s->rows * s->step_s + blur_s);
}

/* Begin of the interval of steps since begin_s; days are whole numbers of steps. */
static double interval_begin(const struct weather_series *s, double local_s)
{
	double n = floor((local_s - s->begin_s + blur_s) / s->step_s);
	return s->begin_s + n * s->step_s;
}

double weather_series_interval(const struct weather_series *s, double utc_s, size_t *row)
{
	double begin_s = interval_begin(s, utc_s + s->zone_s);
	*row = row_at(s, begin_s);
	return begin_s - s->zone_s;
}

double weather_series_mean(
    const struct weather_series *s, enum weather_figure f, double utc_s, double dt_s)
{
	const double *v = s->value[f];
	assert(dt_s > 0);
	if (!v) return NAN;
	double at_s = utc_s + s->zone_s, end_s = at_s + dt_s, sum = 0;
	while (end_s - at_s > blur_s) {
		/* between the stamps of two neighbours: of intervals a step apart */
		double first_s = interval_begin(s, at_s - s->instant_s);
		double stamp_s = first_s + s->instant_s;
		double to_s = fmin(stamp_s + s->step_s, end_s);
		if (to_s <= at_s) to_s = end_s; /* no progress but for the blur */
		double a = v[row_at(s, first_s)], b = v[row_at(s, first_s + s->step_s)];
		double mid = (0.5 * (at_s + to_s) - stamp_s) / s->step_s;
		sum += (a + (b - a) * fmin(fmax(mid, 0), 1)) * (to_s - at_s);
		at_s = to_s;
	}
	return sum / dt_s;
}
