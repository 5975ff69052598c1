/* The fast power flow: backward and forward sweeps over a tree (Shirmohammadi et al. 1988,
 * IEEE Trans. Power Systems 3(2); Kersting, Distribution System Modeling and Analysis,
 * chapter 10).
 *
 * Currents of loads at the last voltages are summed from the ends to the source, voltages
 * fall from the source to the ends, until they come to rest: the same fixed point as that
 * of models/grid/nodal.h, with the same loads and tolerance, at some 10 ns a bus.
 *
 * Taken are trees on one bus of sources, of lines with or without shunts, transformers whose
 * side away from the source is an earthed wye (the other one a delta or an earthed wye) or has
 * a centre tap, regulators in wye, closed switches, capacitors, and any load. Not taken are
 * loops, sources at several buses, windings in delta or floating wye on the side away from the
 * source, floating neutrals, regulators in open delta: those are for the nodal equations, as is
 * a network whose sweep does not come to rest (large shunts are currents here). */
#ifndef HEARTH_MODELS_GRID_SWEEP_H
#define HEARTH_MODELS_GRID_SWEEP_H

#include "models/grid/network.h"
#include "models/grid/nodal.h"

struct sweep;

/* NULL when the network is not taken. The network is lent until sweep_free; between solves
 * its loads may change their power, and what sweep_refill says, nothing else. With `reduce`, lines
 * without shunts that follow each other past nodes where nothing else is become one; voltages
 * between are linear in its current, so that they come out the same. */
struct sweep *sweep_takes(const struct network *n, bool reduce);
void sweep_free(struct sweep *s); /* takes NULL */

/* As nodal_refill: admittances, tie weights and source voltages have changed, their places
 * have not. False when the network is no longer taken; then free it. The next solution
 * starts from the last, and voltages can be asked for again after it. */
bool sweep_refill(struct sweep *s);

/* As nodal_retap: tie weights, source voltages and shunts alone have changed. Takes some ns
 * a regulator. */
bool sweep_retap(struct sweep *s);

/* Takes a branch, which is no shunt, out in place, or puts it back: what it alone feeds is at
 * 0 V, and its loads draw nothing. Some 30 ns; where all blocks have one phase, some ns a block.
 * The next solution starts from the flow without loads, and voltages can be asked for after it.
 * net_element.open must say the same: sweep_refill reads it where it makes the blocks anew.
 * False, and nothing has changed, where another tree is needed: the sweep was made while the
 * branch was open, or loads, shunts or branches join what is behind it with the rest, as behind
 * one of three lines that have one phase each. Then make another sweep. */
bool sweep_open(struct sweep *s, uint32_t element, bool open);

/* As nodal_solve does; to_earth_a is 0, for all parts have an earth. When reduced,
 * change_pu is of the voltages that are left. */
struct nodal_result sweep_solve(struct sweep *s, double tolerance_pu);

/* The next solution starts from the flow without loads, not from the last. */
void sweep_restart(struct sweep *s);

/* [nodes], V; 0 in dead parts. Lent until the next solve. Written at the first call after
 * one, which takes as long as a reduced solve itself: who needs none need not ask. */
const double complex *sweep_v(struct sweep *s);

/* Of the network as it was taken: what sweep_open takes out still counts as joined. */
const struct topology *sweep_topology(const struct sweep *s);

/* Blocks of up to three phases that a sweep passes, the source's with them. */
size_t sweep_blocks(const struct sweep *s);

#endif
