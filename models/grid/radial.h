/* A network as a tree: which element or regulator feeds which nodes.
 *
 * The order that the sweep needs (Shirmohammadi et al. 1988, "A compensation-based power
 * flow method for weakly meshed distribution and transmission networks", IEEE Trans. Power
 * Systems 3(2)): depth first, so that what feeds a node comes before all that it feeds, and
 * a lateral's nodes lie together. Nodes that closed switches join are one group, as in
 * models/grid/topology.h. */
#ifndef HEARTH_MODELS_GRID_RADIAL_H
#define HEARTH_MODELS_GRID_RADIAL_H

#include "models/grid/topology.h"

/* One element or tie, from the groups that are nearer to the source to those behind. Its
 * terminals, or those of the tie, in their order; NET_NONE where it has fewer. */
struct radial_branch {
	uint32_t near[NET_PHASES], far[NET_PHASES];
	uint32_t nears, fars;
	uint32_t element, tie; /* one is NET_NONE */
	bool turned;           /* its first side, or the tied node, is the far one */
};

struct radial {
	struct topology *topology;
	struct radial_branch *branch; /* parents first */
	size_t branches;
};

/* NULL when the network is not a tree that hangs on one bus of sources, or has what makes
 * no branch: an element with a floating neutral or with an earthed terminal (shunts are no
 * branches and may have one), a tie of several nodes, a part without path to earth. */
struct radial *radial_new(const struct network *n);
void radial_free(struct radial *r); /* takes NULL */

#endif
