/* The components of a street, as arrays over the homes that have them. Private
 * to models/site/fleet*.c. */
#ifndef HEARTH_MODELS_SITE_FLEET_PARTS_H
#define HEARTH_MODELS_SITE_FLEET_PARTS_H

#include "models/control/ahead_bank.h"
#include "models/energy/battery_unit.h"
#include "models/energy/cloud.h"
#include "models/energy/heat_bank.h"
#include "models/energy/house_bank.h"
#include "models/energy/profile.h"
#include "models/energy/pv.h"
#include "models/energy/sky.h"
#include "models/energy/vehicle_bank.h"
#include "models/energy/water_bank.h"
#include "models/site/fleet.h"
#include "models/site/homes.h"

/* Loads that follow a file of measured shapes. shape NULL: none do. */
struct profile_part {
	struct profile *shape;
	uint32_t *column; /* each home's */
	double *annual_w; /* each home's mean power */
	double *now;      /* of each column, in this step */
};

/* One element <solar>, <battery> or <vehicle>; home[k] is where its k-th is. */
struct solar_part {
	const struct solar_par *par;
	uint32_t *home;
	struct pv_bank pv;
	struct cloud_bank cloud;
};

struct battery_part {
	size_t n;
	uint32_t *home;
	struct battery_kind kind;
	struct battery_unit *unit;
	double *soc_per_j; /* 1 / capacity of all batteries of its home */
};

struct vehicle_part {
	const struct vehicle_par *par;
	size_t n;
	uint32_t *home;
	struct sessions *sessions; /* NULL: none */
	struct vehicle_bank bank;
	double *request_w; /* of each car; NULL: its policy does not listen */
	double *cap_w;     /* of each car, by its home's connection; NULL: no limit of import */
};

/* All batteries of a home as one, when it was last planned. */
struct home_store {
	double capacity_j, reserve_j, power_w, stored_j;
	double eff_w; /* efficiency times power_w */
};

/* What batteries are told. */
struct dispatch_part {
	struct dispatch rule;
	struct dispatch_limit limit; /* of each home's connection */
	bool is_limited;
	double *give_w;          /* [homes]: what batteries can give in this step; NULL: nobody asks */
	bool *has_sun;           /* [homes]: solar modules behind the meter */
	struct peak_state *peak; /* [homes]; NULL: no target is looked for */
	struct ahead_bank *ahead; /* of all homes; NULL: no look-ahead */
	struct home_store *store; /* [homes] for it */
};

/* One element <heating> or <water-heater>. first[b]: its first home of block b of
 * FLEET_BLOCK homes. */
enum { FLEET_BLOCK = 512 };

struct heating_part {
	const struct heating_par *par;
	uint32_t *home;
	size_t *first;
	struct hvac_curve curve;
	struct hvac_unit unit;
	struct hvac_rates rates; /* of the present tick */
	struct heat_bank bank;
};

struct water_part {
	const struct water_heater_par *par;
	uint32_t *home;
	size_t *first;
	struct water_bank bank;
};

/* What lives on ticks of a minute of UTC, whatever the grid step. */
struct heat_parts {
	struct heating_part *heating;
	struct water_part *water;
	size_t heatings, waters;
	struct sky sky;         /* of the present tick */
	struct heating_air air;
	int64_t tick;           /* minutes since 1970 */
	double *gain_j;         /* of each home: heat inside in the tick so far, when steps cut it */
	double *room_k;         /* of each home: its air; NAN without <heating> */
	double *piece_w;        /* of each home: appliances between two cuts */
};

struct fleet_parts {
	struct sky sky;
	struct dispatch_part dispatch;
	struct house_bank load; /* of no home when there is no <load>, or a profile */
	struct profile_part measured;
	struct solar_part *solar;
	struct battery_part *battery;
	struct vehicle_part *vehicle;
	struct heat_parts heat;
	size_t solars, batteries, vehicles;
	const struct object **node; /* of each home; NULL: none */
	double *load_w, *pv_w, *battery_w, *vehicle_w, *net_w, *soc; /* as fleet's, n each */
	double *heating_w, *water_w;
	double stored_first_j;
};

struct fleet_parts *fleet_parts_new(const struct object *homes, const struct place_par *place,
    const struct weather_par *weather, enum dispatch_kind dispatch, uint64_t seed,
    const struct step *first);
void fleet_parts_free(struct fleet_parts *p); /* takes NULL */

/* Each fills its own power of every home for a step, and adds to f->step; cars and
 * batteries answer to net_w as it stands and change it. */
void fleet_load_step(struct fleet *f, double local_s, double dt_s, double *load_w);

/* The household's power: appliances, heating and hot water. p->sky is that of the step;
 * node_w as fleet_step's. */
void fleet_heat_step(struct fleet *f, const struct step *st, const double *node_w);
void fleet_solar_step(struct fleet *f, double dt_s);
void fleet_vehicle_step(struct fleet *f, const struct step *st);
void fleet_battery_step(struct fleet *f, double dt_s);

/* What each home's batteries could give at most, into p->dispatch.give_w. */
void fleet_battery_reach(struct fleet *f, double dt_s);

/* Before cars and batteries: what all of them go by. Between them: what the meter reads with
 * the cars. After them: what the connections cannot carry. */
void fleet_dispatch_begin(struct fleet *f, const struct step *st);
void fleet_dispatch_see(struct fleet *f, const struct step *st);
void fleet_dispatch_end(struct fleet *f, double dt_s);

/* fleet_ahead.c: with look-ahead, plans where an interval begins, and sees the meters. */
void fleet_ahead_step(struct fleet *f, const struct step *st);

#endif
