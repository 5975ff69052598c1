/* Powers and currents of a network at given voltages ([nodes], V). */
#ifndef HEARTH_MODELS_GRID_FLOW_H
#define HEARTH_MODELS_GRID_FLOW_H

#include "models/grid/network.h"
#include "models/grid/topology.h"

/* Into each terminal of the element, A. */
void flow_currents(
    const struct net_element *el, const double complex *v, double complex current[NET_TERMINALS]);

/* Into the element through terminals `first` to `first + count - 1`, VA of one of the
 * phases that a node stands for. All terminals together: what the element keeps. */
double complex flow_power(
    const struct net_element *el, const double complex *v, uint32_t first, uint32_t count);

/* Of the whole network, all phases. */
struct flow_totals {
	double complex source_va, load_va; /* delivered by sources, drawn by loads */
	double complex kept_va[NET_KINDS];         /* by elements of each kind */
};

struct flow_totals flow_totals(const struct network *n, const double complex *v);

/* The largest apparent power, of one phase, that comes out of nowhere: of all elements, loads
 * and, through their weights, ties that meet at an unknown voltage, the currents that do not
 * sum to 0, times the voltage. 0 in a solution, whatever found it. */
double flow_residual_va(const struct network *n, const struct topology *t, const double complex *v);

/* |V2| / |V1| of a bus with three phases (IEC 61000-4-30, 5.7.2); else 0. */
double flow_unbalance(const struct net_bus *b, const double complex *v);

#endif
