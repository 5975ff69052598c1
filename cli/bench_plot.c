#include "cli/bench_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/embedded.h"
#include "analysis/gnuplot.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "bench/suite/roofs.h"

enum { WIDTH = 900, HEIGHT = 560, KINDS_MAX = 40, THREADS = 1 };

/* What the axes show: a factor of two around all of it. */
struct frame {
	double x0, x1, y0, y1; /* flops per byte, flops a second */
	double peak_flops_s;   /* the best arithmetic: where memory's slopes end */
};

static void put_number(double v, FILE *script)
{
	char number[40];
	fprintf(script, "%s ", text_from_number(v, 7, number, sizeof number));
}

static bool is_point(const struct bench_row *r)
{
	return r->threads == THREADS && r->flops > 0 && r->bytes > 0 && !*r->device;
}

static double best_flops_s(const struct roofs *roofs)
{
	double best = 0;
	for (size_t i = 0; i < roofs->count; i++)
		if (roofs->roof[i].flops_s > best) best = roofs->roof[i].flops_s;
	return best;
}

static double best_bytes_s(const struct roofs *roofs)
{
	double best = 0;
	for (size_t i = 0; i < roofs->count; i++)
		if (roofs->roof[i].bytes_s > best) best = roofs->roof[i].bytes_s;
	return best;
}

static struct frame frame_of(const struct bench_file *f, const struct roofs *roofs)
{
	struct frame w = { 0.25, 4, INFINITY, 0, best_flops_s(roofs) };
	for (size_t i = 0; i < f->rows; i++) {
		const struct bench_row *r = &f->row[i];
		if (!is_point(r)) continue;
		double y = r->flops / bench_row_wall_s(r);
		w.x0 = fmin(w.x0, r->flops / r->bytes);
		w.x1 = fmax(w.x1, r->flops / r->bytes);
		w.y0 = fmin(w.y0, y);
		w.y1 = fmax(w.y1, y);
	}
	w.x0 /= 2;
	w.x1 *= 2;
	if (!(w.peak_flops_s > 0)) w.peak_flops_s = w.x1 * best_bytes_s(roofs);
	for (size_t i = 0; i < roofs->count; i++)
		if (roofs->roof[i].bytes_s > 0) w.y0 = fmin(w.y0, w.x0 * roofs->roof[i].bytes_s);
	w.y0 /= 2;
	w.y1 = 2 * fmax(w.y1, w.peak_flops_s);
	return w;
}

static void put_line(double x0, double y0, double x1, double y1, FILE *script)
{
	put_number(x0, script);
	put_number(1e-9 * y0, script);
	put_number(x1, script);
	put_number(1e-9 * y1, script);
}

/* Slopes up to the best arithmetic. */
static void put_memory(const struct roofs *roofs, const struct frame *w, FILE *script)
{
	fputs("$memory <<EOD\n", script);
	for (size_t i = 0; i < roofs->count; i++) {
		const struct roof *r = &roofs->roof[i];
		char label[BENCH_NAME_SIZE + 32];
		if (isnan(r->bytes_s)) continue;
		double end = fmin(w->x1, w->peak_flops_s / r->bytes_s);
		put_line(w->x0, w->x0 * r->bytes_s, end, end * r->bytes_s, script);
		snprintf(label, sizeof label, "%s %.3g GB/s", r->label, 1e-9 * r->bytes_s);
		gnuplot_label(script, label);
		fputc('\n', script);
	}
	fputs("EOD\n", script);
}

