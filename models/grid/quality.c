#include "models/grid/quality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void quality_init(struct quality *q, const struct feeder *f)
{
	*q = (struct quality){
		.ten.width_s = 600, /* IEC 61000-4-30: the 10-minute interval */
		.customers = f->customers,
		.places = f->tree->lines + 1,
		.v_min_pu = INFINITY,
		.v_max_pu = -INFINITY,
		.uneven_max_pu = -INFINITY,
	};
	q->v2 = mem_new(q->customers, sizeof *q->v2);
	q->outside = mem_new(q->customers, sizeof *q->outside);
	q->uneven2 = mem_new(q->places, sizeof *q->uneven2);
	q->uneven = mem_new(q->places, sizeof *q->uneven);
}

void quality_fini(struct quality *q)
{
	free(q->v2);
	free(q->outside);
	free(q->uneven2);
	free(q->uneven);
}

static void judge_voltages(struct quality *q)
{
	for (uint32_t c = 0; c < q->customers; c++) {
		double v_pu = sqrt(q->v2[c] / q->ten.width_s);
		q->v_min_pu = fmin(q->v_min_pu, v_pu);
		q->v_max_pu = fmax(q->v_max_pu, v_pu);
		if (v_pu >= EN50160_MIN && v_pu <= EN50160_MAX) continue;
		q->outside[c]++;
		q->outside_s += q->ten.width_s;
		if (v_pu < EN50160_ALL_MIN || v_pu > EN50160_MAX)
			q->outside_all_s += q->ten.width_s;
	}
}

static void judge_unbalance(struct quality *q)
{
	double most_pu = 0;
	for (uint32_t n = 0; n < q->places; n++) {
		double pu = sqrt(q->uneven2[n] / q->ten.width_s);
		q->uneven[n] += pu > EN50160_UNBALANCE_MAX;
		most_pu = fmax(most_pu, pu);
	}
	q->uneven_max_pu = fmax(q->uneven_max_pu, most_pu);
	double bin = most_pu / QUALITY_BIN_PU;
	q->bin[bin < QUALITY_BINS ? (size_t)bin : QUALITY_BINS]++;
}

static void close_window(struct quality *q, bool whole)
{
	if (whole) {
		q->windows++;
		judge_voltages(q);
		judge_unbalance(q);
	}
	memset(q->v2, 0, q->customers * sizeof *q->v2);
	memset(q->uneven2, 0, q->places * sizeof *q->uneven2);
}

void quality_add(struct quality *q, const struct feeder *f, double t_s, double dt_s)
{
	for (double left_s = dt_s, part_s; left_s > 0; t_s += part_s, left_s -= part_s) {
		double unused;
		part_s = window_part_s(q->ten.width_s, t_s, left_s);
		for (uint32_t c = 0; c < q->customers; c++)
			q->v2[c] += f->v_pu[c] * f->v_pu[c] * part_s;
		for (uint32_t n = 0; n < q->places; n++)
			q->uneven2[n] += f->unbalance2[n] * part_s;
		bool whole = window_add(&q->ten, t_s, part_s, 0, &unused);
		if (q->ten.filled_s == 0) close_window(q, whole);
	}
}

/* 1 - most / windows; no window: 0 / 0 */
static double least_share(const struct quality *q, const uint64_t *out, uint32_t n)
{
	uint64_t most = 0;
	for (uint32_t i = 0; i < n; i++)
		if (out[i] > most) most = out[i];
	return 1 - (double)most / (double)q->windows;
}

double quality_voltage_share(const struct quality *q)
{
	return least_share(q, q->outside, q->customers);
}

double quality_unbalance_share(const struct quality *q)
{
	return least_share(q, q->uneven, q->places);
}

double quality_unbalance_p95(const struct quality *q)
{
	if (!q->windows) return NAN;
	uint64_t wanted = (95 * q->windows + 99) / 100, seen = 0; /* nearest rank, rounded up */
	for (int i = 0; i < QUALITY_BINS; i++) {
		seen += q->bin[i];
		if (seen >= wanted) return fmin((i + 1) * QUALITY_BIN_PU, q->uneven_max_pu);
	}
	return q->uneven_max_pu;
}
