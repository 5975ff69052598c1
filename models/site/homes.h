/* <homes>: a street of homes, and who of them has what. */
#ifndef HEARTH_MODELS_SITE_HOMES_H
#define HEARTH_MODELS_SITE_HOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/class.h"

struct homes_par {
	const char *name;
	int64_t count;
	int64_t seed;      /* of who has what and how large; 0: the run's */
	int64_t placement; /* of the nodes: 0 evenly along the street, else which random order */
};

extern const struct class homes_class;

/* Kinds of elements that a part of the homes has, by `share`. Append only: the
 * order is part of what "same seed" means. */
enum homes_kind {
	HOMES_LOAD,
	HOMES_SOLAR,
	HOMES_BATTERY,
	HOMES_VEHICLE,
	HOMES_NODE,
	HOMES_HEATING,
	HOMES_WATER,
	HOMES_KINDS
};

/* Who of the street has an element of a kind: home k has it when
 *
 *     frac(k alpha + phase - before) < share
 *
 * with an irrational alpha of the kind, a phase drawn from the seed, and the
 * sum of the shares of earlier elements of the kind. So any stretch of the
 * street has its share within a home or two (Kronecker's sequence; H. Weyl
 * 1916, Math. Annalen 77, 313-352); a home keeps what it has when homes are
 * added or the share grows; kinds are independent of each other; and two
 * elements of one kind go to different homes as long as their shares add up to
 * at most 1. */
struct homes_pick {
	double alpha, phase, share_frac;
};

struct homes_pick homes_pick_make(uint64_t seed, const char *street, enum homes_kind kind,
    double before_frac, double share_frac);
bool homes_pick(const struct homes_pick *p, size_t home);

/* The homes that have o, an element of that kind in <homes>, in rising order; list has
 * room for all homes. Returns how many. seed is the run's.
 *
 * Nodes with a placement other than 0 follow a random order of the homes instead: an
 * element takes the ranks from before to before + share of it, share times the homes
 * to the nearest whole. All orders of the homes are equally likely, so nodes may
 * cluster, as they do not when they are spread evenly; a home keeps its node when the
 * share grows; elements whose shares add up to more than 1 get what is left. No other
 * draw of the street depends on the order. */
size_t homes_list(const struct object *homes, const struct object *o, enum homes_kind kind,
    uint64_t seed, uint32_t *list);

/* The `share` of an element, read by its class's table; 1 when it has none. */
double homes_share(const struct object *o);

#endif
