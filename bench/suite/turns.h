/* How the cases of a group take turns. */
#ifndef HEARTH_BENCH_SUITE_TURNS_H
#define HEARTH_BENCH_SUITE_TURNS_H

#include <stddef.h>

/* Puts 0 to n - 1 into `order`, shuffled (Fisher and Yates, as in Knuth 1997, "The Art of
 * Computer Programming" 2, algorithm 3.4.2P); another order for every round, the same on
 * every run. */
void turns_shuffle(size_t *order, size_t n, unsigned round);

/* The time that a group gets of what is left, by its weight among the groups to come. */
double turns_share_s(double left_s, const double *weight, size_t groups);

/* The wall time of a case's samples, s, in a group of n with left_s to spend; and of one
 * sample. */
double turns_case_s(double left_s, size_t n, double most_s);
double turns_sample_s(double case_s);

#endif
