/* What a sweep passes: blocks of phases, one behind each branch of the tree, and which of
 * them series reduction leaves out. */
#ifndef HEARTH_MODELS_GRID_SWEEP_PLAN_H
#define HEARTH_MODELS_GRID_SWEEP_PLAN_H

#include "models/grid/pair.h"
#include "models/grid/radial.h"

/* A place is where a group's numbers stand in an array of phasors, one to a block, as an
 * array of double: the real part there, the imaginary one PAIR_LANES on. */
enum { PLACE_BLOCK = 2 * PAIR_LANES };

/* Block 0 is the source, block k + 1 the far end of branch k. */
struct plan_block {
	struct pair pair;          /* of the branch that ends here */
	uint32_t near[NET_PHASES]; /* places of its near end; where it has fewer phases, earth's */
	uint32_t parent; /* the block of all its near end, with the same lanes; else NET_NONE */
	uint32_t width;  /* phases */
	uint32_t children, child; /* branches that begin here; the last of them, 0: none */
	uint32_t end;             /* from here to before this one, all hang behind its branch */
	bool alone;               /* its branch is all that joins them with the others */
	bool open;                /* its branch is taken out */
	bool busy;                /* a load, shunt or meter is here */
	bool through;             /* left out */
	uint32_t kept; /* number among those that are left; when left out, of the next one */
};

struct sweep_plan {
	struct radial *tree;
	struct plan_block *block;
	uint32_t blocks, kept; /* all; those that are left */
	uint32_t *place;       /* [groups]; NET_NONE: dead */
	uint32_t *tied, ties;  /* blocks that a regulator brings to */
	uint32_t *behind; /* [elements] block that each brings to; NET_NONE: a shunt, or dead */
};

/* NULL when the network is no tree, or a branch has no pair. */
struct sweep_plan *sweep_plan_new(const struct network *n, bool reduce);
void sweep_plan_free(struct sweep_plan *p); /* takes NULL */

/* The pairs of all branches anew, or of the regulators alone, whose weights and the sources'
 * voltages may have changed, too. False when the blocks themselves may be others: only a new
 * plan can tell. */
bool sweep_plan_refill(struct sweep_plan *p, const struct network *n);
bool sweep_plan_retap(struct sweep_plan *p, const struct network *n);

/* Of a node, among all blocks. Earth, and what is dead, stands behind the last block. */
uint32_t sweep_plan_place(const struct sweep_plan *p, uint32_t node);

/* The same place among the blocks that are left; the block must not be left out. */
uint32_t sweep_plan_kept(const struct sweep_plan *p, uint32_t place);

/* In a part without source; earth is not. */
bool sweep_plan_is_dead(const struct sweep_plan *p, uint32_t node);

#endif
