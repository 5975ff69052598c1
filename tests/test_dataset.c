#include "tests/unit.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/dataset.h"
#include "base/mem.h"

Test(dataset, columns_start_at_zero_and_keep_what_is_put_in)
{
	struct dataset *d = ds_new();
	struct ds_group *g = ds_group(d, "grid");
	struct ds_dim *time = ds_dim(g, "time", 7), *home = ds_dim(g, "home", 3);
	double *w = ds_column(g, "import", DS_F64, time, NULL, "W", "power at the meter");
	float *v = ds_column(g, "voltage", DS_F32, time, home, "1", "per unit");
	for (int i = 0; i < 7; i++) cr_expect_eq(w[i], 0.0);
	for (int i = 0; i < 21; i++) cr_expect_eq(v[i], 0.0f);
	w[6] = 1234.5;
	v[3 * 6 + 2] = 0.975f; /* last row, last column */
	const double *w2 = ds_data(ds_find(d, "grid"), "import", DS_F64);
	const float *v2 = ds_data(ds_find(d, "grid"), "voltage", DS_F32);
	cr_expect_eq(w2[6], 1234.5);
	cr_expect_eq(v2[20], 0.975f);
	cr_expect_eq(ds_rows(g, "voltage"), 7);
	cr_expect_eq(ds_cols(g, "voltage"), 3);
	cr_expect_eq(ds_cols(g, "import"), 1);
	cr_expect_str_eq(ds_text(g, "import", "units"), "W");
	cr_expect_str_eq(ds_text(g, "voltage", "long_name"), "per unit");
	ds_free(d);
}

Test(dataset, what_is_absent_is_told_apart_from_what_is_empty)
{
	struct dataset *d = ds_new();
	struct ds_group *g = ds_group(d, "requests");
	ds_column(g, "ttft", DS_F32, ds_dim(g, "request", 0), NULL, "s", "");
	cr_expect_null(ds_find(d, "grid"));
	cr_expect_null(ds_var(NULL, "ttft"));
	cr_expect_null(ds_var(g, "e2e"));
	cr_expect_not_null(ds_data(g, "ttft", DS_F32));
	cr_expect_null(ds_data(g, "ttft", DS_F64), "a column of another type is absent");
	cr_expect_eq(ds_rows(g, "ttft"), 0);
	cr_expect_eq(ds_cols(g, "e2e"), 0);
	cr_expect_null(ds_text(g, NULL, "title"));
	cr_expect_null(ds_text(g, "e2e", "units"));
	cr_expect(isnan(ds_number(g, "ttft", "units")));
	ds_free(d);
}

Test(dataset, groups_and_dimensions_of_one_name_are_one)
{
	struct dataset *d = ds_new();
	struct ds_group *g = ds_group(d, "homes");
	cr_expect_eq(ds_group(d, "homes"), g);
	cr_expect_eq(ds_dim(g, "home", 55), ds_dim(g, "home", 55));
	cr_expect_eq(d->groups, 1);
	cr_expect_eq(g->dims, 1);
	ds_free(d);
}

Test(dataset, order_of_creation_is_kept_beyond_the_first_growth)
{
	struct dataset *d = ds_new();
	struct ds_group *g = ds_group(d, "");
	for (int i = 37; i > 0; i--) {
		char name[16];
		snprintf(name, sizeof name, "c%d", i);
		*(int64_t *)ds_column(g, name, DS_I64, NULL, NULL, "1", "") = i;
		ds_attr_i64(g, NULL, name, i);
	}
	cr_assert_eq(g->vars, 37);
	for (int i = 0; i < 37; i++) {
		cr_expect_eq(*(int64_t *)g->var[i]->data, 37 - i);
		cr_expect_eq(g->attr[i].i64, 37 - i);
	}
	ds_free(d);
}

Test(dataset, an_attribute_set_again_changes_value_and_type_but_not_place)
{
	struct dataset *d = ds_new();
	struct ds_group *g = ds_group(d, "");
	const int8_t flags[] = { 0, 1, 2 };
	ds_attr_text(g, NULL, "status", "started");
	ds_attr_f64(g, NULL, "step", 60.5);
	ds_attr_text(g, NULL, "status", "complete");
	cr_expect_str_eq(ds_text(g, NULL, "status"), "complete");
	ds_attr_i8s(g, NULL, "status", flags, 3);
	cr_expect_null(ds_text(g, NULL, "status"));
	cr_expect_eq(g->attrs, 2);
	cr_expect_eq(g->attr[0].n, 3);
	cr_expect_eq(g->attr[0].list[2], 2);
	cr_expect_eq(ds_number(g, NULL, "step"), 60.5);
	ds_free(d);
}

Test(dataset, a_metric_is_a_column_without_dimensions_that_is_found_by_key)
{
	struct dataset *d = ds_new();
	ds_metric(d, &(struct ds_metric){ "latency.ttft_s.p50", 0.123, 0.11, 0.14, 459, "s", "wait" });
	ds_metric(d, &(struct ds_metric){ "cost.total", 7.25, NAN, NAN, 1, "EUR", "bill" });
	struct ds_metric m;
	cr_assert(ds_metric_find(d, "latency.ttft_s.p50", &m));
	cr_expect_eq(m.value, 0.123);
	cr_expect_eq(m.lo, 0.11);
	cr_expect_eq(m.hi, 0.14);
	cr_expect_eq(m.n, 459);
	cr_expect_str_eq(m.unit, "s");
	cr_expect_str_eq(m.about, "wait");
	cr_assert(ds_metric_find(d, "cost.total", &m));
	cr_expect(isnan(m.lo) && isnan(m.hi));
	cr_expect_not(ds_metric_find(d, "latency.ttft_s", &m));
	cr_expect_null(ds_var(ds_find(d, "summary"), "cost.total")->rows);
	ds_free(d);
}

Test(dataset, texts_are_owned_and_may_be_missing)
{
	struct dataset *d = ds_new();
	struct ds_group *g = ds_group(d, "ledger");
	char **site = ds_column(g, "site", DS_TEXT, ds_dim(g, "site", 3), NULL, "", "site");
	site[0] = mem_text("home 1");
	site[2] = mem_text("total"); /* site[1] stays NULL */
	char *const *read = ds_data(g, "site", DS_TEXT);
	cr_expect_str_eq(read[0], "home 1");
	cr_expect_null(read[1]);
	ds_free(d); /* the sanitizer build sees a leak here */
	ds_free(NULL);
}

Test(dataset, a_second_column_of_one_name_is_a_bug, .signal = SIGABRT)
{
	struct ds_group *g = ds_group(ds_new(), "grid");
	ds_column(g, "load", DS_F64, NULL, NULL, "W", "");
	ds_column(g, "load", DS_F64, NULL, NULL, "W", "");
}
