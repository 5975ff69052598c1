#include "models/site/datacentre.h"

static const struct attr attrs[] = {
	ATTR_TEXT(struct datacentre_par, name, "name", REQUIRED, "name of the site"),
	/* Uptime Institute, Global Data Center Survey 2023: average PUE 1.58; Google,
	 * Environmental Report 2024: fleet average 1.10. New large sites lie between. */
	ATTR_QTY(struct datacentre_par, pue_ratio, "pue", DIM_NUMBER, "1.2", 1, 3,
	    "power usage effectiveness: energy of the site over energy of its nodes"),
	ATTR_QTY(struct datacentre_par, base_w, "overhead", DIM_POWER, "0 W", 0, 1e9,
	    "power for the building that does not follow the nodes"),
	ATTR_END,
};

const struct class datacentre_class = {
	.element = "datacentre", .parents = "scenario",
	.about = "Nodes behind one meter of the bulk grid, reached over the wide-area link.",
	.par_size = sizeof(struct datacentre_par), .attrs = attrs,
};

struct datacentre_flow datacentre_step(const struct datacentre_par *p, double device_j,
    double node_j, double dt_s)
{
	double cooling_j = (p->pue_ratio - 1) * node_j + p->base_w * dt_s;
	return (struct datacentre_flow){
		.compute_j = device_j,
		.host_j = node_j - device_j,
		.cooling_j = cooling_j,
		.import_j = node_j + cooling_j,
	};
}

void datacentre_book(const struct datacentre_flow *f, struct ledger *l)
{
	ledger_add(l, LEDGER_COMPUTE, f->compute_j);
	ledger_add(l, LEDGER_HOST, f->host_j);
	ledger_add(l, LEDGER_COOLING, f->cooling_j);
	ledger_meter(l, f->import_j);
}
