#include "models/compute/layer_grid.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* First index whose value is at least `at`. */
static size_t lower_bound(const struct axis *a, double at)
{
	size_t low = 0, high = a->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (a->at[mid] < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void axis_add(struct axis *a, double at)
{
	size_t i = lower_bound(a, at);
	if (i < a->n && a->at[i] == at) return;
	a->at = mem_grow(a->at, a->n, &a->cap, sizeof *a->at);
	memmove(a->at + i + 1, a->at + i, (a->n - i) * sizeof *a->at);
	a->at[i] = at;
	a->n++;
}

void axis_fini(struct axis *a)
{
	free(a->at);
}

struct spot axis_find(const struct axis *a, double at)
{
	if (a->n < 2 || at <= a->at[0]) return (struct spot){ 0, 0, 0 };
	size_t high = lower_bound(a, at);
	if (high == a->n) high = a->n - 1;
	size_t low = high - 1;
	return (struct spot){ low, high, (at - a->at[low]) / (a->at[high] - a->at[low]) };
}

static size_t grid_size(const struct grid *g)
{
	size_t n = 1;
	for (int d = 0; d < GRID_AXES; d++) n *= g->axis[d].n;
	return n;
}

void grid_open(struct grid *g)
{
	for (int d = 0; d < GRID_AXES; d++)
		if (g->axis[d].n == 0) axis_add(&g->axis[d], 0);
	size_t n = grid_size(g);
	g->value = mem_new(n, sizeof *g->value);
	for (size_t i = 0; i < n; i++) g->value[i] = NAN;
}

static size_t grid_index(const struct grid *g, const size_t i[GRID_AXES])
{
	size_t index = 0;
	for (int d = 0; d < GRID_AXES; d++) index = index * g->axis[d].n + i[d];
	return index;
}

void grid_set(struct grid *g, const double at[GRID_AXES], double value)
{
	size_t i[GRID_AXES];
	for (int d = 0; d < GRID_AXES; d++) {
		i[d] = lower_bound(&g->axis[d], at[d]);
		assert(i[d] < g->axis[d].n && g->axis[d].at[i[d]] == at[d]);
	}
	g->value[grid_index(g, i)] = value;
}

/* A line of values `stride` apart: those missing between the others, and beyond
 * them if `beyond`. `own` and `known` have room for the line. */
static void fill_line(const struct axis *a, double *value, size_t stride, bool beyond,
    struct axis *own, double *known)
{
	own->n = 0;
	for (size_t i = 0; i < a->n; i++) {
		if (isnan(value[i * stride])) continue;
		known[own->n] = value[i * stride];
		own->at[own->n++] = a->at[i];
	}
	if (own->n == 0 || own->n == a->n) return;
	for (size_t i = 0; i < a->n; i++) {
		bool inside = a->at[i] > own->at[0] && a->at[i] < own->at[own->n - 1];
		if (!isnan(value[i * stride]) || !(inside || beyond)) continue;
		struct spot s = axis_find(own, a->at[i]);
		value[i * stride] = (1 - s.frac) * known[s.low] + s.frac * known[s.high];
	}
}

static void fill_axis(struct grid *g, int d, bool beyond)
{
	size_t n = g->axis[d].n, stride = 1, size = grid_size(g);
	for (int after = d + 1; after < GRID_AXES; after++) stride *= g->axis[after].n;
	struct axis own = { .at = mem_new(n, sizeof(double)) };
	double *known = mem_new(n, sizeof *known);
	for (size_t block = 0; block < size; block += n * stride)
		for (size_t i = 0; i < stride; i++)
			fill_line(&g->axis[d], g->value + block + i, stride, beyond, &own, known);
	axis_fini(&own);
	free(known);
}

void grid_close(struct grid *g, const int order[GRID_AXES])
{
	for (int k = 0; k < 2 * GRID_AXES; k++) fill_axis(g, order[k % GRID_AXES], k >= GRID_AXES);
	size_t n = grid_size(g);
	for (size_t i = 0; i < n; i++)
		if (isnan(g->value[i])) g->value[i] = 0;
}

double grid_at(const struct grid *g, const double at[GRID_AXES])
{
	struct spot s[GRID_AXES];
	double sum = 0;
	for (int d = 0; d < GRID_AXES; d++) s[d] = axis_find(&g->axis[d], at[d]);
	for (unsigned corner = 0; corner < 1u << GRID_AXES; corner++) {
		size_t i[GRID_AXES];
		double weight = 1;
		for (int d = 0; d < GRID_AXES; d++) {
			bool high = corner >> d & 1;
			i[d] = high ? s[d].high : s[d].low;
			weight *= high ? s[d].frac : 1 - s[d].frac;
		}
		if (weight != 0) sum += weight * g->value[grid_index(g, i)];
	}
	return sum;
}

void grid_fini(struct grid *g)
{
	for (int d = 0; d < GRID_AXES; d++) axis_fini(&g->axis[d]);
	free(g->value);
}
