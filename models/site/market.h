/* The bulk system in a run: its units serve the others' demand and the scenario's sites,
 * each grid step by merit order (models/grid/merit.h), and give it a price and an
 * intensity of carbon.
 *
 * Demand that the units cannot reach is unserved, in proportion to what each draws: the
 * scenario's share of it is reported, but its sites keep what they draw, as if others
 * were cut for them. A price moves nobody within a run. */
#ifndef HEARTH_MODELS_SITE_MARKET_H
#define HEARTH_MODELS_SITE_MARKET_H

#include <stdint.h>

#include "base/dataset.h"
#include "models/class.h"
#include "models/site/record.h"
#include "models/site/scenario.h"
#include "models/step.h"

struct market;

/* Reads the <unit> and <demand> of the scenario's <supply>. NULL when it has no units, or
 * when faults were added to e. The caller owns it. */
struct market *market_new(const struct object *scenario, const struct time_par *time,
    struct err_list *e);
void market_free(struct market *m); /* takes NULL */

/* Of energy drawn in a step. */
struct market_quote {
	double price_per_j;
	double average_kg_j, marginal_kg_j;
};

/* Dispatches a step in which the scenario's sites need own_w of generation (negative: they
 * give) and others shift_w beyond the <demand>, and fills the row's columns. */
struct market_quote market_step(struct market *m, const struct step *st, double own_w,
    double shift_w, struct record_row *row);

/* From now on `count` units of a kind are out (negative: there again), in all steps that
 * have not ended. */
void market_lose(struct market *m, size_t unit, int64_t count);

/* Sums over the steps so far. */
struct market_total {
	long steps;
	double run_s;
	double demand_j, own_j;  /* the scenario's sites included; they alone */
	double generated_j, carbon_kg;
	double price_s, price_max_per_j; /* integral of the price; highest */
	double marginal_s;               /* integral of kg/J */
	double unserved_j, own_unserved_j;
	double short_s;     /* with demand unserved */
	double curtailed_j; /* wind and sun that were there and not taken, and surplus */
	double margin_frac; /* lowest of (available - demand) / demand; INFINITY: no demand */
};
const struct market_total *market_total(const struct market *m);

size_t market_units(const struct market *m);
const struct unit_par *market_unit(const struct market *m, size_t unit);
size_t market_find(const struct market *m, const struct unit_par *par); /* which must be there */
int64_t market_running(const struct market *m, size_t unit);   /* not out */
double market_capacity_w(const struct market *m, size_t unit); /* of all of a kind */
double market_output_w(const struct market *m, size_t unit);   /* of the last step; NAN: none */
double market_unit_j(const struct market *m, size_t unit); /* generated so far */

/* Metrics, and group "bulk": what each unit generated, along the record's steps. */
void market_export(const struct market *m, const struct record *r, const struct stamp *start,
    const char *currency, struct dataset *d);

/* What a step left: generation of each unit, W. step < total.steps. */
const float *market_generation_w(const struct market *m, long step);

#endif
