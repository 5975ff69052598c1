#include "bench/suite/roofs.h"

#include <math.h>
#include <string.h>

static bool is_read(const struct bench_row *r)
{
	return !strcmp(r->group, "memory") && !strcmp(r->kernel, "read") && !*r->device;
}

double roof_bytes_s(const struct bench_file *f, double span_bytes, int threads)
{
	double best = NAN, nearest = INFINITY;
	for (size_t i = 0; i < f->rows; i++) {
		const struct bench_row *r = &f->row[i];
		if (!is_read(r) || r->threads != threads) continue;
		double rate = r->bytes / bench_row_wall_s(r);
		double far = fabs(log(bench_row_key(r, "span") / span_bytes));
		if (!(far <= nearest) || (far == nearest && rate <= best)) continue;
		nearest = far;
		best = rate;
	}
	return best;
}

const char *roof_format(const struct bench_row *r)
{
	const char *last = strrchr(r->kernel, '_');
	return last ? last + 1 : "";
}

double roof_flops_s(const struct bench_file *f, const char *format, int threads)
{
	double best = NAN;
	for (size_t i = 0; i < f->rows; i++) {
		const struct bench_row *r = &f->row[i];
		if (!(r->flops > 0) || r->threads != threads || *r->device) continue;
		if (strcmp(roof_format(r), format)) continue;
		best = fmax(best, r->flops / bench_row_wall_s(r)); /* of a number and NAN: the number */
	}
	return best;
}

double roof_share(const struct bench_file *f, const struct bench_row *r)
{
	double span = bench_row_key(r, "span"), memory_s = NAN, flops_s = NAN;
	if (*r->device) return NAN;
	if (r->bytes > 0)
		memory_s = r->bytes / roof_bytes_s(f, span > 0 ? span : r->bytes, r->threads);
	if (r->flops > 0) flops_s = r->flops / roof_flops_s(f, roof_format(r), r->threads);
	if (r->bytes > 0 && isnan(memory_s)) return NAN; /* the other alone would flatter */
	return fmax(memory_s, flops_s) / bench_row_wall_s(r);
}
