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
		.places = f->places,
		.worst = { .voltage_share = 1, .unbalance_share = 1 },
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
		if (isnan(v_pu)) continue;
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
	q->uneven_week_pu = fmax(q->uneven_week_pu, most_pu);
	double bin = most_pu / QUALITY_BIN_PU;
	q->bin[bin < QUALITY_BINS ? (size_t)bin : QUALITY_BINS]++;
}

/* 1 - most / windows */
static double least_share(const struct quality *q, const uint32_t *out, uint32_t n)
{
	uint32_t most = 0;
	for (uint32_t i = 0; i < n; i++)
		if (out[i] > most) most = out[i];
	return 1 - (double)most / q->week_windows;
}

static double unbalance_p95(const struct quality *q)
{
	uint32_t wanted = (95 * q->week_windows + 99) / 100, seen = 0; /* rank, rounded up */
	for (int i = 0; i < QUALITY_BINS; i++) {
		seen += q->bin[i];
		if (seen >= wanted) return fmin((i + 1) * QUALITY_BIN_PU, q->uneven_week_pu);
	}
	return q->uneven_week_pu;
}

static struct quality_week open_week(const struct quality *q)
{
	return (struct quality_week){
		.voltage_share = least_share(q, q->outside, q->customers),
		.unbalance_share = least_share(q, q->uneven, q->places),
		.unbalance_p95_pu = unbalance_p95(q),
	};
}

static void close_week(struct quality *q)
{
	struct quality_week w = open_week(q);
	q->worst.voltage_share = fmin(q->worst.voltage_share, w.voltage_share);
	q->worst.unbalance_share = fmin(q->worst.unbalance_share, w.unbalance_share);
	q->worst.unbalance_p95_pu = fmax(q->worst.unbalance_p95_pu, w.unbalance_p95_pu);
	q->week_windows = 0;
	q->uneven_week_pu = 0;
	memset(q->outside, 0, q->customers * sizeof *q->outside);
	memset(q->uneven, 0, q->places * sizeof *q->uneven);
	memset(q->bin, 0, sizeof q->bin);
}

struct quality_week quality_week(const struct quality *q)
{
	if (!q->windows) return (struct quality_week){ NAN, NAN, NAN };
	return q->windows < QUALITY_WEEK ? open_week(q) : q->worst;
}

static void close_window(struct quality *q, bool whole)
{
	if (whole) {
		q->windows++;
		judge_voltages(q);
		judge_unbalance(q);
		if (++q->week_windows == QUALITY_WEEK) close_week(q);
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
			q->v2[c] += f->at.dark[c] ? NAN : f->at.v_pu[c] * f->at.v_pu[c] * part_s;
		for (uint32_t n = 0; n < q->places; n++)
			q->uneven2[n] += f->at.unbalance2[n] * part_s;
		bool whole = window_add(&q->ten, t_s, part_s, 0, &unused);
		if (q->ten.filled_s == 0) close_window(q, whole);
	}
}
