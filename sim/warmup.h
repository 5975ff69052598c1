/* Where the warm-up of a run ends: the rule MSER-5.
 *
 * The values are averaged in fives; cut off are the first d averages for which
 * the standard error of the mean of the rest is least, as if these were
 * independent: the minimum over d of sum (y_i - mean)^2 / (n - d)^2 (White, Cobb
 * and Spratt 2000, Winter Simulation Conference, section 3; found the best rule
 * that needs no human by Hoad, Robinson and Davies 2008, same conference). */
#ifndef HEARTH_SIM_WARMUP_H
#define HEARTH_SIM_WARMUP_H

#include <stdbool.h>
#include <stddef.h>

/* How many of the n values to drop, a multiple of 5, into *cut. False when there
 * are fewer than 50 or when the minimum lies beyond the first half, which means
 * that the run is too short to tell; *cut is then n. */
bool warmup_mser5(const double *x, size_t n, size_t *cut);

#endif
