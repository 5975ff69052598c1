/* Numbers measured over four axes, and what lies between them.
 *
 * A grid takes points in any order and with gaps. Closing it completes each line
 * from its own points, one axis after the other: first only between them, then
 * beyond. A value is interpolated linearly
 * along each axis; beyond the last point of an axis the last cell goes on, before
 * the first one its value holds. */
#ifndef HEARTH_MODELS_COMPUTE_LAYER_GRID_H
#define HEARTH_MODELS_COMPUTE_LAYER_GRID_H

#include <stddef.h>

enum { GRID_AXES = 4 };

struct axis {
	double *at; /* ascending */
	size_t n, cap;
};

/* Between at[low] and at[high]: at (1 - frac) of the one and frac of the other. */
struct spot {
	size_t low, high;
	double frac;
};

void axis_add(struct axis *a, double at); /* keeps the order; a value twice counts once */
struct spot axis_find(const struct axis *a, double at);
void axis_fini(struct axis *a);

/* Where all axes have one point the grid is that point, for any question. */
struct grid {
	struct axis axis[GRID_AXES];
	double *value; /* [i0][i1][i2][i3]; NAN: no point */
};

/* Once every axis has all its points. */
void grid_open(struct grid *g);
void grid_set(struct grid *g, const double at[GRID_AXES], double value);

/* Fills what is missing along the axes in that order. A grid without any point
 * becomes 0 everywhere. */
void grid_close(struct grid *g, const int order[GRID_AXES]);

double grid_at(const struct grid *g, const double at[GRID_AXES]);
void grid_fini(struct grid *g);

#endif
