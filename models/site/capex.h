/* What hardware costs to buy, and what was emitted to make it, spread over its life.
 *
 *     <node ...>    <capex price="2100 EUR" life="4 year" embodied-kg="250"/> </node>
 *     <battery ...> <capex price="450 EUR" per="kwh" life="15 year" rate="5 %"/> </battery>
 *
 * A price is the scenario's: hearth knows none. With a rate of interest the yearly cost is an
 * annuity,
 *
 *     price * rate / (1 - (1 + rate)^-life),
 *
 * the capital recovery factor of W. Short, D. J. Packey and T. Holt 1995, "A manual for the
 * economic evaluation of energy efficiency and renewable energy technologies",
 * NREL/TP-462-5173, chapter 2; without one, price / life. Embodied carbon is spread evenly
 * (U. Gupta et al. 2022, "ACT: designing sustainable computer systems with an architectural
 * carbon modeling tool", ISCA, eq. 1). A year is 365 days; a run bears its part of one.
 * Sun, wind and storage count whether homes or data centres have them. */
#ifndef HEARTH_MODELS_SITE_CAPEX_H
#define HEARTH_MODELS_SITE_CAPEX_H

#include <stdbool.h>

#include "models/class.h"

enum capex_per { CAPEX_PER_ONE, CAPEX_PER_KW, CAPEX_PER_KWH };

struct capex_par {
	double price;
	int per; /* enum capex_per: price and embodied_kg are for one piece, kW or kWh */
	double life_s;
	double rate_frac; /* a year */
	double embodied_kg;
};

extern const struct class capex_class;

#define CAPEX_YEAR_S (365 * 86400.0)

/* Of one piece, kW or kWh, in a year. */
double capex_of_year(const struct capex_par *p);

/* Pieces of an element, and how large they are together. */
struct capex_size {
	double units, w, j;
};

/* All hardware, and the part of it that is nodes; by the second of the run. */
struct capex_total {
	bool any, any_node; /* has a <capex> at all */
	double cost_per_s, node_cost_per_s;
	double embodied_kg_per_s, node_embodied_kg_per_s;
};

/* Adds an element that may have a <capex>. */
void capex_add(struct capex_total *t, const struct object *o, struct capex_size size);

#endif
