/* A street of well-equipped homes without a file: for speed and for the length of steps. */
#ifndef HEARTH_BENCH_STREET_H
#define HEARTH_BENCH_STREET_H

#include <stdbool.h>

#include "models/energy/battery.h"
#include "models/energy/heating.h"
#include "models/energy/house.h"
#include "models/energy/pv.h"
#include "models/energy/vehicle.h"
#include "models/energy/water_heater.h"
#include "models/site/homes.h"

enum {
	STREET_LOAD = 1,
	STREET_SOLAR = 2,
	STREET_BATTERY = 4,
	STREET_VEHICLE = 8,
	STREET_HEATING = 16,
	STREET_WATER = 32,
	STREET_PARTS = 6,  /* so many of these */
	STREET_V2H = 64,   /* what cars there are serve their homes */
};

struct street {
	struct homes_par homes;
	struct load_par load;
	struct solar_par solar;
	struct battery_par battery;
	struct vehicle_par vehicle;
	struct heating_par heating;
	struct water_heater_par water;
	struct object root, child[STREET_PARTS]; /* root: of homes_class; points into the street */
};

/* 50 % of the homes have sun, 40 % a battery, 30 % a car, all a house of 1200 to 2600 square
 * feet with a heat pump, and a water heater of 40 to 60 gallons; `all`: every home has all.
 * parts: which of these there are at all. */
void street_init(struct street *s, int64_t homes, bool all, unsigned parts);

#endif
