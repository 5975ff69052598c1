/* From which spike rate on a matrix delivers faster than lists do. */
#ifndef HEARTH_BENCH_SPIKING_BREAK_EVEN_H
#define HEARTH_BENCH_SPIKING_BREAK_EVEN_H

#include <stddef.h>
#include <stdio.h>

#include "bench/suite/record.h"

/* Both were timed at n > 0 ascending rates. The rate from which on the matrix is at most as
 * slow at all higher ones, between two of them as if both times were powers of the rate
 * there; 0: at the lowest already; INFINITY: not at the highest. */
double break_even(const double *rate, const double *list_s, const double *matrix_s, size_t n);

/* Of the rows of group "spiking", a line for each network. */
void break_even_print(const struct bench_file *f, FILE *out);

#endif
