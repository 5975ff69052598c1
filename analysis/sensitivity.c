#include "analysis/sensitivity.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

/* ---- Morris ---- */

static double deviation(const double *x, size_t n, double mean)
{
	double squares = 0;
	for (size_t i = 0; i < n; i++) squares += (x[i] - mean) * (x[i] - mean);
	return n < 2 ? NAN : sqrt(squares / (double)(n - 1));
}

void sensitivity_morris(
    const double *effect, size_t trajectories, size_t axes, struct morris_axis *axis)
{
	double *of_axis = mem_new(trajectories, sizeof *of_axis);
	for (size_t j = 0; j < axes; j++) {
		for (size_t t = 0; t < trajectories; t++) of_axis[t] = effect[t * axes + j];
		axis[j].mu = interval_mean(of_axis, trajectories);
		axis[j].sigma = deviation(of_axis, trajectories, axis[j].mu.value);
		for (size_t t = 0; t < trajectories; t++) of_axis[t] = fabs(of_axis[t]);
		axis[j].mu_star = interval_mean(of_axis, trajectories);
		if (axis[j].mu_star.lo < 0) axis[j].mu_star.lo = 0;
	}
	free(of_axis);
}

/* ---- Sobol, by blocks ---- */

/* What a block adds to the sums, for each axis two products, so that a resample is a sum over
 * blocks: of A and B their sum and that of their squares. */
struct terms {
	size_t blocks, axes;
	double *sum, *squares; /* [block] */
	double *first, *total; /* [block * axes + axis] */
};

/* The mean is taken off: it would only add to the error of the first-order products. */
static double mean_of_both(const double *y, size_t blocks, size_t axes)
{
	double sum = 0;
	for (size_t i = 0; i < blocks; i++) sum += y[i * (axes + 2)] + y[i * (axes + 2) + axes + 1];
	return sum / (double)(2 * blocks);
}

static struct terms terms_of(const double *y, size_t blocks, size_t axes)
{
	struct terms s = { .blocks = blocks,
		.axes = axes,
		.sum = mem_new(blocks, sizeof *s.sum),
		.squares = mem_new(blocks, sizeof *s.squares),
		.first = mem_new(blocks * axes, sizeof *s.first),
		.total = mem_new(blocks * axes, sizeof *s.total) };
	double mean = mean_of_both(y, blocks, axes);
	for (size_t i = 0; i < blocks; i++) {
		const double *row = y + i * (axes + 2);
		double a = row[0] - mean, b = row[axes + 1] - mean;
		s.sum[i] = a + b;
		s.squares[i] = a * a + b * b;
		for (size_t j = 0; j < axes; j++) {
			double mixed = row[1 + j] - mean;
			s.first[i * axes + j] = b * (mixed - a);
			s.total[i * axes + j] = (a - mixed) * (a - mixed) / 2;
		}
	}
	return s;
}

static void terms_free(struct terms *s)
{
	free(s->sum);
	free(s->squares);
	free(s->first);
	free(s->total);
}

/* Indices of all axes from the blocks drawn (NULL: each once). Returns the variance. */
static double indices(const struct terms *s, const size_t *drawn, double *first, double *total)
{
	double sum = 0, squares = 0, n = (double)s->blocks;
	for (size_t j = 0; j < s->axes; j++) first[j] = total[j] = 0;
	for (size_t k = 0; k < s->blocks; k++) {
		size_t i = drawn ? drawn[k] : k;
		sum += s->sum[i];
		squares += s->squares[i];
		for (size_t j = 0; j < s->axes; j++) {
			first[j] += s->first[i * s->axes + j];
			total[j] += s->total[i * s->axes + j];
		}
	}
	double mean = sum / (2 * n), variance = squares / (2 * n) - mean * mean;
	for (size_t j = 0; j < s->axes; j++) {
		first[j] = variance > 0 ? first[j] / n / variance : NAN;
		total[j] = variance > 0 ? total[j] / n / variance : NAN;
	}
	return variance;
}

