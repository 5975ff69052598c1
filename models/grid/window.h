/* Means over consecutive windows of the clock, as meters and standards take
 * them: 10 minutes of IEC 61000-4-30, 15 minutes of a demand charge. Windows
 * begin at multiples of their width since the epoch of the time they are given.
 *
 *     for (double t = t0, left = dt, part; left > 0; t += part, left -= part) {
 *             part = window_part_s(900, t, left);
 *             if (window_add(&w, t, part, p_w, &mean_w)) ...
 *     } */
#ifndef HEARTH_MODELS_GRID_WINDOW_H
#define HEARTH_MODELS_GRID_WINDOW_H

#include <stdbool.h>

struct window {
	double width_s;
	double filled_s, integral; /* of the open window */
};

/* The part of [t_s, t_s + dt_s) that lies in the window that t_s lies in. */
double window_part_s(double width_s, double t_s, double dt_s);

/* Adds a value that holds for such a part. When the part ends the window: true
 * and its mean, if the window was covered from its beginning; a window that was
 * entered in its middle is dropped. */
bool window_add(struct window *w, double t_s, double part_s, double value, double *mean);

#endif
