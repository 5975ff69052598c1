/* A trigger (models/control/trigger.h) with somebody who looks at prices and carbon for it.
 *
 * Those that are known ahead are looked up for the step that begins; those from="supply" are
 * of the step before it, for only its sweep finds them, and unknown in the first. */
#ifndef HEARTH_MODELS_SITE_ALERT_H
#define HEARTH_MODELS_SITE_ALERT_H

#include <stdbool.h>

#include "models/control/outlook.h"
#include "models/control/trigger.h"
#include "models/site/market.h"
#include "models/step.h"

struct alert {
	struct trigger trigger;
	struct outlook *outlook;
	bool marginal;     /* carbon of the supply is that of the next unit */
	struct quote last; /* of the supply's units; NAN: not known */
};

/* The tariff is the site's, else the scenario's; faults of files go to e. */
void alert_init(struct alert *a, const struct trigger_par *p, const struct object *site,
    const struct object *scenario, double zone_s, struct err_list *e);
void alert_fini(struct alert *a);

/* The step begins; import_w: of the site in the step before, NAN: not known. Whether the
 * trigger is on during the step. */
bool alert_begin(struct alert *a, const struct step *st, double import_w);

/* It has ended. NULL: the supply has no units. */
void alert_end(struct alert *a, const struct market_quote *q);

#endif
