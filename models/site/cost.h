/* Money and carbon: what the meters of a scenario are billed, what the bulk grid emits.
 *
 * Every home has a meter and a bill of its own; a data centre has one. A site's
 * tariff is its own <tariff>, else the scenario's; without one it costs nothing
 * and no cost is reported. Amounts are in the scenario's currency.
 *
 * A price or an intensity from="supply" is that of the step's dispatch. Where the supply
 * has units each <tariff> and <carbon> says from=, for two figures of one thing would
 * stand side by side.
 *
 * Inference bears what its meter's import costs in proportion to its part of the
 * site's use in the same step, as it does carbon (models/site/account.h); standing and
 * demand charges, and what hardware costs (models/site/capex.h), are told apart from that. */
#ifndef HEARTH_MODELS_SITE_COST_H
#define HEARTH_MODELS_SITE_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"
#include "models/class.h"
#include "models/site/capex.h"
#include "models/site/market.h"
#include "models/site/record.h"
#include "models/site/scenario.h"

struct cost;

/* Reads the tariffs and <carbon>, whose series must cover the run. homes: how many
 * meters. NULL when faults were added to e. */
struct cost *cost_new(const struct object *scenario, const struct time_par *time, uint32_t homes,
    struct err_list *e);
void cost_free(struct cost *c); /* takes NULL */

bool cost_knows_carbon(const struct cost *c);   /* the scenario has a <carbon> */
bool cost_knows_marginal(const struct cost *c); /* with a marginal intensity beside the main one */

/* What the meters read in a step. */
struct cost_meters {
	const double *home_net_w;  /* [homes], mean power; NULL: no homes */
	const double *home_use_w;  /* [homes], used by household, cars and nodes, mean power */
	const double *home_node_j; /* [homes], energy of the home's nodes, part of the above */
	const double *centre_j;    /* [centres]; negative: given back */
	double generated_j;        /* by the bulk grid; <= 0: nothing */
	const struct market_quote *quote; /* of the supply's units; NULL: it has none */
};

/* Carbon intensities of a step; 0 where nothing is known. */
struct cost_carbon {
	double kg_per_j, marginal_kg_per_j;
};

/* Bills a step and returns its carbon intensities.
 * Fills the row's price (of the homes; without them of the first data centre that
 * pays) and carbon columns. */
struct cost_carbon cost_step(struct cost *c, const struct step *st, const struct cost_meters *m,
    struct record_row *row);

/* Of the run that is over. */
struct cost_run {
	double run_s;
	int64_t output_tokens;
	struct capex_total capex;
	const char *currency; /* unit of the costs */
};

/* Cost and carbon metrics, and the bill of each meter in group "bills". */
void cost_export(const struct cost *c, const struct cost_run *run, struct dataset *d);

#endif
