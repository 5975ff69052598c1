#include "cli/calibrate_bench.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/calibrate_anchor.h"
#include "cli/calibrate_row.h"
#include "cli/command.h"
#include "cli/input.h"
#include "loader/scenario.h"
#include "loader/value.h"

/* "amd-epyc-7763-64-core-processor": letters, digits and dashes. The caller frees. */
static char *name_of(const char *cpu)
{
	char *name = mem_text(*cpu ? cpu : "processor"), *to = name;
	for (const char *from = name; *from; from++) {
		bool plain = isalnum((unsigned char)*from);
		if (plain) *to++ = (char)tolower((unsigned char)*from);
		else if (to > name && to[-1] != '-') *to++ = '-';
	}
	while (to > name && to[-1] == '-') to--;
	*to = '\0';
	return name;
}

static bool is_known(const struct host_constant *k)
{
	return k->rows > 0 && k->value > 0;
}

static void print_table(const struct host *h)
{
	struct host_constant layer = {
		.value = h->engine.layer_s, .low = NAN, .high = NAN, .rows = h->layer.rows };
	struct table *t = table_new(calibrate_constant_columns);
	for (int i = 0; i < HOST_CONSTANTS; i++)
		if (is_known(&h->constant[i]))
			calibrate_add_constant(t, host_name((enum host_id)i), &h->constant[i],
			    host_dim((enum host_id)i));
	calibrate_add_constant(t, "layer-time of the engine", &layer, DIM_TIME);
	table_print(t, TABLE_TEXT, stdout);
	table_free(t);
}

/* Its interval, and what it is of. */
static void put_source(const char *name, const struct host_constant *k, enum dim dim, FILE *out)
{
	fprintf(out, "\n\t\t<source of=\"%s\" verify=\"derived\" low=\"", name);
	calibrate_row_quantity(k->low, dim, out);
	fputs("\" high=\"", out);
	calibrate_row_quantity(k->high, dim, out);
	fputs("\">hearth calibrate bench: middle of ", out);
	fprintf(out, "%zu samples of %zu cases, 90 %% of them between ", k->samples, k->rows);
	calibrate_row_quantity(k->low, dim, out);
	fputs(" and ", out);
	calibrate_row_quantity(k->high, dim, out);
	fputs("</source>", out);
}

/* a: an engine that was measured; NULL: none was. */
static void put_device(const struct host *h, const struct bench_file *f, const struct anchor *a,
    FILE *out)
{
	const struct device_par *d = &h->device;
	fputs("\t<device name=\"", out);
	value_escape(d->name, out);
	putc('"', out);
	calibrate_row_attr("memory", d->memory_bytes, DIM_BYTES, out);
	calibrate_row_attr("tdp", d->power.tdp_w, DIM_POWER, out);
	calibrate_row_attr("idle", d->power.idle_w, DIM_POWER, out);
	for (int i = 0; i < HOST_CONSTANTS; i++)
		if (is_known(&h->constant[i]))
			calibrate_row_attr(host_name((enum host_id)i), h->constant[i].value,
			    host_dim((enum host_id)i), out);
	fputs("\n\t\tflops-share=\"1\" bandwidth-share=\"1\" op-time=\"0 s\" roundness=\"100\" "
	      "attention-time=\"0 s\"\n\t\tsource=\"hearth calibrate bench: ", out);
	value_escape(f->context.cpu_model, out);
	fprintf(out, ", %d thread%s, ", h->threads, h->threads == 1 ? "" : "s");
	value_escape(f->context.date, out);
	fprintf(out, ", bench file of sha256 %s; %s machine; uncalibrated (+-40 %%) for engines "
	    "other than hearth-decoder%s%s\" verify=\"derived\">",
	    f->sha256, f->context.noisy ? "NOISY" : "quiet", a ? " and " : "", a ? a->name : "");
	for (int i = 0; i < HOST_CONSTANTS; i++)
		if (is_known(&h->constant[i]) && !isnan(h->constant[i].low))
			put_source(host_name((enum host_id)i), &h->constant[i],
			    host_dim((enum host_id)i), out);
	fputs("\n\t</device>\n", out);
}

