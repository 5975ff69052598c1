/* What a site's connection may carry: a limit of import and one of export.
 *
 *     <connection import="8 kW" export="0 W"/>      of each home, or of a data centre
 *
 * At a limit storage acts first, whatever its strategy (models/control/dispatch.h). What
 * is left of export is curtailed at the site's inverters, as far as they give anything, and
 * booked as curtailed. What is left of import cars give way to: they charge less, down to
 * nothing, also those that owe their driver a charge; with several elements <vehicle> in a
 * home the last gives way first. What is left then flows, and is reported as beyond the
 * limit: a household's load obeys nobody. */
#ifndef HEARTH_MODELS_SITE_CONNECTION_H
#define HEARTH_MODELS_SITE_CONNECTION_H

#include "models/class.h"
#include "models/control/dispatch.h"

struct connection_par {
	double import_w, export_w; /* NAN: no limit */
};

extern const struct class connection_class;

/* Of a site; without a <connection> there is none. */
struct dispatch_limit connection_limit(const struct object *site);

#endif
