/* The bills of all meters under one tariff, as arrays over the meters.
 *
 * A month's demand charge is due whole once it is begun, as a bill has it; standing charges
 * are paid by the second. A month's tiers and credits are settled exactly where it ends, in
 * the middle of a step too. Bills of one run are the same whatever its step, as far as the
 * power at the meter is: a mean over 15 minutes needs steps that do not average over more,
 * and meters that both import and export within a step show only the difference.
 *
 *     bills_add(b, local_s, dt_s, net_w);
 *     struct bill due = bills_of(b, meter); */
#ifndef HEARTH_MODELS_GRID_BILL_H
#define HEARTH_MODELS_GRID_BILL_H

#include <stdint.h>

#include "models/grid/tariff.h"

struct bills;

/* t must outlive them. */
struct bills *bills_new(const struct tariff *t, uint32_t meters);
void bills_free(struct bills *b); /* takes NULL */

/* Adds a step; net_w: mean power at each meter, positive: drawn. Steps follow each other. */
void bills_add(struct bills *b, double local_s, double dt_s, const double *net_w);

/* What each meter's import of the last step cost, credits not deducted; [meters]. */
const double *bills_step_cost(const struct bills *b);

/* What is due so far: the open month's credits are taken off as if it ended now. */
struct bill {
	double import_cost;   /* energy at its price, credits not deducted */
	double export_income; /* feed-in paid, credits used */
	double fixed_cost, demand_cost;
	double credit;        /* not used and not lost; no part of the total */
};
struct bill bills_of(const struct bills *b, uint32_t meter);

double bill_total(const struct bill *b);

/* Prices of the meter's next joule, its tier included: what the tariff's mean of these
 * times says plus the tier that this month's import has reached now. A charge for demand
 * is in no price. */
struct tariff_price bills_price(const struct bills *b, uint32_t meter, double local_s, double dt_s);

#endif
