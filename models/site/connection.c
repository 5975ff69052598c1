#include "models/site/connection.h"

static const struct attr attrs[] = {
	ATTR_QTY(struct connection_par, import_w, "import", DIM_POWER, OPTIONAL, 0, 1e10,
	    "most that the meter is to draw: batteries give, then cars charge less; no limit when "
	    "absent"),
	ATTR_QTY(struct connection_par, export_w, "export", DIM_POWER, OPTIONAL, 0, 1e10,
	    "most that the meter gives back; no limit when absent"),
	ATTR_END,
};

const struct class connection_class = {
	.element = "connection", .parents = "homes datacentre",
	.about = "Limits of the connection to the grid: of each home, or of a data centre.",
	.par_size = sizeof(struct connection_par), .attrs = attrs, .max = 1,
};

struct dispatch_limit connection_limit(const struct object *site)
{
	struct dispatch_limit limit = DISPATCH_UNLIMITED;
	const struct object *o = object_child(site, &connection_class);
	if (!o) return limit;
	const struct connection_par *p = o->par;
	if (!isnan(p->import_w)) limit.import_w = p->import_w;
	if (!isnan(p->export_w)) limit.export_w = p->export_w;
	return limit;
}
