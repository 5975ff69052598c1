#include "bench/suite/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/suite/energy_table.h"
#include "bench/suite/roofs.h"

/* "12.3 us", three digits. */
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

/* What it gets done: its items; floating-point operations where it has none or where these
 * are what takes time. */
static void add_work_rate(struct table *t, const struct bench_row *r, double median_s)
{
	static const double intense = 8; /* flops per byte, above what one token's products have */
	char rate[32];
	bool items = r->items > 0 && !(r->flops > intense * r->bytes && r->bytes > 0);
	double work = items ? r->items : r->flops > 0 ? r->flops : NAN;
	const char *what = items ? r->item : "flop";
	table_number(t, work / median_s, "%s%s/s",
	    isnan(work) ? "" : rate_text(work / median_s, rate, sizeof rate), what);
	table_text(t, isnan(work) ? NULL : what);
}

/* What is to be said of a row besides. The caller frees. */
static char *remarks(const struct bench_row *r)
{
	char wrong[48] = "", cpu[32], *noise, *all;
	size_t outliers = bench_row_outliers(r);
	bool one = r->noisy && r->threads == 1 && !*r->device;
	if (!bench_row_right(r))
		snprintf(wrong, sizeof wrong, "WRONG (at most %.1g) ", r->error_max);
	if (one) time_text(bench_row_cpu_s(r), cpu, sizeof cpu);
	if (r->noisy)
		noise = mem_print("noisy: %s%s%s", r->why, one ? "; processor time " : "", one ? cpu : "");
	else
		noise = outliers ? mem_print("%zu outlier%s", outliers, outliers == 1 ? "" : "s")
				 : mem_text("");
	all = mem_print("%s%s", wrong, noise);
	free(noise);
	return all;
}

/* What others reach, a line each. The caller frees. */
static char *peers(const struct bench_row *r)
{
	char rate[32], *all = mem_text("");
	for (const struct bench_row_peer *p = r->peer; p < r->peer + r->peers; p++) {
		char *longer = mem_print("%s%s%s: %s%s/s; %s", all, *all ? "\n" : "", p->name,
		    rate_text(p->items_s, rate, sizeof rate), r->item, p->conditions);
		free(all);
		all = longer;
	}
	return all;
}

static const struct table_column columns[] = {
	{ "group", "group", TABLE_SECTION },
	{ "kernel", "kernel", TABLE_LEFT }, { "shape", "shape", TABLE_LEFT },
	{ "threads", "thr", TABLE_RIGHT }, { "pages", "pages", TABLE_LEFT },
	{ "device", NULL, TABLE_LEFT }, { "median_s", "median", TABLE_RIGHT },
	{ "mad_frac", "MAD %", TABLE_RIGHT }, { "bytes_per_s", "GB/s", TABLE_RIGHT },
	{ "work_per_s", "rate", TABLE_LEFT }, { "work", NULL, TABLE_LEFT },
	{ "roof_frac", "roof%", TABLE_RIGHT }, { "error", "error", TABLE_RIGHT },
	{ "right", NULL, TABLE_LEFT }, { "noisy", NULL, TABLE_LEFT },
	{ "remarks", "", TABLE_LEFT }, { "peers", "others", TABLE_BELOW }, { NULL },
};

static void add_row(struct table *t, const struct bench_file *f, const struct bench_row *r)
{
	char median[32], *said = remarks(r), *others = peers(r);
	struct measure m = bench_row_wall(r);
	double bytes_s = r->bytes > 0 ? r->bytes / m.median : NAN, roof = roof_share(f, r);
	table_text(t, r->group);
	table_text(t, r->kernel);
	table_text(t, r->shape);
	table_number(t, r->threads, "%d", r->threads);
	table_text(t, *r->pages ? r->pages : "-");
	table_text(t, r->device);
	table_number(t, m.median, "%s", time_text(m.median, median, sizeof median));
	table_number(t, m.mad / m.median, "%.1f", 100 * m.mad / m.median);
	table_number(t, bytes_s, "%.2f", 1e-9 * bytes_s);
	add_work_rate(t, r, m.median);
	table_number(t, roof, "%.0f", 100 * roof);
	table_number(t, r->error, "%.1g", r->error);
	table_flag(t, bench_row_right(r));
	table_flag(t, r->noisy);
	table_text(t, said);
	table_text(t, others);
	free(others);
	free(said);
}

static void print_rows(const struct bench_file *f, enum table_form form, FILE *out)
{
	struct table *t = table_new(columns);
	for (size_t i = 0; i < f->rows; i++) add_row(t, f, &f->row[i]);
	table_print(t, form, out);
	table_free(t);
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

void bench_table_print(const struct bench_file *f, enum table_form form, FILE *out)
{
	const struct bench_context *c = &f->context;
	print_rows(f, form, out);
	if (form == TABLE_CSV || form == TABLE_JSON) return;
	print_conclusions(f, out);
	energy_table_print(f, form, out);
	fputc('\n', out);
	print_machine(c, out);
	if (*c->energy) fprintf(out, "%s\n", c->energy);
	fprintf(out, "noise: %s%s\n", c->noisy ? "NOISY: " : "", c->noise);
	fprintf(out, "time: %.1f s for %zu rows\n", c->duration_s, f->rows);
}
