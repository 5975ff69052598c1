#include "analysis/sorted.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"

double *sorted_column(
    const struct ds_group *g, const char *column, const char *other, size_t *n)
{
	const double *left_out = other ? ds_data(g, other, DS_F64) : NULL;
	const struct ds_var *v = ds_var(g, column);
	if (!v || !v->rows || v->cols || (v->type != DS_F64 && v->type != DS_F32)) return NULL;
	double *value = mem_new(v->rows->size, sizeof *value);
	*n = 0;
	for (size_t i = 0; i < v->rows->size; i++) {
		double x = v->type == DS_F32 ? (double)((const float *)v->data)[i] :
					       ((const double *)v->data)[i];
		if (isfinite(x) && !(left_out && isfinite(left_out[i]))) value[(*n)++] = x;
	}
	sort_f64(value, *n);
	if (*n) return value;
	free(value);
	return NULL;
}

double sorted_quantile(const double *sorted, size_t n, double p)
{
	return gsl_stats_quantile_from_sorted_data(sorted, 1, n, p);
}
