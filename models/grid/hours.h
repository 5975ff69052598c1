/* Hours of the year in which something holds: of the day, of some days, of some months.
 *
 * Times are local. Hours whose end is not after their begin run past midnight and belong
 * to the day, and the month, in which they begin. Holidays count as weekend. */
#ifndef HEARTH_MODELS_GRID_HOURS_H
#define HEARTH_MODELS_GRID_HOURS_H

#include <stdbool.h>

#include "models/class.h"

enum days { DAYS_ALL, DAYS_WEEKDAY, DAYS_WEEKEND };

struct hours {
	double from_s, to_s; /* of the local day */
	int days;            /* enum days: Monday to Friday, Saturday and Sunday */
	const char *months;  /* "jun-sep", "jan mar nov-dec"; NULL: all */
};

/* The rows of a table whose struct s has a `struct hours when`. */
#define HOURS_ATTRS(s)                                                                             \
	ATTR_QTY(s, when.from_s, "from", DIM_TIME, "0 h", 0, 86399.999,                            \
	    "local time of day at which it begins, as \"17 h\""),                                  \
	    ATTR_QTY(s, when.to_s, "to", DIM_TIME, "24 h", 0, 86400,                               \
		"local time of day at which it ends; on the next day when not after its begin"),   \
	    ATTR_ENUM(s, when.days, "days", "all", "all weekday weekend",                          \
		"days on which it begins; holidays of the tariff are weekend"),                    \
	    ATTR_TEXT(s, when.months, "months", OPTIONAL,                                          \
		"months in which it begins, as \"jun-sep\" or \"jan mar nov-dec\"; all when absent")

/* Twelve bits, January the lowest; 0: the text names no months. NULL gives all. */
unsigned hours_months(const char *text);

/* A local day and what the day before it was. */
struct hours_day {
	int month, month_before; /* 0: January */
	bool weekend, weekend_before;
};

/* months: what hours_months gives. */
bool hours_hold(const struct hours *h, unsigned months, const struct hours_day *day,
    double of_day_s);

/* Faults of an object whose `when` this is. */
void hours_check(const struct hours *h, const struct object *o, struct err_list *e);

#endif
