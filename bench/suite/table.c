#include "bench/suite/table.h"

#include <math.h>
#include <string.h>

#include "bench/suite/energy_table.h"
#include "bench/suite/roofs.h"

/* "12.3 us", three digits. */
enum { COLUMNS = 99 }; /* of remarks below a row */

static const char *time_text(double s, char *buf, size_t size)
{
	static const struct {
		double unit_s;
		const char *name;
	} units[] = { { 1, "s" }, { 1e-3, "ms" }, { 1e-6, "us" }, { 1e-9, "ns" } };
	size_t i = 0;
	while (i < 3 && s < 0.9995 * units[i].unit_s) i++;
	double v = s / units[i].unit_s;
	snprintf(buf, size, "%.*f %s", v < 9.995 ? 2 : v < 99.95 ? 1 : 0, v, units[i].name);
	return buf;
}

/* "12.3 G": a rate with its prefix. */
static const char *rate_text(double v, char *buf, size_t size)
{
	static const struct {
		double unit;
		const char *prefix;
	} prefixes[] = { { 1e12, "T" }, { 1e9, "G" }, { 1e6, "M" }, { 1e3, "k" }, { 1, "" } };
	size_t i = 0;
	while (i < 4 && v < 0.9995 * prefixes[i].unit) i++;
	double x = v / prefixes[i].unit;
	snprintf(buf, size, "%.*f %s", x < 9.995 ? 2 : x < 99.95 ? 1 : 0, x, prefixes[i].prefix);
	return buf;
}

static const char *fixed_text(double v, int decimals, char *buf, size_t size)
{
	if (isnan(v))
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, "%.*f", decimals, v);
	return buf;
}

static const char *error_text(double v, char *buf, size_t size)
{
	if (isnan(v))
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, "%.1g", v);
	return buf;
}

/* What it gets done: its items; floating-point operations where it has none or where these
 * are what takes time. */
static void print_work_rate(const struct bench_row *r, double median_s, FILE *out)
{
	static const double intense = 8; /* flops per byte, above what one token's products have */
	char rate[32] = "-", text[sizeof rate + sizeof r->item + 3] = "-";
	bool items = r->items > 0 && !(r->flops > intense * r->bytes && r->bytes > 0);
	if (items || r->flops > 0) {
		rate_text((items ? r->items : r->flops) / median_s, rate, sizeof rate);
		snprintf(text, sizeof text, "%s%s/s", rate, items ? r->item : "flop");
	}
	fprintf(out, " %-22s", text);
}

static void print_flags(const struct bench_row *r, FILE *out)
{
	size_t outliers = bench_row_outliers(r);
	if (!bench_row_right(r)) fprintf(out, " WRONG (at most %.1g)", r->error_max);
	if (r->noisy) fprintf(out, " noisy: %s", r->why);
	if (r->noisy && r->threads == 1 && !*r->device) {
		char buf[32];
		time_text(bench_row_cpu_s(r), buf, sizeof buf);
		fprintf(out, "; processor time %s", buf);
	}
	if (outliers && !r->noisy)
		fprintf(out, " %zu outlier%s", outliers, outliers == 1 ? "" : "s");
}

/* After `column` characters of a line; lines break at spaces. */
static void print_wrapped(const char *text, int column, FILE *out)
{
	while (*text) {
		int word = (int)strcspn(text, " ");
		bool fits = column + 1 + word <= COLUMNS;
		fprintf(out, "%s%.*s", fits ? " " : "\n        ", word, text);
		column = (fits ? column + 1 : 8) + word;
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void print_peers(const struct bench_row *r, FILE *out)
{
	char rate[32];
	for (const struct bench_row_peer *p = r->peer; p < r->peer + r->peers; p++) {
		int column = fprintf(out, "    %s: %s%s/s;", p->name,
		    rate_text(p->items_s, rate, sizeof rate), r->item);
		print_wrapped(p->conditions, column, out);
	}
}

/* Of the columns of text. */
struct widths {
	int kernel, shape;
};

static struct widths widths_of(const struct bench_file *f)
{
	struct widths w = { 6, 5 };
	for (size_t i = 0; i < f->rows; i++) {
		int kernel = (int)strlen(f->row[i].kernel), shape = (int)strlen(f->row[i].shape);
		if (kernel > w.kernel) w.kernel = kernel;
		if (shape > w.shape) w.shape = shape;
	}
	return w;
}

static void print_row(
    const struct bench_file *f, const struct bench_row *r, struct widths w, FILE *out)
{
	char b[4][32];
	struct measure m = bench_row_wall(r);
	fprintf(out, "%-*s %-*s %3d %-5s %9s %5.1f %7s", w.kernel, r->kernel, w.shape, r->shape,
	    r->threads, *r->pages ? r->pages : "-", time_text(m.median, b[0], sizeof b[0]),
	    100 * m.mad / m.median,
	    fixed_text(r->bytes > 0 ? 1e-9 * r->bytes / m.median : NAN, 2, b[1], sizeof b[1]));
	print_work_rate(r, m.median, out);
	fprintf(out, " %5s %7s", fixed_text(100 * roof_share(f, r), 0, b[2], sizeof b[2]),
	    error_text(r->error, b[3], sizeof b[3]));
	print_flags(r, out);
	fputc('\n', out);
	print_peers(r, out);
}

static void print_heading(struct widths w, FILE *out)
{
	fprintf(out, "%-*s %-*s %3s %-5s %9s %5s %7s %-22s %5s %7s\n", w.kernel, "kernel", w.shape,
	    "shape", "thr", "pages", "median", "MAD %", "GB/s", "rate", "roof%", "error");
}

static void print_conclusions(const struct bench_file *f, FILE *out)
{
	for (const struct bench_group *const *g = bench_groups; *g; g++) {
		bool ran = false;
		for (size_t i = 0; i < f->rows; i++) ran |= !strcmp(f->row[i].group, (*g)->name);
		if (ran && (*g)->conclude) (*g)->conclude(f, out);
	}
}

static void print_machine(const struct bench_context *c, FILE *out)
{
	fprintf(out, "machine: %s, %d processors", c->cpu_model, c->num_cpus);
	if (strcmp(c->hypervisor, "none"))
		fprintf(out, ", hypervisor: %s", *c->hypervisor ? c->hypervisor : "unknown");
	fprintf(out, "; kernels: %s; huge pages: %s\n", *c->isa ? c->isa : "unknown", c->huge_pages);
	fprintf(out, "built by %s %s; %s\n", c->compiler, c->flags, c->kernel);
	fprintf(out, "threads: %s\n", c->pinning);
}

void bench_table_print(const struct bench_file *f, FILE *out)
{
	const struct bench_context *c = &f->context;
	const char *group = "";
	struct widths w = widths_of(f);
	print_heading(w, out);
	for (size_t i = 0; i < f->rows; i++) {
		if (strcmp(group, f->row[i].group)) fprintf(out, "%s\n", f->row[i].group);
		group = f->row[i].group;
		print_row(f, &f->row[i], w, out);
	}
	print_conclusions(f, out);
	energy_table_print(f, out);
	fputc('\n', out);
	print_machine(c, out);
	if (*c->energy) fprintf(out, "%s\n", c->energy);
	fprintf(out, "noise: %s%s\n", c->noisy ? "NOISY: " : "", c->noise);
	fprintf(out, "time: %.1f s for %zu rows\n", c->duration_s, f->rows);
}
