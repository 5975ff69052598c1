/* What flows in a circuit's branches, by whichever engine has solved it. */
#ifndef HEARTH_MODELS_GRID_CIRCUIT_FLOW_H
#define HEARTH_MODELS_GRID_CIRCUIT_FLOW_H

#include "models/grid/circuit.h"
#include "models/grid/sweep_read.h"

/* Voltages at the two sides of an element, currents into the near and out of the far one.
 * The near side is that of the source, or the element's first by the nodal equations. Of a
 * line that reduction has merged with others: their ends. */
struct branch_flow {
	struct lanes near_v, near_a, far_v, far_a;
};

/* Which blocks of the sweep its elements are; for circuit_new. */
void circuit_list_blocks(struct circuit *c);

/* Phases on the far side of an element, neutrals left out. */
uint32_t circuit_far_phases(const struct circuit *c, const struct net_element *el);

void circuit_flow(const struct circuit *c, uint32_t element, struct branch_flow *f);

/* Squares of a line's highest current at either end and of the sum at its far one, A^2. */
struct line_squares {
	double most_a2, sum_a2;
};
struct line_squares circuit_line(const struct circuit *c, uint32_t element);

double lanes_most_a2(const struct lanes *a); /* highest |I|^2 of a lane */

/* Puts the meter's power and all losses into c->sums. */
void circuit_sum(struct circuit *c);

#endif
