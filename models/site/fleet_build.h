/* Drawing the population of a street: what its components share. Private to
 * models/site/fleet_*.c. */
#ifndef HEARTH_MODELS_SITE_FLEET_BUILD_H
#define HEARTH_MODELS_SITE_FLEET_BUILD_H

#include "base/rng.h"
#include "models/site/fleet_parts.h"

/* What is needed while a street is built. */
struct fleet_builder {
	struct fleet_parts *p;
	const struct object *homes;
	const struct homes_par *par;
	size_t n;
	uint64_t population_seed, run_seed;
	double utc_s, local_s;
};

/* Identity of a home in random streams. */
uint64_t fleet_home_entity(const struct fleet_builder *b, size_t home);

/* The home's stream at the place of its i-th element of that kind, so that one
 * element more or less moves no other draw. */
struct pcg64 fleet_population(
    const struct fleet_builder *b, size_t home, enum homes_kind kind, size_t i);

/* A key for stateless noise. */
uint64_t fleet_noise_key(const struct fleet_builder *b, size_t home, enum rng_purpose purpose);

/* Elements of a class under <homes>: the i-th in the order of the file, and how many. */
const struct object *fleet_element(
    const struct fleet_builder *b, const struct class *cls, size_t i);
size_t fleet_elements(const struct fleet_builder *b, const struct class *cls);

/* The homes that have the i-th element of a kind: their number, and a list that
 * the caller frees. */
size_t fleet_pick(const struct fleet_builder *b, const struct class *cls, enum homes_kind kind,
    size_t i, uint32_t **list);

/* Each component draws what its homes have, and frees it. */
void fleet_load_build(struct fleet_builder *b);
void fleet_solar_build(struct fleet_builder *b);
void fleet_battery_build(struct fleet_builder *b);
void fleet_vehicle_build(struct fleet_builder *b);
void fleet_heat_build(struct fleet_builder *b);
void fleet_dispatch_build(struct fleet_builder *b, enum dispatch_kind otherwise); /* last */
void fleet_ahead_build(struct fleet_builder *b); /* after it */
void fleet_load_free(struct fleet_parts *p);
void fleet_solar_free(struct fleet_parts *p);
void fleet_battery_free(struct fleet_parts *p);
void fleet_vehicle_free(struct fleet_parts *p);
void fleet_dispatch_free(struct fleet_parts *p);
void fleet_ahead_free(struct fleet_parts *p);
void fleet_heat_free(struct fleet_parts *p);

#endif
