#include "bench/kernels/functions.h"

#include <math.h>
#include <string.h>

enum { LANES = 16 }; /* sums side by side, which compilers make vectors of */

double sum_portable(const double *a, size_t n)
{
	double lane[LANES] = { 0 }, sum = 0;
	for (size_t i = 0; i < n; i += LANES)
		for (size_t j = 0; j < LANES; j++) lane[j] += a[i + j];
	for (size_t j = 0; j < LANES; j++) sum += lane[j];
	return sum;
}

void copy_portable(double *to, const double *from, size_t n)
{
	memcpy(to, from, n * sizeof *to);
}

void triad_portable(double *a, const double *b, const double *c, double s, size_t n)
{
	for (size_t i = 0; i < n; i++) a[i] = b[i] + s * c[i];
}
