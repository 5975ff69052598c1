/* Currents through a network's ties, which have no impedance to tell them: by Kirchhoff,
 * what is drawn behind a tie comes through it. */
#ifndef HEARTH_MODELS_GRID_TIE_CURRENTS_H
#define HEARTH_MODELS_GRID_TIE_CURRENTS_H

#include "models/grid/network.h"

struct tie_currents;

/* Of a network that can be solved, which must outlive it, its places unchanged. */
struct tie_currents *tie_currents_new(const struct network *n);
void tie_currents_free(struct tie_currents *t); /* takes NULL */

/* [ties], A out of each at its node, at a solution v ([nodes], V). Lent until the next call. */
const double complex *tie_currents_at(struct tie_currents *t, const double complex *v);

#endif
