/* When load gives way: while a price, an intensity of carbon or an import is high.
 *
 * A signal is high above a level that is written down, or above a quantile of its own
 * last 24 hours. Their past is kept as means of quarters of an hour of UTC, the finest
 * that electricity is settled by, so that a quantile does not depend on the step. Until
 * a day has run the quantile is that of as much as has run; before the first quarter has
 * ended nothing is above it.
 *
 * The trigger is on while any signal is high, and for `hold` at least. Without that,
 * load that answers to its own import would be cut and let go in turn, step by step. */
#ifndef HEARTH_MODELS_CONTROL_TRIGGER_H
#define HEARTH_MODELS_CONTROL_TRIGGER_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "models/class.h"

enum signal { SIGNAL_PRICE, SIGNAL_CARBON, SIGNAL_IMPORT, SIGNALS };

struct trigger_par {
	double above[SIGNALS];    /* currency/J, kg/J, W; NAN: no level */
	double quantile[SIGNALS]; /* NAN: none */
	double hold_s;
};

/* Rows of the attribute table of a struct s with such a member m: all signals but the
 * import, which only a site has. Without its rows the member goes through
 * trigger_without_import first. */
#define TRIGGER_ATTRS(s, m) \
	ATTR_QTY(s, m.above[SIGNAL_PRICE], "price-above", DIM_MONEY_PER_ENERGY, OPTIONAL, -1e-3, \
	    1e-3, "while import costs more than that"), \
	ATTR_QTY(s, m.quantile[SIGNAL_PRICE], "price-quantile", DIM_FRACTION, OPTIONAL, 0, 1, \
	    "while it costs more than in that share of the last 24 hours"), \
	ATTR_QTY(s, m.above[SIGNAL_CARBON], "carbon-above", DIM_CARBON_PER_ENERGY, OPTIONAL, 0, \
	    1e-6, "while generation emits more than that"), \
	ATTR_QTY(s, m.quantile[SIGNAL_CARBON], "carbon-quantile", DIM_FRACTION, OPTIONAL, 0, 1, \
	    "while it emits more than in that share of the last 24 hours"), \
	ATTR_QTY(s, m.hold_s, "hold", DIM_TIME, "15 min", 0, 1e6, \
	    "once begun it lasts that long at least")

#define TRIGGER_IMPORT_ATTRS(s, m) \
	ATTR_QTY(s, m.above[SIGNAL_IMPORT], "import-above", DIM_POWER, OPTIONAL, -1e12, 1e12, \
	    "while the site drew more than that in the step before"), \
	ATTR_QTY(s, m.quantile[SIGNAL_IMPORT], "import-quantile", DIM_FRACTION, OPTIONAL, 0, 1, \
	    "while it drew more than in that share of the last 24 hours")

static inline struct trigger_par trigger_without_import(struct trigger_par p)
{
	p.above[SIGNAL_IMPORT] = p.quantile[SIGNAL_IMPORT] = NAN;
	return p;
}

/* Of an element with the price and carbon rows: something must be asked for, and what it
 * needs be there. site: whose <tariff> counts before the scenario's; NULL: only that one. */
void trigger_check(const struct trigger_par *p, const struct object *o,
    const struct object *site, const struct object *scenario, struct err_list *e);

enum { TRIGGER_QUARTERS = 96 }; /* of 24 hours */

/* Means of the quarters that have ended, in a ring, and of the one under way. */
struct trigger_past {
	double mean[TRIGGER_QUARTERS];
	size_t n, next;
	double sum, part_s;
	double level; /* the quantile of `mean`; NAN: of nothing */
};

struct trigger {
	struct trigger_par par;
	struct trigger_past past[SIGNALS];
	bool on;
	double since_s; /* when it went on */
};

struct trigger trigger_init(const struct trigger_par *p);

/* A step [utc_s, utc_s + dt_s) begins, dt_s > 0, with these signals (NAN: not known, and
 * not high). Steps come in order. Returns whether it is on during the step. */
bool trigger_step(struct trigger *t, double utc_s, double dt_s, const double signal[SIGNALS]);

#endif