/* Level lines, from where the fastest memory meets them. */
static void put_peaks(const struct roofs *roofs, const struct frame *w, FILE *script)
{
	double bytes_s = best_bytes_s(roofs);
	size_t m = 0;
	fprintf(script, "array peak[%d]\n", ROOFS_MAX);
	for (size_t i = 0; i < roofs->count; i++) {
		const struct roof *r = &roofs->roof[i];
		char title[BENCH_NAME_SIZE + 32];
		if (isnan(r->flops_s)) continue;
		snprintf(title, sizeof title, "%s: at most %.3g", r->label, 1e-9 * r->flops_s);
		fprintf(script, "peak[%zu] = ", ++m);
		gnuplot_quote(script, title);
		fputc('\n', script);
	}
	fprintf(script, "m = %zu\n$peaks <<EOD\n", m);
	for (size_t i = 0; i < roofs->count; i++) {
		const struct roof *r = &roofs->roof[i];
		if (isnan(r->flops_s)) continue;
		double begin = bytes_s > 0 ? fmax(w->x0, r->flops_s / bytes_s) : w->x0;
		put_line(fmin(w->x1, begin), r->flops_s, w->x1, r->flops_s, script);
		fputc('\n', script);
	}
	fputs("EOD\n", script);
}

/* ---- points ---- */

/* Kernels with points, each once, in their order; their number. */
static size_t kinds_of(const struct bench_file *f, const char *kind[KINDS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < f->rows && n < KINDS_MAX; i++) {
		bool known = !is_point(&f->row[i]);
		for (size_t k = 0; k < n; k++) known |= !strcmp(kind[k], f->row[i].kernel);
		if (!known) kind[n++] = f->row[i].kernel;
	}
	return n;
}

static void put_points(const struct bench_file *f, FILE *script)
{
	const char *kind[KINDS_MAX];
	size_t n = kinds_of(f, kind);
	fprintf(script, "n = %zu\narray kind[%zu]\n", n, n ? n : 1);
	for (size_t k = 0; k < n; k++) {
		fprintf(script, "kind[%zu] = ", k + 1);
		gnuplot_quote(script, kind[k]);
		fputc('\n', script);
	}
	fputs("$points <<EOD\n", script);
	for (size_t k = 0; k < n; k++) {
		if (k) fputs("\n\n", script);
		for (size_t i = 0; i < f->rows; i++) {
			const struct bench_row *r = &f->row[i];
			if (!is_point(r) || strcmp(r->kernel, kind[k])) continue;
			put_number(r->flops / r->bytes, script);
			put_number(1e-9 * r->flops / bench_row_wall_s(r), script);
			fputc('\n', script);
		}
	}
	fputs("EOD\n", script);
}

static void put_constant(const char *name, double v, FILE *script)
{
	fprintf(script, "%s = ", name);
	put_number(v, script);
	fputc('\n', script);
}

static char *script_of(const struct bench_file *f, const struct roofs *roofs)
{
	char *text = NULL;
	size_t size;
	struct frame w = frame_of(f, roofs);
	FILE *script = open_memstream(&text, &size);
	if (!script) abort(); /* memory, as in mem.h */
	fprintf(script, "width = %d\nheight = %d\n%s", WIDTH, HEIGHT, embedded_common_gp);
	put_memory(roofs, &w, script);
	put_peaks(roofs, &w, script);
	put_points(f, script);
	put_constant("x0", w.x0, script);
	put_constant("x1", w.x1, script);
	put_constant("y0", 1e-9 * w.y0, script);
	put_constant("y1", 1e-9 * w.y1, script);
	fputs(embedded_roofline_gp, script);
	fclose(script);
	return text;
}

bool bench_plot_write(const char *path, const struct bench_file *f, struct err_list *e)
{
	struct err_pos at = { path, 0, 0 };
	struct roofs roofs;
	roofs_of(f, THREADS, &roofs);
	if (!roofs.count) {
		err_at(e, at, "there are no roofs of one thread to draw; measure the groups memory and gemm too");
		return false;
	}
	char *script = script_of(f, &roofs), *svg = gnuplot_run(script);
	bool good = svg && *svg && file_write(path, svg, strlen(svg), e);
	if (!svg || !*svg)
		err_at(e, at, "gnuplot, which draws it, is missing or failed; install gnuplot-nox and "
		              "draw again with --from");
	free(svg);
	free(script);
	return good;
}
