/* What a load draws at a voltage that is not its nominal one. */
#ifndef HEARTH_MODELS_GRID_ZIP_H
#define HEARTH_MODELS_GRID_ZIP_H

#include "models/grid/network.h"

/* From its plus to its minus node with v across it, A. Within the limits
 *
 *     S(v) = s_va (power + current |v| / nominal + impedance (|v| / nominal)^2),
 *
 * outside them the impedance that gives S at the limit. A generator (real part of s_va
 * below 0) below the lower limit holds the current that it has there: inverters limit it.
 * 0 at v = 0. */
double complex zip_current(const struct net_load *l, double complex v);

#endif