static void put_engine(const struct host *h, FILE *out)
{
	fputs("\t<engine name=\"hearth-decoder\" host-time=\"0 s\" sequence-time=\"0 s\"", out);
	calibrate_row_attr("layer-time", h->engine.layer_s, DIM_TIME, out);
	fprintf(out, "\n\t\ttoken-budget=\"%lld\" max-sequences=\"1\" memory-share=\"0.9\"",
	    (long long)h->engine.token_budget);
	fputs("\n\t\tsource=\"hearth calibrate bench: the decoder of hearth bench\" "
	      "verify=\"derived\">", out);
	if (h->layer.rows > 0) put_source("layer-time", &h->layer, DIM_TIME, out);
	fputs("\n\t</engine>\n", out);
}

static bool write_rows(const struct calibrate_bench *c, const struct host *h,
    const struct bench_file *f, const struct anchor *a, struct err_list *e)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) return false; /* not reached: it fails for lack of memory only */
	fputs("<fragment>\n", out);
	put_device(h, f, a, out);
	put_engine(h, out);
	if (a) calibrate_anchor_row(a, c->anchor, out);
	fputs("</fragment>\n", out);
	fclose(out);
	bool written = file_write(c->output, text, size, e);
	free(text);
	return written;
}

static int with_host(const struct calibrate_bench *c, const struct host *h,
    const struct bench_file *f, const struct anchor *a, struct err_list *e)
{
	print_table(h);
	if (h->noisy) printf("%zu noisy rows were left out; --force takes them\n", h->noisy);
	if (a)
		calibrate_anchor_print(a, stdout);
	else
		puts("uncalibrated (+-40 %) for engines other than hearth-decoder: measure one with "
		     "llama-bench -o jsonl, and give its lines with --anchor");
	return !c->output || write_rows(c, h, f, a, e) ? STATUS_DONE : STATUS_IO;
}

static int with_anchor(const struct calibrate_bench *c, const struct host *h,
    const struct bench_file *f, struct err_list *e)
{
	struct scenario *s = scenario_catalogues(e);
	struct anchor a = { 0 };
	int status = STATUS_USAGE;
	if (s) {
		struct anchor_source from = { c->anchor, f->context.cpu_model,
			scenario_catalogue(s), c->model, c->weights };
		if (anchor_of(&a, h, &from, e)) status = with_host(c, h, f, &a, e);
	}
	anchor_fini(&a);
	scenario_free(s);
	return status;
}

static int with_file(const struct calibrate_bench *c, const struct bench_file *f,
    struct err_list *e)
{
	char *name = c->name ? mem_text(c->name) : name_of(f->context.cpu_model);
	struct host_options o = { name, c->threads, c->tdp_w, c->idle_w, c->force };
	struct host h;
	int status = STATUS_USAGE;
	if (!host_of(&h, f, &o, e))
		status = STATUS_INVALID;
	else if (host_check_power(&h, e))
		status = c->anchor ? with_anchor(c, &h, f, e) : with_host(c, &h, f, NULL, e);
	free(name);
	return status;
}

int calibrate_bench(const struct calibrate_bench *c, struct err_list *e)
{
	struct bench_file f = { 0 };
	int status = STATUS_USAGE;
	bool over = c->output && input_is_same(c->output, c->path);
	bool over_anchor = c->output && c->anchor && input_is_same(c->output, c->anchor);
	if (over || over_anchor)
		err_at(e, (struct err_pos){ 0 }, "--output: '%s' is the %s itself; name another file",
		    c->output, over ? "bench file" : "file of --anchor");
	else if (c->output && !input_can_write(c->output, e))
		status = STATUS_IO;
	else if (bench_json_read(c->path, &f, e))
		status = with_file(c, &f, e);
	bench_file_fini(&f);
	return status;
}
