#include "models/grid/voltage_map.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"

static const double ns_per_s = 1e9;

static double *cell_of(const struct voltage_map *m, uint32_t column, uint32_t row)
{
	return &m->v_pu[(size_t)column * m->rows + row];
}

static void blank(struct voltage_map *m, uint32_t from)
{
	for (uint32_t c = from; c < VOLTAGE_COLUMNS; c++)
		for (uint32_t r = 0; r < m->rows; r++) *cell_of(m, c, r) = NAN;
}

struct voltage_map *voltage_map_new(uint32_t customers, double step_s)
{
	struct voltage_map *m = mem_new(1, sizeof *m);
	m->customers = customers;
	m->rows = customers < VOLTAGE_ROWS ? customers : VOLTAGE_ROWS;
	m->width_ns = llround(step_s * ns_per_s);
	m->v_pu = mem_new((size_t)VOLTAGE_COLUMNS * m->rows, sizeof *m->v_pu);
	blank(m, 0);
	return m;
}

void voltage_map_free(struct voltage_map *m)
{
	if (!m) return;
	free(m->v_pu);
	free(m);
}

/* Any voltage is further from nominal than none; of two as far the first stays. */
static void keep(double *cell, double v_pu)
{
	if (isnan(*cell) || fabs(v_pu - 1) > fabs(*cell - 1)) *cell = v_pu;
}

/* Makes two columns one. */
static void fold(struct voltage_map *m)
{
	for (uint32_t c = 0; c < VOLTAGE_COLUMNS; c++)
		for (uint32_t r = 0; r < m->rows; r++) {
			double v_pu = *cell_of(m, c, r), *to = cell_of(m, c / 2, r);
			if (c % 2 == 0) *to = v_pu;
			else keep(to, v_pu);
		}
	m->columns = (m->columns + 1) / 2;
	m->width_ns *= 2;
	blank(m, m->columns);
}

void voltage_map_add(struct voltage_map *m, int64_t begin_ns, const double *v_pu, const bool *dark)
{
	while (begin_ns / m->width_ns >= VOLTAGE_COLUMNS) fold(m);
	uint32_t column = (uint32_t)(begin_ns / m->width_ns);
	m->columns = column + 1;
	for (uint32_t r = 0; r < m->rows; r++) {
		double *cell = cell_of(m, column, r);
		uint32_t end = voltage_map_first(m, r + 1);
		for (uint32_t c = voltage_map_first(m, r); c < end; c++)
			if (!dark[c]) keep(cell, v_pu[c]);
	}
}

uint32_t voltage_map_first(const struct voltage_map *m, uint32_t row)
{
	return (uint32_t)((uint64_t)row * m->customers / m->rows);
}

void voltage_map_export(const struct voltage_map *m, struct dataset *d)
{
	if (!m->columns) return;
	struct ds_group *g = ds_group(d, "voltage");
	const struct ds_dim *time = ds_dim(g, "time", m->columns);
	const struct ds_dim *row = ds_dim(g, "customer", m->rows);
	double *end_s = ds_column(g, "time", DS_F64, time, NULL, "s",
	    "end of the interval, since the start");
	int32_t *first = ds_column(g, "customer", DS_I32, row, NULL, "1",
	    "first customer of those that a row stands for, counted from 1 along the feeder");
	float *v_pu = ds_column(g, "furthest", DS_F32, time, row, "1",
	    "voltage furthest from nominal at these customers in the interval, per unit");
	for (uint32_t c = 0; c < m->columns; c++)
		end_s[c] = (double)(c + 1) * (double)m->width_ns / ns_per_s;
	for (uint32_t r = 0; r < m->rows; r++) first[r] = (int32_t)voltage_map_first(m, r) + 1;
	for (size_t i = 0; i < (size_t)m->columns * m->rows; i++) v_pu[i] = (float)m->v_pu[i];
}
