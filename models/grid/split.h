/* Centre-tapped transformers, as North American homes hang on: one phase in, two legs of
 * opposite sign out, with the centre of the secondary earthed (Kersting, Distribution System
 * Modeling and Analysis, chapter 11).
 *
 * A bus behind one is a split-phase bus: its nodes 0 and 1 are legs 1 and 2 to earth, and
 * between them is twice the voltage of either. */
#ifndef HEARTH_MODELS_GRID_SPLIT_H
#define HEARTH_MODELS_GRID_SPLIT_H

#include "models/grid/network.h"

enum { SPLIT_LEGS = 2 };

struct split_par {
	double s_va;         /* rated */
	double primary_v;    /* rated, across the primary */
	double leg_v;        /* rated, of either leg to the centre */
	double complex z_pu; /* R + j X on s_va: from the primary to both legs in series */
	double no_load_w;    /* at primary_v; a conductance across the primary */
};

/* Its primary between a phase and earth (minus NET_GROUND) or between two phases. Windings
 * are interlaced: of R + j X, 0.5 R + 0.8 j X is the primary's, and R + 0.4 j X, on the base
 * of leg_v, is that of either half of the secondary. z_pu must not be 0. */
void branch_centre_tapped(struct network *n, const char *name, uint32_t plus, uint32_t minus,
    const uint32_t leg[SPLIT_LEGS], const struct split_par *p);

#endif
