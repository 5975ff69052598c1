#include "models/grid/month.h"

#include <math.h>
#include <time.h>

/* Months know no zones: local times go through as if they were UTC. */
struct month month_at(double local_s)
{
	struct tm tm;
	time_t t = (time_t)floor(local_s);
	gmtime_r(&t, &tm);
	struct tm begin = { .tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = 1 };
	struct tm end = { .tm_year = tm.tm_year, .tm_mon = tm.tm_mon + 1, .tm_mday = 1 };
	return (struct month){ .of_year = tm.tm_mon, .day = tm.tm_mday,
		.begin_s = (double)timegm(&begin), .end_s = (double)timegm(&end) };
}
