/* Nodes that give way: while electricity is dear, dirty or much of it is drawn, their
 * accelerators are held under a share of their full power (models/control/trigger.h).
 *
 *     <datacentre name="hall">
 *       <node device="h100-sxm" model="llama-3.1-8b" count="4"/>
 *       <flexible cap="60 %" price-above="0.30 EUR/kWh"/>
 *     </datacentre>
 *
 * A node follows its own <flexible>, else that of its <homes> or <datacentre>. The rule is
 * asked at the beginning of each grid step (models/site/alert.h); the import is that of the
 * step that has ended, unknown in the first one, and then not high. An iteration that is under way
 * ends as it began: the cap holds from the next one on, and so does its end
 * (models/compute/governor.h). A rule with cap="100 %" watches and caps nothing.
 *
 * The import is the site's own, all that its meter or the head of its street draws; of a
 * street that gives more than it draws it is negative. */
#ifndef HEARTH_MODELS_SITE_FLEXIBLE_H
#define HEARTH_MODELS_SITE_FLEXIBLE_H

#include "base/dataset.h"
#include "models/class.h"
#include "models/control/trigger.h"
#include "models/site/market.h"
#include "models/site/pool.h"
#include "models/site/record.h"
#include "models/step.h"

struct flexible_par {
	double cap_frac; /* of full_board_w (models/compute/full.h) */
	struct trigger_par trigger;
};

extern const struct class flexible_class;

/* That a <node> follows: its own, else its site's; NULL: none. */
const struct object *flexible_rule(const struct object *node);

struct flexible;

/* The rules of the nodes of a pool, to which no more may be added. NULL when none has one, or
 * when faults were added to e. */
struct flexible *flexible_new(const struct pool *p, double zone_s, struct err_list *e);
void flexible_free(struct flexible *f); /* takes NULL */

/* The step begins: caps are set or lifted. After pool_open. */
void flexible_begin(struct flexible *f, struct pool *p, const struct step *st);

/* What meters read in the step that has ended. */
struct flexible_seen {
	double homes_j;                   /* net import of the street */
	const double *centre_j;           /* [centres]: import */
	const struct market_quote *quote; /* of the supply's units; NULL: it has none */
};

/* It has ended, after pool_meter. Fills the row's column. */
void flexible_end(struct flexible *f, const struct pool *p, const struct step *st,
    const struct flexible_seen *seen, struct record_row *row);

void flexible_export(const struct flexible *f, struct dataset *d);

#endif
