#include "analysis/request_pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const struct {
	const char *key, *column;
} latencies[] = {
	{ "latency.ttft_s.", "ttft" },
	{ "latency.tpot_s.", "tpot" },
	{ "latency.e2e_s.", "e2e" },
};
enum { LATENCIES = sizeof latencies / sizeof *latencies };

/* Columns are kept with 24 bits, the summary's values with 53. */
static const double close_enough = 1e-5;

/* Whether the column of whole numbers is the same in both. */
static bool is_same(const struct ds_group *a, const struct ds_group *b, const char *column,
    enum ds_type type, size_t size)
{
	const void *x = ds_data(a, column, type), *y = ds_data(b, column, type);
	size_t n = ds_rows(a, column);
	return x && y && n == ds_rows(b, column) && !memcmp(x, y, n * size);
}

static bool are_same_requests(const struct ds_group *a, const struct ds_group *b)
{
	return is_same(a, b, "request", DS_I64, sizeof(int64_t)) &&
	    is_same(a, b, "prompt_tokens", DS_I32, sizeof(int32_t)) &&
	    is_same(a, b, "output_tokens", DS_I32, sizeof(int32_t));
}

/* Requests that could wait are in no latency of the summary. */
static bool could_wait(const struct ds_group *g, size_t i)
{
	const double *released = ds_data(g, "released", DS_F64);
	return released && isfinite(released[i]);
}

/* The column's values of requests that both answered, side by side; *n of them. False when
 * only one run has a value of some request. */
static bool side_by_side(const struct ds_group *a, const struct ds_group *b, const char *column,
    double *x, double *y, size_t *n)
{
	const float *of_a = ds_data(a, column, DS_F32), *of_b = ds_data(b, column, DS_F32);
	size_t rows = ds_rows(a, column);
	*n = 0;
	if (!of_a || !of_b || rows != ds_rows(b, column)) return false;
	for (size_t i = 0; i < rows; i++) {
		bool has_a = isfinite(of_a[i]) && !could_wait(a, i);
		bool has_b = isfinite(of_b[i]) && !could_wait(b, i);
		if (has_a != has_b) return false;
		if (!has_a) continue;
		x[*n] = (double)of_a[i];
		y[(*n)++] = (double)of_b[i];
	}
	return *n > 0;
}

/* p of "p90", 0.9; 0 of "mean"; NAN of anything else. */
static double quantile_of(const char *part)
{
	double p;
	if (!strcmp(part, "mean")) return 0;
	bool is_one = *part == 'p' && text_to_number(part + 1, &p) && p > 0 && p < 100;
	return is_one ? p / 100 : NAN;
}

static struct shift shift_by(const double *x, const double *y, size_t n, double p)
{
	if (p > 0) return shift_quantile(x, y, n, p);
	double *d = mem_new(n, sizeof *d);
	for (size_t i = 0; i < n; i++) d[i] = y[i] - x[i];
	struct shift s = shift_mean_in_order(d, n);
	free(d);
	return s;
}

/* The pairs' value must be the summary's, which shift.h computes from all digits. */
static bool agrees(const struct dataset *before, const struct dataset *after, const char *key,
    struct shift *s)
{
	struct ds_metric a, b;
	if (!ds_metric_find(before, key, &a) || !ds_metric_find(after, key, &b)) return false;
	double value = b.value - a.value, size = fmax(fabs(a.value), fabs(b.value));
	bool is_same_value = fabs(value - s->value) <= close_enough * size;
	s->value = value;
	return is_same_value;
}

bool request_pairs_shift(const struct dataset *before, const struct dataset *after, const char *key,
    struct shift *s)
{
	const struct ds_group *a = ds_find(before, "requests"), *b = ds_find(after, "requests");
	int l = 0;
	while (l < LATENCIES && strncmp(latencies[l].key, key, strlen(latencies[l].key)) != 0) l++;
	double p = l < LATENCIES ? quantile_of(key + strlen(latencies[l].key)) : NAN;
	if (isnan(p) || !a || !b || !are_same_requests(a, b)) return false;
	size_t n = ds_rows(a, "request");
	double *x = mem_new(n, sizeof *x), *y = mem_new(n, sizeof *y);
	bool paired = side_by_side(a, b, latencies[l].column, x, y, &n);
	if (paired) {
		*s = shift_by(x, y, n, p);
		paired = agrees(before, after, key, s);
	}
	free(x);
	free(y);
	return paired;
}
