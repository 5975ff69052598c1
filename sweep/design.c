#include "sweep/design.h"

#include <assert.h>
#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

static const size_t rows_max = (size_t)1 << 31;

const char *design_name(enum design_kind kind)
{
	static const char *const name[] = {
#define DESIGN_NAME(id, text) [id] = text,
		DESIGN_LIST(DESIGN_NAME)
#undef DESIGN_NAME
	};
	return name[kind];
}

/* 0 when the product is above the most rows that there may be. */
static size_t times(size_t a, size_t b)
{
	size_t product;
	return __builtin_mul_overflow(a, b, &product) || product > rows_max ? 0 : product;
}

static size_t grid_rows(const size_t *levels, size_t axes)
{
	size_t rows = 1;
	for (size_t j = 0; j < axes; j++) rows = times(rows, levels[j]);
	return rows;
}

size_t design_rows(enum design_kind kind, size_t points, const size_t *levels, size_t axes)
{
	switch (kind) {
	case DESIGN_GRID:
		return grid_rows(levels, axes);
	case DESIGN_LATIN_HYPERCUBE:
	case DESIGN_SOBOL:
		return times(points, 1);
	case DESIGN_MORRIS:
		return times(points, axes + 1);
	case DESIGN_SALTELLI:
		return times(points, axes + 2);
	}
	abort();
}

const char *design_refuse(enum design_kind kind, size_t points, const size_t *levels, size_t axes)
{
	if (kind == DESIGN_GRID) {
		for (size_t j = 0; j < axes; j++)
			if (levels[j] == 0) return "needs at least one level an axis";
		return design_rows(kind, points, levels, axes)
			   ? NULL
			   : "makes more than 2147483648 points: use fewer levels, or "
			     "design=\"sobol\"";
	}
	if (axes == 0) return "needs an axis: add <axis path=\"...\" from=\"...\" to=\"...\"/>";
	if (points == 0) return "needs points=\"...\", at least 1";
	if (kind == DESIGN_SOBOL && axes > DESIGN_SOBOL_AXES)
		return "takes at most 40 axes: use design=\"latin-hypercube\"";
	if (kind == DESIGN_SALTELLI && 2 * axes > DESIGN_SOBOL_AXES)
		return "takes at most 20 axes: find those that matter with design=\"morris\"";
	if ((kind == DESIGN_SOBOL || kind == DESIGN_SALTELLI) && points > DESIGN_SOBOL_POINTS)
		return "takes at most points=\"1073741824\"";
	return design_rows(kind, points, levels, axes)
		   ? NULL
		   : "makes more than 2147483648 points: use a smaller points=\"...\"";
}

static void fill_grid(double *x, const size_t *levels, size_t axes)
{
	size_t rows = grid_rows(levels, axes);
	for (size_t row = 0; row < rows; row++) {
		size_t rest = row;
		for (size_t j = axes; j-- > 0; rest /= levels[j])
			x[row * axes + j] = (double)(rest % levels[j]) / (double)levels[j];
	}
}

/* 0 to n - 1 in a random order (Durstenfeld 1964, CACM algorithm 235). */
static void shuffle(size_t *order, size_t n, struct pcg64 *g)
{
	for (size_t i = 0; i < n; i++) order[i] = i;
	for (size_t i = n; i > 1; i--) {
		size_t other = pcg64_below(g, i), kept = order[i - 1];
		order[i - 1] = order[other];
		order[other] = kept;
	}
}

static void fill_hypercube(double *x, size_t points, size_t axes, uint64_t seed)
{
	size_t *stratum = mem_new(points, sizeof *stratum);
	for (size_t j = 0; j < axes; j++) {
		struct pcg64 g = rng_stream(seed, j, rng_entity("latin-hypercube"), RNG_DESIGN);
		shuffle(stratum, points, &g);
		for (size_t i = 0; i < points; i++) {
			double u = ((double)stratum[i] + pcg64_unit(&g)) / (double)points;
			x[i * axes + j] = fmin(u, 1 - 0x1p-53); /* the sum may round up */
		}
	}
	free(stratum);
}

/* Rows of `wide` columns of Sobol's sequence. GSL's begins after the origin. The shift is a
 * XOR of the binary digits (Lemieux 2009, "Monte Carlo and Quasi-Monte Carlo Sampling",
 * section 6.2.2). */
