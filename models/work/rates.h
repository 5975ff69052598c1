/* How busy it is over time, from a table of the user's.
 *
 * A CSV file with a header, whose first column is one of
 *
 *   hour             0 to 23, 24 rows: the hours of every day, local time
 *   window_start_s   from 0 on, rising: each row holds until the next one's time; the
 *                    last as long as the one before it; then the table begins anew.
 *                    0 is the midnight before the scenario begins, local time. (The form of
 *                    rates by 10 minutes summed from Xiang et al. 2025, "ServeGen")
 *
 * and the others rates, of requests a second or in any measure of one's own. */
#ifndef HEARTH_MODELS_WORK_RATES_H
#define HEARTH_MODELS_WORK_RATES_H

#include "base/err.h"

struct rates;

/* Reads the column of that name; NULL: the one that there is. NULL with entries
 * in e, each with a line and a remedy, when the file has faults. */
struct rates *rates_read(const char *path, const char *column, struct err_list *e);
void rates_free(struct rates *r); /* takes NULL */

/* At a local time, s since a midnight, relative to the largest: 0 to 1. */
double rates_factor(const struct rates *r, double local_s);

double rates_largest(const struct rates *r); /* as in the file, > 0 */

#endif
