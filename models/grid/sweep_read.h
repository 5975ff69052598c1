/* What flows at the last solution of a sweep, for who looks after every solve.
 *
 * Places and blocks are asked for once and stay; the voltages and currents there are read
 * without going through all nodes. */
#ifndef HEARTH_MODELS_GRID_SWEEP_READ_H
#define HEARTH_MODELS_GRID_SWEEP_READ_H

#include "models/grid/pair.h"
#include "models/grid/sweep.h"

/* Where the node's voltage lies; NET_NONE: reduction left it out. */
uint32_t sweep_place(const struct sweep *s, uint32_t node);

double complex sweep_place_v(const struct sweep *s, uint32_t place); /* 0 where dead */

/* The block whose branch each element is, or is a part of; NET_NONE: a shunt, or dead.
 * [elements], the caller's to free. Block 0 is the source. */
uint32_t *sweep_element_blocks(const struct sweep *s);

/* At a block, of which three lanes are in use: its voltages, and the currents that it passes
 * on and draws, which are those out of its branch. */
const struct lanes *sweep_block_v(const struct sweep *s, uint32_t block);
const struct lanes *sweep_block_a(const struct sweep *s, uint32_t block);

/* Its branch is closed and has nothing but impedance in series. */
bool sweep_is_series(const struct sweep *s, uint32_t block);

/* At the near end of a block's branch: voltages, and currents into it. */
void sweep_near(const struct sweep *s, uint32_t block, struct lanes *v, struct lanes *a);

/* What a block's branch keeps, W: of a series branch from its currents alone. */
double sweep_loss_w(const struct sweep *s, uint32_t block);

/* Sum of V I* over all lanes, VA. */
double complex lanes_va(const struct lanes *v, const struct lanes *a);

#endif
