/* Voltage quality as EN 50160 judges it: by means over 10 minutes of the clock.
 *
 * A mean is a root mean square over the window, as IEC 61000-4-30 aggregates
 * voltages and unbalance alike. EN 50160 looks at a week: 95 % of the means of a
 * supply voltage within +-10 % of the nominal, all of them within +10 % / -15 %;
 * 95 % of the means of the unbalance |V2| / |V1| up to 2 %. Steps longer than the
 * window hide what happens within them. The limits are recalled, not read. */
#ifndef HEARTH_MODELS_GRID_QUALITY_H
#define HEARTH_MODELS_GRID_QUALITY_H

#include <stdint.h>

#include "models/grid/feeder.h"
#include "models/grid/window.h"

#define EN50160_MIN 0.9            /* EN 50160, supply voltage variations: +-10 % */
#define EN50160_MAX 1.1
#define EN50160_ALL_MIN 0.85       /* the same: -15 %, which every mean keeps; +10 % above */
#define EN50160_UNBALANCE_MAX 0.02 /* EN 50160, supply voltage unbalance: 2 % */

/* The unbalance is counted in bins of 0.01 %, [n, n + 1) of them; the last is open. */
#define QUALITY_BIN_PU 1e-4
enum { QUALITY_BINS = 1000 };

struct quality {
	struct window ten;
	uint32_t customers, places; /* places: nodes of the street, busbar included */
	uint64_t windows;           /* whole ones so far */

	double *v2;                     /* of each customer: integral of v^2 in the open window */
	uint64_t *outside;              /* of each customer: windows outside +-10 % */
	double outside_s, outside_all_s; /* customer-seconds outside +-10 %, +10 % / -15 % */
	double v_min_pu, v_max_pu;      /* extreme means; INFINITY, -INFINITY: none yet */

	double *uneven2;                /* of each place: integral of (|V2| / |V1|)^2 */
	uint64_t *uneven;               /* of each place: windows above 2 % */
	double uneven_max_pu;           /* highest mean; -INFINITY: none yet */
	uint64_t bin[QUALITY_BINS + 1]; /* windows by the mean of their worst place */
};

void quality_init(struct quality *q, const struct feeder *f);
void quality_fini(struct quality *q);

/* Takes in the voltages of the feeder's last solve, which hold from t_s (local
 * time) for dt_s. A window that was entered in its middle is dropped. */
void quality_add(struct quality *q, const struct feeder *f, double t_s, double dt_s);

/* At the worst customer: the share of windows within +-10 %. NAN: no window yet. */
double quality_voltage_share(const struct quality *q);

/* At the worst place: the share of windows with an unbalance up to 2 %. NAN: none. */
double quality_unbalance_share(const struct quality *q);

/* What the worst place's unbalance does not exceed in 95 % of the windows, rounded
 * up to the end of its bin but not beyond the maximum. The worst place may be
 * another one in each window, so no place has a higher percentile. NAN: none. */
double quality_unbalance_p95(const struct quality *q);

#endif
