#include "analysis/figure.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "analysis/embedded.h"
#include "analysis/flow.h"
#include "analysis/gnuplot.h"
#include "analysis/html.h"
#include "base/mem.h"
#include "base/text.h"

void figure_row(struct figure *f, const double cell[], const char *label, const char *value)
{
	size_t cols = (size_t)f->cols, before = f->cap;
	if (f->rows == f->cap) f->cap = f->cap ? 2 * f->cap : 64;
	if (f->cap != before) {
		f->cell = mem_resize(f->cell, f->cap * cols, sizeof *f->cell);
		f->text = mem_resize(f->text, f->cap * 2, sizeof *f->text);
	}
	for (size_t c = 0; c < cols; c++) f->cell[f->rows * cols + c] = cell[c];
	f->text[2 * f->rows] = mem_text(label);
	f->text[2 * f->rows + 1] = mem_text(value);
	f->rows++;
}

void figure_say(struct figure *f, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	free(f->alt);
	if (vasprintf(&f->alt, fmt, ap) < 0) f->alt = NULL;
	va_end(ap);
}

void figure_fini(struct figure *f)
{
	for (size_t i = 0; i < 2 * f->rows; i++) free(f->text[i]);
	free(f->text);
	free(f->cell);
	free(f->alt);
}

static const double *row_of(const struct figure *f, size_t row)
{
	return f->cell + row * (size_t)f->cols;
}

/* Significant digits: a picture's colours tell no more than four. */
static int digits(const struct figure *f, int column)
{
	return f->kind == FIGURE_MAP && column ? 4 : 7;
}

static void put_data(const struct figure *f, FILE *script)
{
	char number[40];
	int first = f->kind == FIGURE_MAP ? 1 : 0; /* a matrix has no column for x */
	fputs("$data <<EOD\n", script);
	for (size_t r = 0; r < f->rows; r++) {
		for (int c = first; c < f->cols; c++)
			fprintf(script, "%s ",
			    text_from_number(row_of(f, r)[c], digits(f, c), number, sizeof number));
		for (int t = 0; t < 2 && f->kind == FIGURE_BARS; t++) {
			gnuplot_label(script, f->text[2 * r + (size_t)t]);
			fputc(' ', script);
		}
		fputc('\n', script);
	}
	fputs("EOD\n", script);
}

static void put_setting(FILE *script, const char *name, const char *text)
{
	fprintf(script, "%s = ", name);
	gnuplot_quote(script, text ? text : "");
	fputc('\n', script);
}

static void put_titles(const struct figure *f, int lines, FILE *script)
{
	/* Loops look at one title further than they draw, even empty ones. */
	fprintf(script, "array title_of[%d]\n", lines + 1);
	for (int i = 1; i <= lines; i++) {
		char name[24];
		snprintf(name, sizeof name, "title_of[%d]", i);
		put_setting(script, name, f->head[i]);
	}
}

/* Where a picture's columns and rows are. */
static void put_places(const struct figure *f, FILE *script)
{
	size_t last = f->rows - 1;
	int places = f->cols - 1;
	double x0 = row_of(f, 0)[0], dx = last ? (row_of(f, last)[0] - x0) / (double)last : x0;
	double y0 = f->place[0], y1 = f->place[places - 1];
	fprintf(script, "x0 = %.9g\ndx = %.9g\n", x0 - dx / 2, dx);
	fprintf(script, "y0 = %g\ndy = %.9g\n", y0, places > 1 ? (y1 - y0) / (places - 1) : 1);
}

/* What the scripts of all kinds want to know. */
static void put_settings(const struct figure *f, int width, int height, FILE *script)
{
	int lines = f->cols - 1;
	fprintf(script, "width = %d\nheight = %d\nrows = %zu\n", width, height, f->rows);
	fprintf(script, "n = %d\nlimits = %d\nfrom_zero = %d\n", lines, f->limits, f->from_zero);
	put_setting(script, "xname", f->xname);
	put_setting(script, "yname", f->yname);
	if (f->kind == FIGURE_MAP) put_places(f, script);
	else put_titles(f, lines, script);
	put_data(f, script);
}

static char *script_of(const struct figure *f)
{
	static const char *const parts[] = {
		[FIGURE_SERIES] = embedded_series_gp,
		[FIGURE_SHARE] = embedded_share_gp,
		[FIGURE_BARS] = embedded_bars_gp,
		[FIGURE_MAP] = embedded_map_gp,
	};
	char *text;
	size_t size;
	FILE *script = open_memstream(&text, &size);
	put_setting(script, "name", f->name);
	put_settings(f, FIGURE_WIDTH, f->height, script);
	fputs(embedded_common_gp, script);
	fputs(parts[f->kind], script);
	fclose(script);
	return text;
}

