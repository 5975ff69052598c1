#include "bench/suite/roofs.h"

#include <math.h>
#include <stdio.h>
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
		if (strncmp(r->kernel, "gemm_", 5) || strcmp(roof_format(r), format)) continue;
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

/* ---- for a picture ---- */

static void add(struct roofs *all, const char *label, double bytes_s, double flops_s)
{
	if (all->count == ROOFS_MAX || !(bytes_s > 0 || flops_s > 0)) return;
	struct roof *r = &all->roof[all->count++];
	*r = (struct roof){ .bytes_s = bytes_s, .flops_s = flops_s };
	snprintf(r->label, sizeof r->label, "%s", label);
}

/* The largest working set of at most that size which was read with so many threads; 0: none. */
static double span_within(const struct bench_file *f, double bytes, int threads)
{
	double largest = 0;
	for (size_t i = 0; i < f->rows; i++) {
		const struct bench_row *r = &f->row[i];
		double span = bench_row_key(r, "span");
		if (is_read(r) && r->threads == threads && span <= bytes) largest = fmax(largest, span);
	}
	return largest;
}

static void add_levels(const struct bench_file *f, int threads, struct roofs *all)
{
	double beyond = 0, before = 0, span;
	for (size_t i = 0; i < f->context.caches; i++) {
		const struct bench_cache *c = &f->context.cache[i];
		char label[BENCH_NAME_SIZE];
		if (!strcmp(c->type, "Instruction")) continue;
		beyond = fmax(beyond, c->bytes);
		span = span_within(f, c->bytes / 2, threads);
		if (!(span > before)) continue; /* nothing was measured between two levels */
		before = span;
		snprintf(label, sizeof label, "L%d", c->level);
		add(all, label, roof_bytes_s(f, span, threads), NAN);
	}
	span = span_within(f, INFINITY, threads);
	if (span > beyond) add(all, "memory", roof_bytes_s(f, span, threads), NAN);
}

static bool has_format(const struct roofs *all, const char *format)
{
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->roof[i].label, format)) return true;
	return false;
}

static void add_formats(const struct bench_file *f, int threads, struct roofs *all)
{
	for (size_t i = 0; i < f->rows; i++) {
		const char *format = roof_format(&f->row[i]);
		if (*format && f->row[i].threads == threads && !has_format(all, format))
			add(all, format, NAN, roof_flops_s(f, format, threads));
	}
}

void roofs_of(const struct bench_file *f, int threads, struct roofs *all)
{
	all->count = 0;
	add_levels(f, threads, all);
	add_formats(f, threads, all);
}