/* resampled: [axis * SENSITIVITY_RESAMPLES + resample]. */
static void resample(const struct terms *s, uint64_t seed, double *first, double *total)
{
	struct pcg64 g = rng_stream(seed, 0, rng_entity("sobol indices"), RNG_BOOTSTRAP);
	size_t *drawn = mem_new(s->blocks, sizeof *drawn);
	double *one = mem_new(2 * s->axes, sizeof *one);
	for (size_t r = 0; r < SENSITIVITY_RESAMPLES; r++) {
		for (size_t k = 0; k < s->blocks; k++) drawn[k] = pcg64_below(&g, s->blocks);
		indices(s, drawn, one, one + s->axes);
		for (size_t j = 0; j < s->axes; j++) {
			first[j * SENSITIVITY_RESAMPLES + r] = one[j];
			total[j * SENSITIVITY_RESAMPLES + r] = one[s->axes + j];
		}
	}
	free(one);
	free(drawn);
}

double sensitivity_sobol(
    const double *y, size_t blocks, size_t axes, uint64_t seed, struct sobol_axis *axis)
{
	struct terms s = terms_of(y, blocks, axes);
	double *value = mem_new(2 * axes, sizeof *value);
	double *first = mem_new(axes * SENSITIVITY_RESAMPLES, sizeof *first);
	double *total = mem_new(axes * SENSITIVITY_RESAMPLES, sizeof *total);
	double variance = indices(&s, NULL, value, value + axes);
	resample(&s, seed, first, total);
	for (size_t j = 0; j < axes; j++) {
		size_t at = j * SENSITIVITY_RESAMPLES;
		axis[j].first = interval_resampled(value[j], first + at, SENSITIVITY_RESAMPLES);
		axis[j].total =
		    interval_resampled(value[axes + j], total + at, SENSITIVITY_RESAMPLES);
	}
	free(total);
	free(first);
	free(value);
	terms_free(&s);
	return variance;
}

/* ---- all combinations ---- */

/* The rows of a grid in which one axis takes all its levels and nothing else changes:
 * `count` rows, `stride` apart. */
struct line {
	size_t count, stride;
};

/* From the first value, so that equal ones have a variance of 0 and not of a rounding. */
static double variance_of(const double *y, struct line l)
{
	double sum = 0, squares = 0, n = (double)l.count;
	for (size_t i = 0; i < l.count; i++) sum += y[i * l.stride] - y[0];
	double mean = sum / n;
	for (size_t i = 0; i < l.count; i++) {
		double off = y[i * l.stride] - y[0] - mean;
		squares += off * off;
	}
	return squares / n;
}

/* The mean variance along the axis's lines, and the variance of its levels' means. */
static void along(const double *y, size_t rows, struct line l, double *within, double *between)
{
	double *level = mem_new(l.count, sizeof *level);
	size_t lines = rows / l.count;
	*within = 0;
	for (size_t row = 0; row < rows; row++) {
		size_t k = row / l.stride % l.count;
		level[k] += y[row] / (double)lines;
		if (k == 0) *within += variance_of(y + row, l) / (double)lines;
	}
	*between = variance_of(level, (struct line){ l.count, 1 });
	free(level);
}

double sensitivity_grid(const double *y, const size_t *levels, size_t axes, struct sobol_axis *axis)
{
	size_t rows = 1;
	for (size_t j = 0; j < axes; j++) rows *= levels[j];
	double variance = variance_of(y, (struct line){ rows, 1 });
	size_t stride = 1;
	for (size_t j = axes; j-- > 0; stride *= levels[j]) {
		double within, between;
		along(y, rows, (struct line){ levels[j], stride }, &within, &between);
		double first = variance > 0 ? between / variance : NAN;
		double total = variance > 0 ? within / variance : NAN;
		axis[j].first = (struct interval){ first, NAN, NAN };
		axis[j].total = (struct interval){ total, NAN, NAN };
	}
	return variance;
}
