/* The power flow of a network with few loads, reduced to them: V = V0 - Z I (the implicit
 * Z-bus method on load terminals alone; Chen et al. 1991, IEEE Trans. Power Delivery 6(3)).
 *
 * What lies between a load's two nodes is a port, and loads between the same nodes share one.
 * Z = J' Y^-1 J, dense, is what a current drawn at one port does to the voltage of each; V0 is
 * without loads. Loads, fixed point and tolerance are those of models/grid/nodal.h. Setting up
 * takes one solution of its linear equations a port; after that a step takes some ns by the
 * square of ports, however large the network is: dense_pays says where that is less than a
 * sweep. */
#ifndef HEARTH_MODELS_GRID_DENSE_H
#define HEARTH_MODELS_GRID_DENSE_H

#include "models/grid/network.h"
#include "models/grid/nodal.h"

enum { DENSE_PORTS_MAX = 150 };

struct dense;

/* NULL when there are more ports than DENSE_PORTS_MAX or none, when a part has no path to
 * earth, or when the network cannot be solved whatever its loads are: nodal_new says why. The
 * network is lent until dense_free; between solves its loads may change their power, and what
 * dense_refill says, nothing else. */
struct dense *dense_takes(const struct network *n);
void dense_free(struct dense *d); /* takes NULL */

/* As nodal_refill, a tap that moved with it: Z and V0 anew, in the time of dense_takes less
 * what finds the order. False when the network is no longer taken; then free it. */
bool dense_refill(struct dense *d);

/* As nodal_solve does; change_pu is of the ports' voltages, to_earth_a is 0. */
struct nodal_result dense_solve(struct dense *d, double tolerance_pu);

/* Across each load in the order of the network's, [loads], V; 0 in dead parts. Lent until the
 * next solve. */
const double complex *dense_load_v(struct dense *d);

/* [nodes], V; 0 in dead parts. Lent until the next solve. Takes a solution of the linear
 * equations at the first call after one. */
const double complex *dense_v(struct dense *d);

/* Whether so many ports take less time than a sweep of so many blocks (sweep_blocks): a step
 * takes 0.4 ns by the square of ports with vectors of four, about twice that with vectors of
 * two, against 16 ns a block (bench/engine/eulv.c). The slower of the two decides everywhere,
 * so that results do not depend on the machine. */
bool dense_pays(size_t ports, size_t blocks);

#endif
