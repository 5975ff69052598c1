/* The reference power flow: complex nodal current injection.
 *
 * Elements and ties become one sparse admittance matrix of the unknown voltages, which
 * is factorised once. Loads are currents: V = Y^-1 I(V) is a fixed point (the
 * implicit Z-bus method: Chen et al. 1991, "Distribution system power flow analysis: a
 * rigid approach", IEEE Trans. Power Delivery 6(3)), started from the flow without loads
 * and, where it takes more than some steps, accelerated by models/grid/anderson.h. It takes loops,
 * deltas, any winding and several sources. A load outside its voltage limits is the constant
 * impedance that it is at the limit, so that what is solved always has a solution near the one
 * without loads; where the iteration does not come to rest the flow has not converged, and its
 * voltages mean nothing. */
#ifndef HEARTH_MODELS_GRID_NODAL_H
#define HEARTH_MODELS_GRID_NODAL_H

#include "models/grid/network.h"
#include "models/grid/topology.h"

struct nodal;

/* The network is lent until nodal_free. NULL with entries in e when it cannot be solved
 * whatever its loads are. */
struct nodal *nodal_new(const struct network *n, struct err_pos pos, struct err_list *e);
void nodal_free(struct nodal *s); /* takes NULL */

/* Admittances, tie weights and source voltages have changed, their places have not: the
 * equations' numbers are set up and factorised anew, their order is kept. False when the
 * network can no longer be solved. The next solution starts from the last. */
bool nodal_refill(struct nodal *s);

/* The same where tie weights and source voltages alone have changed, as of a tap that moved:
 * in less than the time of a solution. */
bool nodal_retap(struct nodal *s);

struct nodal_result {
	bool converged;
	unsigned iterations;
	double change_pu;   /* of a voltage in the last one, at most */
	double mismatch_va; /* of a load's power, at most */
	double to_earth_a;  /* sum of currents into parts that have no path to earth, at most:
			       above 1e-6 A loads there need the earth that is not there */
};

enum { NODAL_STEPS_MAX = 200 };

/* From the last solution, or from the flow without loads. Converged when no voltage moves
 * by more than tolerance_pu of its nominal between two iterations. */
struct nodal_result nodal_solve(struct nodal *s, double tolerance_pu);

/* v[nodes] where loads draw the currents load_a[loads], A (NULL: none), and sources hold their
 * voltages or, without `sources`, 0 V: linear, no iteration, and the solution stays as it is. */
void nodal_linear(struct nodal *s, bool sources, const double complex *load_a, double complex *v);

const double complex *nodal_v(const struct nodal *s); /* [nodes], V; 0 in dead parts */
bool nodal_is_live(const struct nodal *s, uint32_t node);
const struct topology *nodal_topology(const struct nodal *s);

#endif
