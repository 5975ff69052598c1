#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/dataset.h"
#include "models/grid/voltage_map.h"

enum { MOST = 1000 };

static const bool live[MOST];

/* Of a map with as many rows as customers. */
static double at(const struct dataset *d, size_t column, size_t row)
{
	const struct ds_group *g = ds_find(d, "voltage");
	const float *v = ds_data(g, "furthest", DS_F32);
	return (double)v[column * ds_cols(g, "furthest") + row];
}

static struct dataset *exported(const struct voltage_map *m)
{
	struct dataset *d = ds_new();
	voltage_map_export(m, d);
	return d;
}

Test(voltage_map, a_cell_keeps_what_is_furthest_from_nominal)
{
	struct voltage_map *m = voltage_map_new(3, 60);
	voltage_map_add(m, 0, (double[]){ 0.98, 1.01, 1 }, live);
	voltage_map_add(m, 30000000000, (double[]){ 0.99, 0.97, 1 }, live); /* a part of the step */
	voltage_map_add(m, 60000000000, (double[]){ 1.04, 1, 0 }, (bool[]){ false, false, true });
	struct dataset *d = exported(m);
	cr_assert_eq(ds_rows(ds_find(d, "voltage"), "furthest"), 2);
	cr_assert_eq(ds_cols(ds_find(d, "voltage"), "furthest"), 3);
	cr_expect_float_eq(at(d, 0, 0), 0.98, 1e-6);
	cr_expect_float_eq(at(d, 0, 1), 0.97, 1e-6);
	cr_expect_float_eq(at(d, 0, 2), 1, 1e-6);
	cr_expect_float_eq(at(d, 1, 0), 1.04, 1e-6);
	cr_expect(isnan(at(d, 1, 2)), "nothing was live");
	const double *end_s = ds_data(ds_find(d, "voltage"), "time", DS_F64);
	cr_expect(end_s[0] == 60 && end_s[1] == 120);
	ds_free(d);
	voltage_map_free(m);
}

/* However long a run is, the picture is small, each column as wide as the others, and the
 * one spike that happened is in the column of its time. */
Test(voltage_map, a_long_run_folds_and_loses_no_extreme)
{
	static const int64_t steps[] = { 1, 191, 192, 193, 385, 10007, 100003 };
	for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
		struct voltage_map *m = voltage_map_new(1, 60);
		int64_t spike = steps[k] * 2 / 3;
		for (int64_t i = 0; i < steps[k]; i++)
			voltage_map_add(m, i * 60000000000, (double[]){ i == spike ? 0.81 : 0.99 }, live);
		struct dataset *d = exported(m);
		size_t n = ds_rows(ds_find(d, "voltage"), "time");
		const double *end_s = ds_data(ds_find(d, "voltage"), "time", DS_F64);
		cr_assert_leq(n, VOLTAGE_COLUMNS);
		cr_expect(steps[k] < VOLTAGE_COLUMNS || n > VOLTAGE_COLUMNS / 2, "%zu columns", n);
		cr_expect(end_s[n - 1] >= 60.0 * (double)steps[k] &&
			  end_s[n - 1] - end_s[0] < 60.0 * (double)steps[k]);
		for (size_t c = 0; c < n; c++) {
			double begin_s = end_s[c] - end_s[0], t_s = 60.0 * (double)spike;
			bool here = begin_s <= t_s && t_s < end_s[c];
			cr_expect_float_eq(at(d, c, 0), here ? 0.81 : 0.99, 1e-6, "%zu of %zu", c, n);
		}
		ds_free(d);
		voltage_map_free(m);
	}
}

Test(voltage_map, neighbours_share_a_row_and_each_has_one)
{
	double v_pu[MOST];
	for (uint32_t customers = 1; customers <= MOST; customers += 37) {
		struct voltage_map *m = voltage_map_new(customers, 60);
		cr_assert_leq(m->rows, VOLTAGE_ROWS);
		cr_expect_eq(voltage_map_first(m, m->rows), customers);
		for (uint32_t c = 0; c < customers; c++) v_pu[c] = 1;
		uint32_t low = customers / 2;
		v_pu[low] = 0.9;
		voltage_map_add(m, 0, v_pu, live);
		struct dataset *d = exported(m);
		const int32_t *first = ds_data(ds_find(d, "voltage"), "customer", DS_I32);
		for (uint32_t r = 0; r < m->rows; r++) {
			uint32_t end = voltage_map_first(m, r + 1);
			cr_expect_eq(first[r], (int32_t)voltage_map_first(m, r) + 1);
			bool here = first[r] - 1 <= (int32_t)low && low < end;
			cr_expect_float_eq(at(d, 0, r), here ? 0.9 : 1, 1e-6);
		}
		ds_free(d);
		voltage_map_free(m);
	}
}

Test(voltage_map, nothing_seen_gives_no_group)
{
	struct voltage_map *m = voltage_map_new(5, 60);
	struct dataset *d = exported(m);
	cr_expect_null(ds_find(d, "voltage"));
	ds_free(d);
	voltage_map_free(m);
	voltage_map_free(NULL);
}
