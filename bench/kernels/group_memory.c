/* Reading, copying and the triad (McCalpin 1995, "Memory bandwidth and machine balance in current
 * high performance computers"), from the first cache level to four times the last, by kind of
 * page. read_plain is the largest span once more as any program reads it, in one ascending loop:
 * prefetchers then follow one place, not four, and memory gives less. Bytes are those that the
 * program names: what a cache reads before it is written over is not counted, and AVX2 spares it
 * with stores past the caches from 8 MiB on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/kernels/area.h"
#include "bench/kernels/kernels.h"
#include "bench/kernels/twin.h"
#include "bench/suite/suite.h"

static const double factor = 3.25;
enum { SLICE = 64 }; /* doubles that a thread's part is a multiple of */

/* Small working sets are passed over several times in a call, so that it is long beside the
 * start of threads. */
static const size_t call_bytes = 4 << 20;

struct memory_case {
	const struct kernels *kernels;
	struct area *area;
	size_t n;      /* doubles of each array, all threads together */
	size_t passes;
	int threads;
	bool plain;    /* read in one ascending loop */
	double sum;    /* of the last pass; read only */
};

static size_t part_from(const struct memory_case *m, int thread)
{
	return m->n / SLICE * (size_t)thread / (size_t)m->threads * SLICE;
}

static void read_memory(void *ctx)
{
	struct memory_case *m = ctx;
	const struct kernels *k = m->kernels;
	double (*sum_of)(const double *a, size_t n) = m->plain ? k->sum_plain : k->sum;
	double sum = 0;
#pragma omp parallel for schedule(static, 1) num_threads(m->threads) reduction(+ : sum)
	for (int i = 0; i < m->threads; i++) {
		size_t from = part_from(m, i), n = part_from(m, i + 1) - from;
		double last = 0;
		for (size_t pass = 0; pass < m->passes; pass++) last = sum_of(m->area->a + from, n);
		sum += last;
	}
	m->sum = sum;
}

static double read_error(void *ctx)
{
	const struct memory_case *m = ctx;
	return fabs(m->sum / twin_sum(m->area->a, m->n) - 1);
}

/* The second array begins at half of the area, whatever the size of the case: all cases then
 * leave the same numbers, and can share it. */
static void copy_memory(void *ctx)
{
	struct memory_case *m = ctx;
	const struct kernels *k = m->kernels;
	const double *from = m->area->a + m->area->n / 2;
#pragma omp parallel for schedule(static, 1) num_threads(m->threads)
	for (int i = 0; i < m->threads; i++) {
		size_t at = part_from(m, i), n = part_from(m, i + 1) - at;
		for (size_t pass = 0; pass < m->passes; pass++) k->copy(m->area->a + at, from + at, n);
	}
}

static double copy_error(void *ctx)
{
	const struct memory_case *m = ctx;
	const double *to = m->area->a, *from = to + m->area->n / 2;
	double worst = 0;
	for (size_t i = 0; i < m->n; i++) worst = fmax(worst, fabs(to[i] - from[i]));
	return worst;
}

/* The three arrays begin at quarters of the area. */
static void triad_memory(void *ctx)
{
	struct memory_case *m = ctx;
	const struct kernels *k = m->kernels;
	double *a = m->area->a, *b = a + m->area->n / 4, *c = b + m->area->n / 4;
#pragma omp parallel for schedule(static, 1) num_threads(m->threads)
	for (int i = 0; i < m->threads; i++) {
		size_t at = part_from(m, i), n = part_from(m, i + 1) - at;
		for (size_t pass = 0; pass < m->passes; pass++)
			k->triad(a + at, b + at, c + at, factor, n);
	}
}

static double triad_error(void *ctx)
{
	const struct memory_case *m = ctx;
	const double *a = m->area->a, *b = a + m->area->n / 4, *c = b + m->area->n / 4;
	double worst = 0;
	for (size_t i = 0; i < m->n; i++)
		worst = fmax(worst, fabs(a[i] / (b[i] + factor * c[i]) - 1));
	return worst;
}

static void free_case(void *ctx)
{
	struct memory_case *m = ctx;
	area_free(m->area);
	free(m);
}

struct operation {
	const char *kernel;
	size_t arrays;
	double flops; /* of an element */
	bool plain;   /* in one ascending loop */
	void (*run)(void *ctx);
	double (*error)(void *ctx);
};
static const struct operation read_op = { "read", 1, 1, false, read_memory, read_error };
static const struct operation plain_op = { "read_plain", 1, 1, true, read_memory, read_error };
static const struct operation copy_op = { "copy", 2, 0, false, copy_memory, copy_error };
static const struct operation triad_op = { "triad", 3, 2, false, triad_memory, triad_error };

