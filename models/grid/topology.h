/* Which voltages of a network are unknown, and what the others are made of.
 *
 * Closed switches merge nodes into groups; ties express groups by others; sources
 * fix some. What remains and hangs on a source is unknown, and every node is a
 * real combination of at most NET_TIES unknown or fixed groups. Parts without a
 * source are dead: they get no equation. Parts that live but have no path to earth,
 * as behind an ungrounded delta, have a zero sequence that nothing determines; they
 * are listed, so that the solver can fix it. */
#ifndef HEARTH_MODELS_GRID_TOPOLOGY_H
#define HEARTH_MODELS_GRID_TOPOLOGY_H

#include "base/err.h"
#include "models/grid/network.h"

/* A group's voltage as a sum over `of`, which have their own; of itself with 1. */
struct made_of {
	uint32_t terms, of[NET_TIES];
	double weight[NET_TIES];
};

/* Phases of one bus whose common voltage nothing determines. */
struct afloat {
	uint32_t groups, group[NET_PHASES];
};

struct topology {
	uint32_t groups;
	uint32_t *group;         /* [nodes] of each node */
	struct made_of *made_of; /* [groups] */
	uint32_t *tie;           /* [groups] what makes it; NET_NONE: no tie */
	uint32_t *tied, tieds;   /* groups that ties make */
	bool ties_hold;          /* a part has no path to earth but, perhaps, in a tie */
	uint32_t *unknown;       /* [groups] its number; NET_NONE: tied, fixed or dead */
	uint32_t unknowns;
	bool *fixed, *live;      /* [groups] */
	double complex *fixed_v; /* [groups] of the fixed ones; else 0 */
	struct afloat *afloat;
	size_t afloats, afloat_cap;
};

/* NULL with entries in e (at `pos`, for what the network was read from) when two
 * sources or ties meet at a node or ties go round in a ring. */
struct topology *topology_new(const struct network *n, struct err_pos pos, struct err_list *e);
void topology_free(struct topology *t); /* takes NULL */

/* Tie weights and source voltages have changed, their places have not. False when that may
 * have changed which parts have a path to earth: only a new topology can tell. */
bool topology_refill(struct topology *t, const struct network *n);

/* It hangs on a source; earth does. */
bool topology_is_live(const struct topology *t, uint32_t node);

/* For telling the user: "bus phase", or "a neutral". The caller frees. */
char *topology_node_name(const struct network *n, uint32_t node);

#endif