static void fill_sequence(double *x, size_t points, size_t wide, uint64_t seed)
{
	gsl_qrng *q = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)wide);
	uint64_t *shift = mem_new(wide, sizeof *shift);
	for (size_t j = 0; j < wide; j++) {
		struct pcg64 g = rng_stream(seed, j, rng_entity("sobol"), RNG_DESIGN);
		shift[j] = pcg64_next(&g) >> 11; /* 53 bits */
	}
	memset(x, 0, wide * sizeof *x);
	for (size_t i = 0; i < points; i++) {
		if (i) gsl_qrng_get(q, x + i * wide);
		for (size_t j = 0; j < wide; j++) {
			uint64_t digits = (uint64_t)(x[i * wide + j] * 0x1p53) ^ shift[j];
			x[i * wide + j] = (double)digits * 0x1p-53;
		}
	}
	free(shift);
	gsl_qrng_free(q);
}

/* Starts and directions of one axis in all trajectories: the lower half of the levels goes up,
 * the upper half down, and a shuffled deal gives each its share. Codes: the level to start from. */
static void deal_starts(size_t *start, size_t trajectories, size_t axis, uint64_t seed)
{
	struct pcg64 g = rng_stream(seed, axis, rng_entity("morris"), RNG_DESIGN);
	shuffle(start, trajectories, &g);
	size_t first = pcg64_below(&g, DESIGN_MORRIS_LEVELS); /* so that no level is favoured */
	for (size_t i = 0; i < trajectories; i++)
		start[i] = (start[i] + first) % DESIGN_MORRIS_LEVELS;
}

static double level_value(size_t level)
{
	return (double)level / (DESIGN_MORRIS_LEVELS - 1);
}

/* The level at the other end of the step: half of the levels away. */
static size_t across(size_t level)
{
	return (level + DESIGN_MORRIS_LEVELS / 2) % DESIGN_MORRIS_LEVELS;
}

static void fill_morris(double *x, size_t trajectories, size_t axes, uint64_t seed)
{
	size_t *start = mem_new(trajectories * axes, sizeof *start);
	size_t *order = mem_new(axes, sizeof *order);
	for (size_t j = 0; j < axes; j++)
		deal_starts(start + j * trajectories, trajectories, j, seed);
	for (size_t t = 0; t < trajectories; t++) {
		struct pcg64 g = rng_stream(seed, t, rng_entity("morris order"), RNG_DESIGN);
		shuffle(order, axes, &g);
		double *row = x + t * (axes + 1) * axes;
		for (size_t j = 0; j < axes; j++) row[j] = level_value(start[j * trajectories + t]);
		for (size_t k = 0; k < axes; k++, row += axes) {
			memcpy(row + axes, row, axes * sizeof *row);
			size_t level = start[order[k] * trajectories + t];
			row[axes + order[k]] = level_value(across(level));
		}
	}
	free(order);
	free(start);
}

static void fill_saltelli(double *x, size_t blocks, size_t axes, uint64_t seed)
{
	double *both = mem_new(blocks * 2 * axes, sizeof *both);
	fill_sequence(both, blocks, 2 * axes, seed);
	for (size_t i = 0; i < blocks; i++) {
		const double *a = both + i * 2 * axes, *b = a + axes;
		double *row = x + i * (axes + 2) * axes;
		memcpy(row, a, axes * sizeof *row);
		for (size_t j = 0; j < axes; j++) {
			row += axes;
			memcpy(row, a, axes * sizeof *row);
			row[j] = b[j];
		}
		memcpy(row + axes, b, axes * sizeof *row);
	}
	free(both);
}

void design_fill(double *x, enum design_kind kind, size_t points, const size_t *levels, size_t axes,
    uint64_t seed)
{
	assert(!design_refuse(kind, points, levels, axes));
	switch (kind) {
	case DESIGN_GRID:
		fill_grid(x, levels, axes);
		return;
	case DESIGN_LATIN_HYPERCUBE:
		fill_hypercube(x, points, axes, seed);
		return;
	case DESIGN_SOBOL:
		fill_sequence(x, points, axes, seed);
		return;
	case DESIGN_MORRIS:
		fill_morris(x, points, axes, seed);
		return;
	case DESIGN_SALTELLI:
		fill_saltelli(x, points, axes, seed);
		return;
	}
}