static const char *size_text(char *to, size_t size, double bytes)
{
	if (bytes < 1 << 20) snprintf(to, size, "%.0f KiB", bytes / 1024);
	else snprintf(to, size, "%.0f MiB", bytes / (1 << 20));
	return to;
}

/* span: bytes of all arrays together. Copies and triads in a quarter of the area each. */
static void add_case(struct suite *s, const struct operation *op, struct area *area, size_t span,
    int threads)
{
	struct memory_case *m = mem_new(1, sizeof *m);
	size_t n = span / op->arrays / sizeof(double) / SLICE * SLICE;
	span = n * op->arrays * sizeof(double);
	*m = (struct memory_case){ .area = area, .n = n, .threads = threads,
		.kernels = kernels_best(), .plain = op->plain,
		.passes = span < call_bytes ? call_bytes / span : 1, .sum = NAN };
	area->users++;
	struct bench_case c = { .kernel = op->kernel, .key = { { "span", (double)span } }, .keys = 1,
		.threads = threads, .pages = area_word(area->pages), .ctx = m, .run = op->run,
		.error = op->error, .error_max = 1e-12, .free = free_case,
		.flops = op->flops * (double)(n * m->passes), .bytes = (double)(span * m->passes) };
	size_text(c.shape, sizeof c.shape, (double)span);
	suite_add(s, &c);
}

static struct area *get_area(struct suite *s, enum area_pages pages, size_t bytes)
{
	const char *why;
	struct area *a = area_new(pages, bytes, suite_threads(s), &why);
	if (!a) suite_note(s, "no %s pages: %s", area_word(pages), why);
	return a;
}

/* Four times the last cache level, within reason. */
static size_t largest_span(void)
{
	const size_t least = (size_t)128 << 20, most = (size_t)2 << 30, unit = (size_t)2 << 20;
	size_t four = 4 * last_cache_bytes();
	four = four < least ? least : four > most ? most : four;
	return four / unit * unit;
}

static void add_reads(struct suite *s, struct area *a, size_t first, size_t factor_of, int threads)
{
	size_t largest = a->n * sizeof(double);
	for (size_t span = first; span < largest; span *= factor_of)
		add_case(s, &read_op, a, span, threads);
	add_case(s, &read_op, a, largest, threads);
}

/* The curve over sizes, on the pages that a decoder's weights lie on. */
static void add_levels(struct suite *s, enum area_pages pages, size_t largest)
{
	struct area *a = get_area(s, pages, largest);
	bool huge = pages == AREA_HUGE;
	if (!a) return;
	if (suite_quick(s)) {
		add_reads(s, a, huge ? 4 << 20 : largest, 64, 1);
	} else {
		add_reads(s, a, huge ? 1 << 20 : 16 << 10, huge ? 2 : 16, 1);
		if (!huge) add_case(s, &plain_op, a, largest, 1);
		if (suite_threads(s) > 1 && huge) add_reads(s, a, 2 << 20, 4, suite_threads(s));
	}
	if (suite_threads(s) > 1 && (suite_quick(s) || !huge))
		add_reads(s, a, largest, 2, suite_threads(s));
	area_free(a);
}

static void add_writes(struct suite *s, const struct operation *op, size_t largest)
{
	const char *why;
	struct area *a = area_new(AREA_HUGE, largest, suite_threads(s), &why);
	if (!a) a = get_area(s, AREA_SMALL, largest);
	if (!a) return;
	size_t most = largest / 4 * op->arrays;
	if (!suite_quick(s)) {
		add_case(s, op, a, 24 << 10, 1);
		add_case(s, op, a, 3 << 20, 1);
		if (suite_threads(s) > 1) add_case(s, op, a, most, suite_threads(s));
	}
	add_case(s, op, a, most, 1);
	area_free(a);
}

static void add_file(struct suite *s, size_t largest)
{
	struct area *a = get_area(s, AREA_FILE, largest);
	if (!a) return;
	add_reads(s, a, largest, 2, 1);
	if (suite_threads(s) > 1 && !suite_quick(s)) add_reads(s, a, largest, 2, suite_threads(s));
	area_free(a);
}

static void add(struct suite *s)
{
	size_t largest = largest_span();
	add_levels(s, AREA_SMALL, largest);
	add_levels(s, AREA_HUGE, largest);
	add_file(s, largest);
	add_writes(s, &copy_op, largest);
	add_writes(s, &triad_op, largest);
}

const struct bench_group bench_memory = {
	.name = "memory",
	.about = "reading, copying and the triad by size, on small and huge pages and a mapped file",
	.add = add,
	.weight = 2,
};
