#include "bench/gpu/rows.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double spread_max = 0.05, noisy_rows_max = 0.25; /* as in suite/noise.h */

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double middle(double *x, int n)
{
	if (!n) return NAN;
	qsort(x, (size_t)n, sizeof *x, ascending);
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static double median_of(const struct gpu_row *r, double (*of)(const struct gpu_sample *s, double),
    double about)
{
	double x[GPU_SAMPLES_MAX];
	for (int i = 0; i < r->samples; i++) x[i] = of(&r->sample[i], about);
	return middle(x, r->samples);
}

static double device_less(const struct gpu_sample *s, double about)
{
	return fabs(s->device_s - about);
}

static double cpu_less(const struct gpu_sample *s, double about)
{
	return fabs(s->cpu_s - about);
}

double gpu_row_median_s(const struct gpu_row *r)
{
	return median_of(r, device_less, 0);
}

double gpu_row_spread(const struct gpu_row *r)
{
	double median_s = gpu_row_median_s(r);
	return median_of(r, device_less, median_s) / median_s;
}

bool gpu_row_noisy(const struct gpu_row *r)
{
	return !(gpu_row_spread(r) <= spread_max);
}

static size_t noisy_rows(const struct gpu_record *r)
{
	size_t noisy = 0;
	for (size_t i = 0; i < r->rows; i++) noisy += gpu_row_noisy(&r->row[i]);
	return noisy;
}

bool gpu_record_noisy(const struct gpu_record *r)
{
	return (double)noisy_rows(r) >= noisy_rows_max * (double)r->rows;
}

bool gpu_row_right(const struct gpu_row *r)
{
	return r->error <= r->c.error_max;
}

/* ---- JSON (RFC 8259) ---- */

/* A comma where something stands before, then the name. */
static void put_name(FILE *out, const char *name, bool *first)
{
	fprintf(out, "%s\"%s\": ", *first ? "" : ", ", name);
	*first = false;
}

/* Bytes above 0x7e become '?': a file of ASCII is one of UTF-8. */
static void put_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\') fputc('\\', out);
		fputc(c < 0x20 ? ' ' : c > 0x7e ? '?' : c, out);
	}
	fputc('"', out);
}

static void put_text(FILE *out, const char *name, const char *text, bool *first)
{
	put_name(out, name, first);
	put_quoted(out, text);
}

/* What nobody measured has no key. */
static void put_number(FILE *out, const char *name, double v, bool *first)
{
	if (isnan(v)) return;
	put_name(out, name, first);
	fprintf(out, "%.17g", fmax(-DBL_MAX, fmin(v, DBL_MAX)));
}

static void put_whole(FILE *out, const char *name, long v, bool *first)
{
	put_name(out, name, first);
	fprintf(out, "%ld", v);
}

static void put_bool(FILE *out, const char *name, bool v, bool *first)
{
	put_name(out, name, first);
	fputs(v ? "true" : "false", out);
}

static void put_context(FILE *out, const struct gpu_record *r)
{
	bool first = true;
	char noise[96];
	snprintf(noise, sizeof noise, "%s: %zu of %zu rows vary by more than 5 %%",
	    gpu_record_noisy(r) ? "NOISY" : "quiet", noisy_rows(r), r->rows);
	fputs("{", out);
	put_text(out, "date", r->date, &first);
	put_text(out, "host_name", r->host, &first);
	put_text(out, "library_build_type", "release", &first);
	put_whole(out, "num_cpus", r->processors, &first);
	put_text(out, "hearth_version", r->version, &first);
	put_text(out, "cpu_model", r->cpu_model, &first);
	put_text(out, "isa", r->driver, &first);
	put_text(out, "kernel", r->system, &first);
	put_text(out, "hypervisor", "unknown", &first);
	put_text(out, "compiler", r->compiler, &first);
	put_text(out, "flags", "", &first);
	put_text(out, "pinning", "none", &first);
	put_text(out, "huge_pages", "unknown", &first);
	put_text(out, "governor", "unknown", &first);
	put_text(out, "device", r->device, &first);
	put_text(out, "device_driver", r->driver, &first);
	put_bool(out, "quick", r->quick, &first);
	put_number(out, "duration_s", r->duration_s, &first);
	put_bool(out, "noisy", gpu_record_noisy(r), &first);
	put_text(out, "noise", noise, &first);
	fputs("}", out);
}

/* What every entry begins with; the caller closes it. */
static void open_entry(FILE *out, const struct gpu_row *r, const char *type, const char *suffix)
{
	bool first = true;
	char run[GPU_SHAPE_SIZE + 96], name[GPU_SHAPE_SIZE + 112];
	snprintf(run, sizeof run, "cuda_%s/%s/threads:1", r->c.kernel, r->c.shape);
	snprintf(name, sizeof name, "%s%s", run, suffix);
	fputs("{", out);
	put_text(out, "name", name, &first);
	put_text(out, "run_name", run, &first);
	put_text(out, "run_type", type, &first);
	put_whole(out, "repetitions", r->samples, &first);
	put_whole(out, "threads", 1, &first);
	if (*suffix) put_text(out, "aggregate_name", suffix + 1, &first);
	if (*suffix) put_text(out, "aggregate_unit", "time", &first);
}

