/* Softmax, RMSNorm (Zhang, Sennrich 2019) and SwiGLU (Shazeer 2020), for whichever vectors the
 * including file chose (lanes.h). Any length: what does not fill a vector is met in a part of
 * one. */
#ifndef HEARTH_BENCH_KERNELS_NORMS_LANES_H
#define HEARTH_BENCH_KERNELS_NORMS_LANES_H

#include "bench/kernels/lanes.h"

#include <math.h>

/* Leaves e^(x - most) in x, for n values of which the largest is `most`, and gives their sum. */
VECTORED float exps(float *x, size_t n, float most)
{
	size_t whole = n / LANES * LANES;
	lanes least = lanes_all(-most), total = lanes_all(0);
	for (size_t i = 0; i < whole; i += LANES) {
		lanes e = lanes_exp(lanes_add(lanes_load(x + i), least));
		lanes_store(x + i, e);
		total = lanes_add(total, e);
	}
	float sum = lanes_sum(total);
	if (whole == n) return sum;
	lanes rest = lanes_load_part(x + whole, n - whole, most);
	lanes_store_part(x + whole, lanes_exp(lanes_add(rest, least)), n - whole);
	for (size_t i = whole; i < n; i++) sum += x[i];
	return sum;
}

VECTORED void softmax_lanes(float *x, size_t n)
{
	size_t whole = n / LANES * LANES;
	lanes largest = lanes_load_part(x + whole, n - whole, -INFINITY);
	for (size_t i = 0; i < whole; i += LANES) largest = lanes_max(largest, lanes_load(x + i));
	float per = 1 / exps(x, n, lanes_most(largest));
	for (size_t i = 0; i < whole; i += LANES)
		lanes_store(x + i, lanes_mul(lanes_load(x + i), lanes_all(per)));
	for (size_t i = whole; i < n; i++) x[i] *= per;
}

VECTORED float squares(const float *x, size_t n)
{
	size_t fours = n / (4 * LANES) * (4 * LANES), i;
	lanes sum[4] = { lanes_all(0), lanes_all(0), lanes_all(0), lanes_all(0) };
	for (i = 0; i < fours; i += 4 * LANES)
		for (size_t v = 0; v < 4; v++) {
			lanes a = lanes_load(x + i + v * LANES);
			sum[v] = lanes_mul_add(a, a, sum[v]);
		}
	for (; i < n; i += LANES) {
		lanes a = n - i < LANES ? lanes_load_part(x + i, n - i, 0) : lanes_load(x + i);
		sum[0] = lanes_mul_add(a, a, sum[0]);
	}
	return lanes_sum(lanes_add(lanes_add(sum[0], sum[1]), lanes_add(sum[2], sum[3])));
}

VECTORED void rmsnorm_lanes(float *y, const float *x, const float *gain, size_t n, float epsilon)
{
	size_t whole = n / LANES * LANES;
	float per = 1 / sqrtf(squares(x, n) / (float)n + epsilon);
	for (size_t i = 0; i < whole; i += LANES) {
		lanes a = lanes_mul(lanes_load(x + i), lanes_all(per));
		lanes_store(y + i, lanes_mul(a, lanes_load(gain + i)));
	}
	for (size_t i = whole; i < n; i++) y[i] = x[i] * per * gain[i];
}

/* a / (1 + e^-a) b */
VECTORED lanes gated(lanes a, lanes b)
{
	lanes e = lanes_exp(lanes_mul(a, lanes_all(-1)));
	return lanes_mul(lanes_div(a, lanes_add(lanes_all(1), e)), b);
}

VECTORED void swiglu_lanes(float *gate, const float *up, size_t n)
{
	size_t whole = n / LANES * LANES;
	for (size_t i = 0; i < whole; i += LANES)
		lanes_store(gate + i, gated(lanes_load(gate + i), lanes_load(up + i)));
	if (whole == n) return;
	lanes a = lanes_load_part(gate + whole, n - whole, 0);
	lanes b = lanes_load_part(up + whole, n - whole, 0);
	lanes_store_part(gate + whole, gated(a, b), n - whole);
}

#endif
