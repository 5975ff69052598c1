/* How much carbon dioxide the bulk grid's electricity stands for.
 *
 *     <carbon intensity="420 g/kWh"/>                                   the same always
 *     <carbon intensity="420 g/kWh" shape="carbon-solar.csv"/>          over the local day
 *     <carbon series="2024.csv" marginal-series="2024-marginal.csv"/>   by the clock
 *     <carbon from="supply" kind="marginal"/>                           of the units that run
 *
 * A shape has columns `hour` (0 to 23, local) and `relative`, whose mean is 1; a series
 * has `utc` and `g_per_kwh` (models/grid/series.h). The average intensity attributes what
 * was emitted to those who drew; the marginal one says what a little more or less would
 * have changed (A. D. Hawkes 2010, "Estimating marginal CO2 emissions rates for national
 * electricity systems", Energy Policy 38, 5977-5987). A scenario may have both: they are
 * two answers to two questions, reported side by side and never added. Export earns
 * nothing: whether it should is the analyst's decision, not the model's. */
#ifndef HEARTH_MODELS_GRID_CARBON_H
#define HEARTH_MODELS_GRID_CARBON_H

#include <stdbool.h>

#include "models/class.h"
#include "models/grid/from.h"

enum carbon_kind { CARBON_AVERAGE, CARBON_MARGINAL };

struct carbon_par {
	double intensity_kg_j;      /* NAN: the series says */
	const char *shape, *series; /* files; NULL: none */
	int gaps;                   /* enum series_gaps */
	double marginal_kg_j;        /* beside an average one; NAN: none, or a series */
	const char *marginal_series; /* file; NULL: none */
	int kind;                   /* enum carbon_kind: reported; of a supply: taken */
	int from;                   /* enum from */
};

extern const struct class carbon_class;

struct carbon;

/* Reads the files of a <carbon>. NULL when a fault was put into e. The caller owns it. */
struct carbon *carbon_new(const struct object *o, struct err_list *e);
void carbon_free(struct carbon *c); /* takes NULL */

/* From a supply: the intensities from now on. */
void carbon_quote(struct carbon *c, double average_kg_j, double marginal_kg_j);

bool carbon_has_marginal(const struct carbon *c); /* beside an average one */

/* Whether the figures cover that time; a shape or a constant covers all. */
bool carbon_covers(const struct carbon *c, double utc_s, double duration_s);

/* Mean intensity of [utc_s, utc_s + dt_s), kg/J; dt_s > 0, covered. zone_s is
 * local time minus UTC. */
double carbon_mean(const struct carbon *c, double utc_s, double zone_s, double dt_s);

/* The marginal one beside it; NAN: there is none. */
double carbon_marginal(const struct carbon *c, double utc_s, double zone_s, double dt_s);

#endif
