#include "models/site/meters.h"

#include "base/clones.h"

static double add_lanes(const double *lane)
{
	double sum = 0;
	for (int k = 0; k < METERS_LANES; k++) sum += lane[k];
	return sum;
}

CLONES double meters_sum(size_t n, const double *x)
{
	double lane[METERS_LANES] = { 0 };
	size_t i = 0;
	for (; i + METERS_LANES <= n; i += METERS_LANES)
		for (size_t k = 0; k < METERS_LANES; k++) lane[k] += x[i + k];
	for (; i < n; i++) lane[i % METERS_LANES] += x[i];
	return add_lanes(lane);
}

CLONES void meters_net(
    size_t n, const double *load_w, const double *pv_w, const double *node_w, double *net_w)
{
	if (!node_w) {
		for (size_t i = 0; i < n; i++) net_w[i] = load_w[i] - pv_w[i];
		return;
	}
	for (size_t i = 0; i < n; i++) net_w[i] = load_w[i] - pv_w[i] + node_w[i];
}

CLONES struct meters_reading meters_read(size_t n, const double *net_w)
{
	double in[METERS_LANES] = { 0 }, out[METERS_LANES] = { 0 };
	size_t i = 0;
	for (; i + METERS_LANES <= n; i += METERS_LANES)
		for (size_t k = 0; k < METERS_LANES; k++) {
			double w = net_w[i + k];
			in[k] += w > 0 ? w : 0;
			out[k] += w < 0 ? -w : 0;
		}
	for (; i < n; i++) {
		in[i % METERS_LANES] += net_w[i] > 0 ? net_w[i] : 0;
		out[i % METERS_LANES] += net_w[i] < 0 ? -net_w[i] : 0;
	}
	return (struct meters_reading){ add_lanes(in), add_lanes(out) };
}