char *figure_characters(const struct figure *f, int columns, int rows)
{
	char *text;
	size_t size;
	FILE *script = open_memstream(&text, &size);
	put_settings(f, columns, rows, script);
	fputs(embedded_dumb_gp, script);
	fclose(script);
	char *drawn = gnuplot_run(text);
	free(text);
	return drawn;
}

/* ---- CSV ---- */

static bool has_labels(const struct figure *f)
{
	return f->kind == FIGURE_BARS || f->kind == FIGURE_FLOW;
}

static void put_csv_text(FILE *csv, const char *text)
{
	fputc('"', csv);
	for (; *text; text++) {
		if (*text == '"') fputc('"', csv);
		fputc(*text, csv);
	}
	fputc('"', csv);
}

static void put_csv_bar(const struct figure *f, size_t row, FILE *csv)
{
	char number[40];
	const double *x = row_of(f, row);
	put_csv_text(csv, f->text[2 * row]);
	fprintf(csv, ",%s\n", text_from_number(x[2] - x[1], 7, number, sizeof number));
}

static void put_csv_row(const struct figure *f, size_t row, FILE *csv)
{
	char number[40];
	for (int c = 0; c < f->cols; c++) {
		double v = row_of(f, row)[c];
		fprintf(csv, "%s%s", c ? "," : "",
		    isnan(v) ? "" : text_from_number(v, digits(f, c), number, sizeof number));
	}
	fputc('\n', csv);
}

static char *csv_of(const struct figure *f)
{
	char *text;
	size_t size;
	FILE *csv = open_memstream(&text, &size);
	if (has_labels(f)) {
		put_csv_text(csv, f->head[0]);
		fputc(',', csv);
		put_csv_text(csv, f->xname);
	}
	for (int c = 0; c < f->cols && !has_labels(f); c++) {
		bool numbered = f->kind == FIGURE_MAP && c;
		if (c) fputc(',', csv);
		if (numbered) fprintf(csv, "\"%s %d\"", f->head[1], f->place[c - 1]);
		else put_csv_text(csv, f->head[c]);
	}
	fputc('\n', csv);
	for (size_t r = 0; r < f->rows; r++)
		if (has_labels(f)) put_csv_bar(f, r, csv);
		else put_csv_row(f, r, csv);
	fclose(csv);
	return text;
}

/* ---- the page's part ---- */

/* What figure.js needs to tell a value at the pointer. */
static void put_axes(const char *svg, FILE *html)
{
	struct gnuplot_axes a;
	if (!gnuplot_axes_of(svg, &a)) return;
	fprintf(html, " data-frame=\"%g %g %g %g\" data-axes=\"%.7g %.7g %.7g %.7g %d %d\"", a.left,
	    a.right, a.top, a.bottom, a.x0, a.x1, a.y0, a.y1, a.log_x, a.log_y);
}

static void put_flow(const struct figure *f, FILE *html)
{
	fprintf(html, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", FIGURE_WIDTH, f->height);
	html_text(html, f->alt);
	fputs("\">\n", html);
	flow_draw(f, html);
	fputs("</svg>\n", html);
}

static bool put_drawing(const struct figure *f, FILE *html)
{
	if (f->kind == FIGURE_FLOW) {
		put_flow(f, html);
		return true;
	}
	char *script = script_of(f), *svg = gnuplot_run(script);
	char *drawing = svg ? gnuplot_drawing(svg, f->name) : NULL;
	if (drawing) {
		fprintf(html, "<svg viewBox=\"0 0 %d %d\"", FIGURE_WIDTH, f->height);
		if (f->kind != FIGURE_BARS) put_axes(svg, html);
		fputs(" role=\"img\" aria-label=\"", html);
		html_text(html, f->alt);
		fprintf(html, "\">%s</svg>\n", drawing);
	} else {
		html_element(html, "p class=\"note\"",
		    "Not drawn: gnuplot is not installed or failed. The "
		    "numbers are in the CSV below.");
		html_element(html, "p", f->alt);
	}
	bool drawn = drawing != NULL;
	free(drawing);
	free(svg);
	free(script);
	return drawn;
}

bool figure_write(const struct figure *f, FILE *html)
{
	fputs("<figure>\n", html);
	bool drawn = put_drawing(f, html);
	fputs("<figcaption>", html);
	html_text(html, f->caption);
	fprintf(html, " <a download=\"%s.csv\" href=\"data:text/csv;charset=utf-8,", f->name);
	char *csv = csv_of(f);
	html_url(html, csv);
	free(csv);
	fputs("\">numbers as CSV</a></figcaption>\n</figure>\n", html);
	return drawn;
}
