/* Sums over many homes. Eight partial sums, each over every eighth number, which the
 * compiler keeps in vector registers; their order is fixed, and so are the bits. */
#ifndef HEARTH_MODELS_ENERGY_LANES_H
#define HEARTH_MODELS_ENERGY_LANES_H

#include <stddef.h>

enum { LANES = 8 };

static inline double lanes_total(const double part[LANES])
{
	return ((part[0] + part[4]) + (part[2] + part[6])) +
	    ((part[1] + part[5]) + (part[3] + part[7]));
}

static inline double lanes_sum(size_t n, const double *restrict x)
{
	double part[LANES] = { 0 };
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		for (int k = 0; k < LANES; k++) part[k] += x[i + (size_t)k];
	for (int k = 0; i < n; i++, k++) part[k] += x[i];
	return lanes_total(part);
}

#endif
