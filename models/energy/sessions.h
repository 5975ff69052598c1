/* Charging sessions of cars, from a table: when a car was plugged in, for how
 * long, and what it took.
 *
 *     plug_in,plug_out,energy_kwh
 *     2019-01-07T17:12,2019-01-08T07:40,11.3
 *
 * is one form: local times without a zone. plugin_local and plugout_local are
 * other names of the two, as in tables made from A. L. Soerensen et al. 2021, Data
 * in Brief 36, 106985. A column duration_h, where there is one, is the time
 * plugged in as the charger measured it, and counts for that: the clocks may be
 * changed meanwhile.
 *
 *     day,plug_in,spread_h,stay_h,energy_kwh
 *     weekend,13:30,0.75,4.2,9.1
 *
 * is the other, of sessions without a date: day is `weekday` or `weekend`, stay_h
 * is how long it stays, and it is plugged in at any time within spread_h (0 when
 * there is no such column) before and after plug_in.
 *
 * In both, energy_kwh is drawn at the wall; further columns, such as the user, are
 * passed over, and each row counts alike. */
#ifndef HEARTH_MODELS_ENERGY_SESSIONS_H
#define HEARTH_MODELS_ENERGY_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/rng.h"

struct session {
	double arrival_s; /* local time of day; drawn: may be below 0 or above a day */
	double spread_s;  /* either way; 0 when drawn */
	double stay_s;    /* > 0 */
	double energy_j;  /* at the wall, >= 0 */
};

enum sessions_day { SESSIONS_WEEKDAY, SESSIONS_WEEKEND, SESSIONS_DAYS };

struct sessions {
	struct session *of[SESSIONS_DAYS];
	size_t n[SESSIONS_DAYS], cap[SESSIONS_DAYS];
	size_t skipped; /* rows with faults */
};

/* A row without an end, that ends before it begins, of a negative energy, or whose
 * times and duration disagree by more than two minutes (they were taken on both
 * sides of a change of the clocks) is a fault; with `skip` it is left out and
 * counted. NULL when faults were put into e. The caller owns it. */
struct sessions *sessions_read(const char *path, bool skip, struct err_list *e);
void sessions_free(struct sessions *s); /* takes NULL */

/* A session of such a day, all alike in probability (the bootstrap of B. Efron
 * 1979, Annals of Statistics 7, 1-26). Takes two draws from g. False, and no
 * session, when the table has none of such days. */
bool sessions_draw(const struct sessions *s, enum sessions_day day, struct pcg64 *g,
    struct session *out);

#endif
