/* Voltage quality as EN 50160 judges it: by means over 10 minutes of the clock.
 *
 * A mean is a root mean square over the window, as IEC 61000-4-30 aggregates
 * voltages and unbalance alike. EN 50160 looks at a week: 95 % of the means of a
 * supply voltage within +-10 % of the nominal, all of them within +10 % / -15 %;
 * 95 % of the means of the unbalance |V2| / |V1| up to 2 %. A window in which a customer was
 * interrupted says nothing of its voltage (IEC 61000-4-30, flagging), and counts as kept. Steps longer than the
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

enum { QUALITY_WEEK = 7 * 24 * 6 }; /* windows */

/* How a week was, counted from the run's first whole window. */
struct quality_week {
	double voltage_share;   /* of windows within +-10 %, at the worst customer */
	double unbalance_share; /* of windows up to 2 %, at the worst place */
	/* What the worst place's unbalance does not exceed in 95 % of the windows, rounded
	 * up to the end of its bin but not beyond the maximum. The worst place may be another
	 * one in each window, so no place has a higher percentile. */
	double unbalance_p95_pu;
};

struct quality {
	struct window ten;
	uint32_t customers, places; /* as in the feeder */
	uint64_t windows;           /* whole ones so far */
	struct quality_week worst;  /* each number the worst of the whole weeks */

	double *v2;                      /* of each customer: integral of v^2 in the open window */
	double outside_s, outside_all_s; /* customer-seconds outside +-10 %, +10 % / -15 % */
	double v_min_pu, v_max_pu;       /* extreme means; INFINITY, -INFINITY: none yet */

	double *uneven2;                 /* of each place: the same of (|V2| / |V1|)^2 */
	double uneven_max_pu;            /* highest mean; -INFINITY: none yet */

	/* Of the open week. */
	uint32_t week_windows;
	uint32_t *outside;               /* of each customer: windows outside +-10 % */
	uint32_t *uneven;                /* of each place: windows above 2 % */
	double uneven_week_pu;           /* highest mean */
	uint32_t bin[QUALITY_BINS + 1];  /* windows by the mean of their worst place */
};

void quality_init(struct quality *q, const struct feeder *f);
void quality_fini(struct quality *q);

/* Takes in the voltages of the feeder's last solve, which hold from t_s (local
 * time) for dt_s. A window that was entered in its middle is dropped. */
void quality_add(struct quality *q, const struct feeder *f, double t_s, double dt_s);

/* The worst of the whole weeks that the run had; of a shorter run, all of it. What
 * is left after the last whole week is not judged. All NAN: no window yet. */
struct quality_week quality_week(const struct quality *q);

#endif
