#include "bench/suite/turns.h"

#include <math.h>
#include <stdint.h>

#include "base/rng.h"

enum { SAMPLES = 15 }; /* of a case whose calls are short */

static const double sample_min_s = 200e-6; /* ten thousand times what reading clocks takes */

void turns_shuffle(size_t *order, size_t n, unsigned round)
{
	struct pcg64 g;
	pcg64_seed(&g, round, 54);
	for (size_t i = 0; i < n; i++) order[i] = i;
	for (size_t i = n; i > 1; i--) {
		size_t k = (size_t)(pcg64_unit(&g) * (double)i), last = order[i - 1];
		order[i - 1] = order[k];
		order[k] = last;
	}
}

double turns_share_s(double left_s, const double *weight, size_t groups)
{
	double sum = 0;
	for (size_t i = 0; i < groups; i++) sum += weight[i];
	return fmax(0, left_s) * weight[0] / sum;
}

double turns_case_s(double left_s, size_t n, double most_s)
{
	return fmin(most_s, fmax(0, left_s) / (double)n);
}

double turns_sample_s(double case_s)
{
	return fmax(sample_min_s, case_s / SAMPLES);
}
