/* The energy ledger: every joule has a source and a sink.
 *
 * Each site keeps one. Positive amounts only: a flow that may turn has an entry
 * for each direction. Storage stands inside the site's boundary through its
 * cells: what goes into the cells is `charge`, what comes out `discharge`, and
 * what is lost on either way is `conversion`. */
#ifndef HEARTH_MODELS_SITE_LEDGER_H
#define HEARTH_MODELS_SITE_LEDGER_H

#include <stddef.h>

#include "base/dataset.h"

enum ledger_side { LEDGER_SOURCE, LEDGER_SINK };

#define LEDGER_LIST(X) \
	X(LEDGER_IMPORT, SOURCE, "import", "drawn at the site's meter") \
	X(LEDGER_PV, SOURCE, "pv", "direct-current output of the solar modules after clipping") \
	X(LEDGER_WIND, SOURCE, "wind", "output of wind turbines") \
	X(LEDGER_DISCHARGE, SOURCE, "discharge", "taken out of storage cells") \
	X(LEDGER_COLLECTED, SOURCE, "collected", "taken in by the grid at its customers' meters") \
	X(LEDGER_UNSERVED, SOURCE, "unserved", "demand that was not served") \
	X(LEDGER_EXPORT, SINK, "export", "given back at the site's meter") \
	X(LEDGER_CHARGE, SINK, "charge", "put into storage cells") \
	X(LEDGER_DELIVERED, SINK, "delivered", "handed out by the grid at its customers' meters") \
	X(LEDGER_LOAD, SINK, "load", "used by households and other loads") \
	X(LEDGER_COMPUTE, SINK, "compute", "used by accelerator boards") \
	X(LEDGER_HOST, SINK, "host", "used by hosts, memory, fans and power supplies of nodes") \
	X(LEDGER_COOLING, SINK, "cooling", "used by cooling and other site overhead") \
	X(LEDGER_CONVERSION, SINK, "conversion", "lost in inverters, chargers and storage") \
	X(LEDGER_LINE_LOSS, SINK, "line_loss", "lost in lines") \
	X(LEDGER_TRANSFORMER_LOSS, SINK, "transformer_loss", "lost in transformers") \
	X(LEDGER_CURTAILED, SINK, "curtailed", "generation that the grid, or a site's connection, could not take in")

enum ledger_item {
#define X(id, side, name, about) id,
	LEDGER_LIST(X)
#undef X
	LEDGER_COUNT
};

struct ledger {
	double j[LEDGER_COUNT];
};

void ledger_add(struct ledger *l, enum ledger_item item, double joule); /* joule >= 0 */

/* Adds a meter's energy: import when positive, export when negative. */
void ledger_meter(struct ledger *l, double joule);

void ledger_sum(struct ledger *into, const struct ledger *l);

double ledger_sources_j(const struct ledger *l);
double ledger_sinks_j(const struct ledger *l);

/* |sources - sinks| / max(sources, sinks, LEDGER_LEAST_J): of less, as in a feeder without load,
 * rounding is a part that says nothing. A run whose residual is above LEDGER_TOLERANCE is
 * INVALID. */
double ledger_residual(const struct ledger *l);
#define LEDGER_TOLERANCE 1e-9
#define LEDGER_LEAST_J 1.0

/* Ledgers side by side. Begin with zeros; names and ledgers are borrowed. */
struct ledger_table {
	struct ledger_row {
		const char *site;
		const struct ledger *ledger;
	} *row;
	size_t n, cap;
};
void ledger_table_add(struct ledger_table *t, const char *site, const struct ledger *l);
void ledger_table_fini(struct ledger_table *t);

/* Fills group "ledger": site (site), one column an item, and the residual. */
void ledger_export(const struct ledger_table *t, struct dataset *d);

#endif
