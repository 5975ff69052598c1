/* Reported numbers of a street. */
#include "models/metric.h"

#include <stddef.h>

extern const struct metric home_metrics[];

const struct metric home_metrics[] = {
	{ "homes.self_consumption_frac", "1",
	    "share of the homes' solar energy that they did not export",
	    "1 - export / (solar energy behind the inverters - curtailed)",
	    "Luthander et al. 2015, Applied Energy 142, eq. 4", HIGHER_IS_BETTER },
	{ "homes.self_sufficiency_frac", "1",
	    "share of the homes' use (load, cars less what they gave back, nodes) that they did "
	    "not import",
	    "1 - import / (load + cars + nodes)",
	    "Luthander et al. 2015, Applied Energy 142, eq. 5", HIGHER_IS_BETTER },
	{ "homes.load_j", "J",
	    "energy that the households used, heating and hot water included, without cars and "
	    "nodes",
	    "sum of load power times step", "models/energy/house.h" },
	{ "homes.heating_j", "J",
	    "energy that heating and cooling drew, fans included; part of the load",
	    "sum of the units' power times step", "models/energy/hvac.h" },
	{ "homes.water_j", "J", "energy that water heaters drew; part of the load",
	    "sum of the elements' power times step", "models/energy/water_heater.h" },
	{ "homes.outside_k_h", "K h",
	    "degree-hours of the mean house outside the set points of its thermostat, beyond the "
	    "dead band",
	    "sum over minutes of max(0, heating set point - band - air, air - cooling set point - "
	    "band) / 60, over houses with heating",
	    "degree hours criterion of EN 16798-2:2019, annex D, at the thermostat's own limits",
	    LOWER_IS_BETTER },
	{ "homes.solar_j", "J", "solar energy behind the inverters",
	    "sum of inverter output times step", "Dobos 2014, NREL/TP-6A20-62641, eq. 8 to 12" },
	{ "homes.curtailed_j", "J",
	    "solar energy that the homes' inverters gave up at the limit of a connection",
	    "sum over homes of min(export beyond the limit, inverter output) times step",
	    "models/site/connection.h", LOWER_IS_BETTER },
	{ "homes.exceeded_j", "J",
	    "energy that flowed beyond the limits of the homes' connections all the same",
	    "sum over homes of what the meter read above its limit times step",
	    "models/site/connection.h", LOWER_IS_BETTER },
	{ "homes.vehicle_j", "J", "energy that the cars drew at home",
	    "sum of charger power times step", "models/energy/vehicle.h" },
	{ "homes.vehicle_returned_j", "J", "energy that the cars gave back at home",
	    "sum of what their chargers fed into the home times step", "models/energy/vehicle.h" },
	{ "homes.vehicle_unready_frac", "1",
	    "share of the cars' departures with less charge than `ready`",
	    "departures below ready / departures", "models/energy/vehicle.h", LOWER_IS_BETTER },
	{ "homes.vehicle_missed_j", "J", "energy that cars lacked to `ready` when they left",
	    "sum over departures of max(0, ready * capacity - charge)", "models/energy/vehicle.h",
	    LOWER_IS_BETTER },
	{ "homes.plans", "1", "plans that look-ahead made for homes", "counted",
	    "models/control/ahead_bank.h" },
	{ "homes.plans_infeasible", "1",
	    "of them, those for which no way keeps the connection's limits: self-consumption "
	    "held instead",
	    "counted", "models/control/ahead_bank.h", LOWER_IS_BETTER },
	{ "homes.peak_import_w", "W", "highest mean import of the street over one step",
	    "max over steps of sum of homes' net power", "coincident demand, unscaled",
	    LOWER_IS_BETTER },
	{ NULL },
};
