#include "models/grid/series.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#define HOUR_S 3600.0

enum { DAY_HOURS = 24 };

struct series *series_constant(double value)
{
	struct series *s = mem_new(1, sizeof *s);
	s->daily = true;
	s->step_s = DAY_HOURS * HOUR_S;
	s->value = mem_new(1, sizeof *s->value);
	s->value[s->steps++] = value;
	return s;
}

static void scale(struct series *s, double by)
{
	for (size_t i = 0; i < s->steps; i++) s->value[i] *= by;
}

struct series *series_share(const char *path, double whole, struct err_list *e)
{
	struct series *s = series_read_day(path, "share", 1, e);
	if (s) scale(s, whole);
	return s;
}

/* A shape scales and must not change the mean. */
struct series *series_relative(const char *path, double mean, struct err_list *e)
{
	struct series *s = series_read_day(path, "relative", INFINITY, e);
	double sum = 0;
	if (!s) return NULL;
	for (size_t i = 0; i < s->steps; i++) sum += s->value[i];
	if (fabs(sum / DAY_HOURS - 1) > 1e-3) {
		err_at(e, (struct err_pos){ path, 0, 0 },
		    "the mean of 'relative' is %.4f; scale the column so that it is 1",
		    sum / DAY_HOURS);
		series_free(s);
		return NULL;
	}
	scale(s, mean * DAY_HOURS / sum);
	return s;
}

void series_free(struct series *s)
{
	if (!s) return;
	free(s->value);
	free(s);
}

/* Seconds since 1970 have a resolution of 0.2 us in a double. */
static const double blur_s = 1e-3;

bool series_covers(const struct series *s, double utc_s, double duration_s)
{
	double end_s = s->begin_s + s->step_s * (double)s->steps;
	return s->daily || (utc_s >= s->begin_s && utc_s + duration_s <= end_s + blur_s);
}

double series_mean(const struct series *s, double utc_s, double zone_s, double dt_s)
{
	assert(dt_s > 0 && series_covers(s, utc_s, dt_s));
	double at_s = s->daily ? utc_s + zone_s : utc_s - s->begin_s, sum = 0, left_s = dt_s;
	double step = floor(at_s / s->step_s), n = (double)s->steps;
	for (; left_s > 0; step++) {
		double of_day = step - n * floor(step / n);
		size_t i = (size_t)(s->daily ? of_day : fmin(step, n - 1)); /* n - 1: the blur */
		double part_s = fmin(left_s, (step + 1) * s->step_s - at_s);
		if (part_s == dt_s) return s->value[i]; /* no boundary: no rounding either */
		sum += part_s / dt_s * s->value[i];
		at_s += part_s;
		left_s -= part_s;
	}
	return sum;
}
