/* What a data centre has behind its meter besides nodes: sun, wind, storage, a connection
 * with limits. With them it is a microgrid, tied to the grid.
 *
 * Its batteries act as one: their charge and ratings added, the efficiency that of their
 * ratings' mean; the request that the site's <dispatch> gives is handed to each in the order
 * of the file, what one cannot do to the next. Export beyond the connection's limit is
 * curtailed; import beyond it, which storage could not prevent, flows and is
 * counted: nodes obey nobody here. */
#ifndef HEARTH_MODELS_SITE_PLANT_H
#define HEARTH_MODELS_SITE_PLANT_H

#include <stddef.h>
#include <stdint.h>

#include "base/dataset.h"
#include "models/class.h"
#include "models/site/capex.h"
#include "models/site/checks.h"
#include "models/site/ledger.h"
#include "models/step.h"

struct plant;

/* Of a step, J. */
struct plant_flow {
	double import_j, export_j;
	double pv_j, wind_j;           /* direct current; at the turbines */
	double made_j;                 /* behind the inverters, less what was curtailed */
	double charge_j, discharge_j;  /* of the cells */
	double battery_j;              /* at the meter's side; positive: drawn */
	double conversion_j, curtailed_j;
};

/* Of a <datacentre>. NULL when it has nothing of the kind, or when faults were added to e.
 * The caller owns it. */
struct plant *plant_new(const struct object *centre, const struct object *scenario, uint64_t seed,
    double step_s, const struct step *first, struct err_list *e);
void plant_free(struct plant *p); /* takes NULL */

/* Sweeps a step in which nodes and building use use_w. Steps follow each other. */
struct plant_flow plant_step(struct plant *p, const struct step *st, double use_w);

/* Books all but use and meter, which are the data centre's to book. */
void plant_book(const struct plant_flow *f, struct ledger *l);

/* Whether its cells hold what went in, less what came out and leaked. */
void plant_check(const struct plant *const *p, size_t n, struct checks *c);

/* How large its <battery>, <solar> or <wind> is. */
struct capex_size plant_installed(const struct plant *p, const struct object *o);

/* Metrics of all plants together; entries may be NULL, for centres without. */
void plant_export(const struct plant *const *p, size_t n, struct dataset *d);

#endif
