/* What the files of the point list share. */
#ifndef HEARTH_SWEEP_POINTS_PARTS_H
#define HEARTH_SWEEP_POINTS_PARTS_H

#include "sweep/points.h"

/* Hands a block to the list, which frees it in the end; returns it. */
void *points_keep(struct points *p, void *block);

#endif
