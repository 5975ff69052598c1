#include "bench/kernels/functions.h"

#include <math.h>

void softmax_portable(float *x, size_t n)
{
	float most = x[0], total = 0;
	for (size_t i = 1; i < n; i++) most = x[i] > most ? x[i] : most;
	for (size_t i = 0; i < n; i++) total += x[i] = expf(x[i] - most);
	for (size_t i = 0; i < n; i++) x[i] /= total;
}

void rmsnorm_portable(float *y, const float *x, const float *gain, size_t n, float epsilon)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
	float scale = (float)(1 / sqrt(sum / (double)n + (double)epsilon));
	for (size_t i = 0; i < n; i++) y[i] = x[i] * scale * gain[i];
}

void swiglu_portable(float *gate, const float *up, size_t n)
{
	for (size_t i = 0; i < n; i++) gate[i] = gate[i] / (1 + expf(-gate[i])) * up[i];
}
