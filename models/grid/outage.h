/* Outages: what of the local grid is without supply, and when.
 *
 *     <feeder network="suburb">
 *       <outage at="18 h" duration="50 min"/>                             all of it
 *       <outage at="7 h" duration="2 h" of="west 3/transformer"/>         what hangs behind it
 *     </feeder>
 *
 * They are what the analyst writes: no failure rate is made up. While it lasts, what
 * customers without voltage would draw is unserved, and what they would give curtailed; their
 * homes and nodes do not know of it. */
#ifndef HEARTH_MODELS_GRID_OUTAGE_H
#define HEARTH_MODELS_GRID_OUTAGE_H

#include "models/class.h"
#include "models/grid/feeder.h"

struct outage_par {
	const char *of;         /* a line or transformer, as reports call it; NULL: all feeders */
	double at_s, duration_s; /* since the run's begin */
};

extern const struct class outage_class;

struct outages;

/* Those of a <feeder>, which is lent. NULL with entries in e when one is of nothing. */
struct outages *outages_new(const struct object *feeder, struct feeder *f, struct err_list *e);
void outages_free(struct outages *o); /* takes NULL */

/* Brings the feeder to its state at a time of the run, and returns when that ends; INT64_MAX:
 * never. */
int64_t outages_act(struct outages *o, int64_t t_ns);

#endif