static void put_times(FILE *out, double device_s, double cpu_s)
{
	bool first = false;
	put_number(out, "real_time", 1e9 * device_s, &first);
	put_number(out, "cpu_time", 1e9 * cpu_s, &first);
	put_text(out, "time_unit", "ns", &first);
}

static void put_rates(FILE *out, const struct gpu_case *c, double device_s)
{
	bool first = false;
	if (c->bytes > 0) put_number(out, "bytes_per_second", c->bytes / device_s, &first);
	if (c->items > 0) put_number(out, "items_per_second", c->items / device_s, &first);
}

static void put_sample(FILE *out, const struct gpu_row *r, int i)
{
	const struct gpu_sample *s = &r->sample[i];
	bool first = false;
	open_entry(out, r, "iteration", "");
	put_whole(out, "repetition_index", i, &first);
	put_whole(out, "iterations", s->calls, &first);
	put_times(out, s->device_s, s->cpu_s);
	put_rates(out, &r->c, s->device_s);
	put_number(out, "wall_s", s->device_s, &first);
	put_number(out, "cpu_s", s->cpu_s, &first);
	put_whole(out, "involuntary_switches", 0, &first);
	fputs("},\n", out);
}

static void put_energy(FILE *out, const struct gpu_row *r)
{
	bool first = true, known = !isnan(r->energy_j);
	put_number(out, "measured_j", r->energy_j, &first);
	put_number(out, "idle_j", r->idle_j, &first);
	put_number(out, "window_s", r->window_s, &first);
	put_number(out, "calls", r->energy_calls, &first);
	put_text(out, "source", known ? "nvml" : "", &first);
	put_text(out, "scope", known ? "gpu" : "", &first);
	put_text(out, "method", known ? "counter" : "", &first);
}

static void put_median(FILE *out, const struct gpu_record *record, const struct gpu_row *r)
{
	const struct gpu_case *c = &r->c;
	bool first = false, none = true;
	char kernel[48];
	snprintf(kernel, sizeof kernel, "cuda_%s", c->kernel);
	open_entry(out, r, "aggregate", "_median");
	put_whole(out, "iterations", r->samples, &first);
	put_times(out, gpu_row_median_s(r), median_of(r, cpu_less, 0));
	put_rates(out, c, gpu_row_median_s(r));
	put_text(out, "group", "cuda", &first);
	put_text(out, "kernel", kernel, &first);
	put_text(out, "shape", c->shape, &first);
	put_text(out, "pages", "", &first);
	put_text(out, "item", c->item ? c->item : "", &first);
	put_text(out, "device", record->device, &first);
	put_number(out, "flops", c->flops, &first);
	put_number(out, "bytes", c->bytes, &first);
	put_number(out, "items", c->items, &first);
	put_number(out, "error", r->error, &first);
	put_number(out, "error_max", c->error_max, &first);
	put_bool(out, "noisy", gpu_row_noisy(r), &first);
	put_text(out, "why", gpu_row_noisy(r) ? "MAD is above 5 %" : "", &first);
	fputs(", \"keys\": {", out);
	for (size_t i = 0; i < c->keys; i++) put_number(out, c->key[i].name, c->key[i].value, &none);
	fputs("}, \"energy\": {", out);
	put_energy(out, r);
	fputs("}}", out);
}

void gpu_record_write(FILE *out, const struct gpu_record *r)
{
	fputs("{\n\"context\": ", out);
	put_context(out, r);
	fputs(",\n\"benchmarks\": [\n", out);
	bool first = true;
	for (size_t i = 0; i < r->rows; i++) {
		const struct gpu_row *row = &r->row[i];
		if (!row->samples) continue;
		fputs(first ? "" : ",\n", out);
		first = false;
		for (int k = 0; k < row->samples; k++) put_sample(out, row, k);
		put_median(out, r, row);
	}
	fputs("\n]\n}\n", out);
}

/* ---- CSV ---- */

static double key_of(const struct gpu_case *c, const char *name)
{
	for (size_t i = 0; i < c->keys; i++)
		if (!strcmp(c->key[i].name, name)) return c->key[i].value;
	return NAN;
}

static const char *dtype_of(const struct gpu_case *c)
{
	static const char *const word[][2] = { { "gemm_bf16", "bfloat16" }, { "gemm_f16", "float16" },
		{ "gemm_f8", "fp8" }, { "gemv_f16", "float16" } };
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (!strcmp(c->kernel, word[i][0])) return word[i][1];
	return NULL;
}

void gpu_products_write(FILE *out, const struct gpu_record *r)
{
	fputs("gpu,dtype,m,n,k,latency_ms\n", out);
	for (size_t i = 0; i < r->rows; i++) {
		const struct gpu_row *row = &r->row[i];
		const char *dtype = dtype_of(&row->c);
		if (!dtype || !row->samples || !gpu_row_right(row)) continue;
		double tokens = key_of(&row->c, "tokens");
		fprintf(out, "%s,%s,%.0f,%.0f,%.0f,%.9g\n", r->device, dtype, isnan(tokens) ? 1 : tokens,
		    key_of(&row->c, "rows"), key_of(&row->c, "cols"), 1e3 * gpu_row_median_s(row));
	}
}
