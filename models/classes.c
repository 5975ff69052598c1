/* The list of models: a new one is one word here. */
#include "models/class.h"

#define CLASS_LIST(X) \
	X(about) \
	X(battery) \
	X(battery_response) \
	X(cable) \
	X(capex) \
	X(carbon) \
	X(chip) \
	X(claim) \
	X(connection) \
	X(contingency) \
	X(datacentre) \
	X(deferral) \
	X(demand) \
	X(demand_charge) \
	X(device) \
	X(dispatch) \
	X(engine) \
	X(feeder) \
	X(flexible) \
	X(frequency) \
	X(heating) \
	X(homes) \
	X(layer_table) \
	X(link) \
	X(load) \
	X(model) \
	X(node) \
	X(outage) \
	X(period) \
	X(place) \
	X(policy) \
	X(progress) \
	X(scenario) \
	X(segment) \
	X(shedding) \
	X(slo) \
	X(solar) \
	X(source) \
	X(spiking) \
	X(spiking_layer) \
	X(street) \
	X(supply) \
	X(tariff) \
	X(tier) \
	X(tiers) \
	X(time) \
	X(transformer) \
	X(unit) \
	X(variant) \
	X(vehicle) \
	X(water_heater) \
	X(weather) \
	X(wind) \
	X(workload)

#define X(c) extern const struct class c##_class;
CLASS_LIST(X)
#undef X

const struct class *const classes[] = {
#define X(c) &c##_class,
	CLASS_LIST(X)
#undef X
	NULL,
};
