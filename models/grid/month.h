/* Calendar months of a local time, which meters are read by. */
#ifndef HEARTH_MODELS_GRID_MONTH_H
#define HEARTH_MODELS_GRID_MONTH_H

struct month {
	int of_year;           /* 0: January */
	int day;               /* of the month, from 1 */
	double begin_s, end_s; /* local, since 1970-01-01T00:00 */
};

struct month month_at(double local_s);

#endif
