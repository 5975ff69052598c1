/* A street of homes, swept a grid step at a time.
 *
 * A home is not an event and not a struct: each component lies in arrays over
 * the homes that have it, and a step is a few plain loops (models/energy/
 * pv.h, house_bank.h, heat_bank.h, water_bank.h, battery.h, vehicle.h). Within a step the order is load,
 * sun, node, car, battery: a car on policy solar sees what would be exported
 * before the battery does.
 *
 * Who has what is decided by models/site/homes.h; how large it is, by the home's
 * own stream (seed, 0, "NAME home K", RNG_POPULATION), each element at a place
 * of its own in it. Results of a home do not depend on how many others there are. */
#ifndef HEARTH_MODELS_SITE_FLEET_H
#define HEARTH_MODELS_SITE_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/class.h"
#include "models/control/dispatch.h"
#include "models/energy/battery_unit.h"
#include "models/energy/place.h"
#include "models/energy/sky.h"
#include "models/energy/weather.h"
#include "models/site/capex.h"
#include "models/site/ledger.h"
#include "models/step.h"

/* Energies of the whole street, in joules, and counts. */
struct fleet_total {
	double load_j, node_j;
	double heating_j, water_j;   /* of load_j: heating and cooling, hot water */
	double drawn_j;              /* heat taken out of water heaters with the water */
	double outside_k_s;          /* of all houses with heating: kelvin outside the set points,
	                                beyond the dead band, times time */
	double pv_dc_j, pv_ac_j;     /* before and behind the inverters, were none curtailed */
	double battery_in_j, battery_out_j; /* at the wall: drawn, given */
	double vehicle_j, vehicle_loss_j; /* at the wall, drawn by cars; of it, lost in chargers */
	double vehicle_returned_j;   /* at the wall, given back by cars */
	double charge_j, discharge_j; /* into and out of cells, cars included */
	double conversion_j;         /* in inverters, batteries and the cars' chargers */
	double import_j, export_j;   /* sums over the homes' meters */
	double trip_j, short_j, leak_j; /* of cars, see vehicle.h; self-discharge */
	double curtailed_j;          /* of pv_ac_j, that no connection could carry away */
	double exceeded_j;           /* import and export beyond the connections' limits */
	double departures, unready, missed_j; /* of cars: how many, below `ready`, by how much */
};

struct fleet_parts; /* the components' arrays */

/* Arrays are of n homes and hold the last step's means; read-only. */
struct fleet {
	size_t n;
	const double *load_w;    /* household, with heating and hot water */
	const double *heating_w, *water_w; /* of it */
	const double *room_k;    /* air at the end; NAN without <heating>, NULL when nobody has it */
	const double *pv_w;      /* behind the inverter, less what was curtailed, >= 0 */
	const double *battery_w; /* positive: charging */
	const double *vehicle_w;
	const double *net_w;     /* at the meter, node included; positive: drawn */
	const double *soc;       /* of the home's stationary batteries at the end; NAN: none */
	struct fleet_total step; /* of the last step */
	struct fleet_total run;  /* of all steps */
	bool is_limited;         /* its connections have limits */
	double peak_import_w;    /* highest sum of net_w of a step, >= 0 */
	struct fleet_parts *parts;
};

/* homes: an object of homes_class with its children, which must outlive the
 * fleet. dispatch: where it has no <dispatch>. seed: the run's. first: the first step (its
 * time; nothing is run). */
struct fleet *fleet_new(const struct object *homes, const struct place_par *place,
    const struct weather_par *weather, enum dispatch_kind dispatch, uint64_t seed,
    const struct step *first);
void fleet_free(struct fleet *f); /* takes NULL */

/* Before the first step, where the <dispatch> looks at prices or carbon: borrowed. */
void fleet_share_outlook(struct fleet *f, const struct outlook *o);

/* Sweeps one step. Steps must follow each other; 0 < dt_s <= 3600. node_w[i] is
 * the mean power at the wall of home i's node over the step; NULL: none. */
void fleet_step(struct fleet *f, const struct step *st, const double *node_w);

/* Books the last step: PV, LOAD, CHARGE, DISCHARGE, CONVERSION, CURTAILED and every
 * home's meter. The caller books the nodes' energy (COMPUTE and HOST), the sum of
 * node_w times dt_s; sources and sinks then agree. Call it once a step. */
void fleet_book(const struct fleet *f, struct ledger *l);

/* The sky over the street, as of the last step. */
const struct sky *fleet_sky(const struct fleet *f);

/* The element <node> of a home; NULL: none. */
const struct object *fleet_node(const struct fleet *f, size_t home);

/* How many pieces of an element <node>, <battery>, <solar> or <vehicle> of this street there
 * are, and how large they were together when new. */
struct capex_size fleet_installed(const struct fleet *f, const struct object *o);

/* Rated output of each home's inverters of solar modules, into rated_w; 0: it has none. */
void fleet_inverters_w(const struct fleet *f, double *rated_w);

/* Mean air of the houses with heating at the end of the step, and how many there are; NAN without. */
double fleet_room_mean_k(const struct fleet *f);
size_t fleet_heated(const struct fleet *f);
bool fleet_has_water(const struct fleet *f);

/* Plans that look-ahead made for its homes; of them, those for which no way keeps the limits
 * of the connection. */
void fleet_plans(const struct fleet *f, long *plans, long *infeasible);

/* What the cells hold now, and what they held at the start: with run's charge,
 * discharge, leak and trips this is the stores' own balance. */
double fleet_stored_j(const struct fleet *f);
double fleet_stored_first_j(const struct fleet *f);

/* Ageing of the batteries of a chemistry, as far as the run went; units 0: none. */
void fleet_battery_outlook(
    const struct fleet *f, enum chemistry chemistry, struct battery_outlook *o);

/* Part of the sun's energy that the street did not export, 1 - export / pv, and
 * part of its use that it did not import, 1 - import / use, over the run; NAN
 * without sun or use. R. Luthander et al. 2015, "Photovoltaic self-consumption in
 * buildings: a review", Applied Energy 142, 80-94, eq. 4 and 5. */
double fleet_self_consumption_frac(const struct fleet *f);
double fleet_self_sufficiency_frac(const struct fleet *f);

/* Share of the cars' departures below `ready`; NAN without departures. */
double fleet_unready_frac(const struct fleet *f);

#endif
