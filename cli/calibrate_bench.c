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

/* As the file calls it; device as from host_choose. */
static const char *shown(const struct bench_file *f, const char *device)
{
	return *device ? device : f->context.cpu_model;
}

/* "amd-epyc-7763-64-core-processor": letters, digits and dashes. The caller frees. */
static char *name_of(const char *device)
{
	char *name = mem_text(*device ? device : "processor"), *to = name;
	for (const char *from = name; *from; from++) {
		bool plain = isalnum((unsigned char)*from);
		if (plain) *to++ = (char)tolower((unsigned char)*from);
		else if (to > name && to[-1] != '-') *to++ = '-';
	}
	while (to > name && to[-1] == '-') to--;
	*to = '\0';
	return name;
}

/* What rows of the file say, or an option. */
static bool is_known(const struct host *h, int id)
{
	return h->constant[id].value > 0 && !h->assumed[id];
}

/* "flops-share 80 %, op-time 5 us": false where there is nothing. */
static bool put_assumed(const struct host *h, FILE *out)
{
	char value[64];
	bool any = false;
	for (int i = 0; i < HOST_CONSTANTS; i++) {
		if (!h->assumed[i]) continue;
		fprintf(out, "%s%s %s", any ? ", " : "", host_kind[i].name,
		    value_show(h->constant[i].value, host_kind[i].dim, "", value, sizeof value));
		any = true;
	}
	return any;
}

static void print_table(const struct host *h)
{
	struct host_constant layer = {
		.value = h->engine.layer_s, .low = NAN, .high = NAN, .rows = h->layer.rows };
	struct table *t = table_new(calibrate_constant_columns);
	for (int i = 0; i < HOST_CONSTANTS; i++)
		if (is_known(h, i))
			calibrate_add_constant(t, host_kind[i].name, &h->constant[i], host_kind[i].dim);
	if (!h->accelerator)
		calibrate_add_constant(t, "layer-time of the engine", &layer, DIM_TIME);
	table_print(t, TABLE_TEXT, stdout);
	table_free(t);
	if (!h->accelerator) return;
	fputs("assumed, for no case tells it: ", stdout);
	puts(put_assumed(h, stdout) ? "" : "nothing");
}

/* Its interval, and what it is of. */
static void put_source(const char *name, const struct host_constant *k, enum dim dim, FILE *out)
{
	fprintf(out, "\n\t\t<source of=\"%s\" verify=\"derived\" low=\"", name);
	calibrate_row_quantity(k->low, dim, out);
	fputs("\" high=\"", out);
	calibrate_row_quantity(k->high, dim, out);
	fputs("\">hearth calibrate bench: ", out);
	if (k->fitted)
		fprintf(out, "fitted to %zu cases, in 90 %% of such fits between ", k->rows);
	else
		fprintf(out, "middle of %zu samples of %zu cases, 90 %% of them between ", k->samples,
		    k->rows);
	calibrate_row_quantity(k->low, dim, out);
	fputs(" and ", out);
	calibrate_row_quantity(k->high, dim, out);
	fputs("</source>", out);
}

static void put_where(const struct host *h, const struct bench_file *f, const struct anchor *a,
    FILE *out)
{
	if (!h->accelerator)
		fprintf(out, ", %d thread%s", h->threads, h->threads == 1 ? "" : "s");
	fputs(", ", out);
	value_escape(f->context.date, out);
	fprintf(out, ", bench file of sha256 %s; %s machine", f->sha256,
	    f->context.noisy ? "NOISY" : "quiet");
	if (h->accelerator) {
		if (!h->constant[HOST_FP16].rows) fputs("; fp16 as given by --fp16", out);
		fputs("; assumed: ", out);
		if (!put_assumed(h, out)) fputs("nothing", out);
		return;
	}
	fprintf(out, "; uncalibrated (+-40 %%) for engines other than hearth-decoder%s%s",
	    a ? " and " : "", a ? a->name : "");
}

/* a: an engine that was measured; NULL: none was. What is assumed is the attribute's default but
 * for shares of what was reached at best. */
static void put_device(const struct host *h, const struct bench_file *f, const char *device,
    const struct anchor *a, FILE *out)
{
	const struct device_par *d = &h->device;
	fputs("\t<device name=\"", out);
	value_escape(d->name, out);
	putc('"', out);
	calibrate_row_attr("memory", d->memory_bytes, DIM_BYTES, out);
	calibrate_row_attr("tdp", d->power.tdp_w, DIM_POWER, out);
	calibrate_row_attr("idle", d->power.idle_w, DIM_POWER, out);
	for (int i = 0; i < HOST_CONSTANTS; i++)
		if (is_known(h, i) || h->assumed[i])
			calibrate_row_attr(host_kind[i].name, h->constant[i].value, host_kind[i].dim, out);
	if (!h->accelerator)
		fputs("\n\t\tflops-share=\"1\" bandwidth-share=\"1\" op-time=\"0 s\" "
		      "roundness=\"100\" attention-time=\"0 s\"", out);
	fputs("\n\t\tsource=\"hearth calibrate bench: ", out);
	value_escape(shown(f, device), out);
	put_where(h, f, a, out);
	fputs("\" verify=\"derived\">", out);
	for (int i = 0; i < HOST_CONSTANTS; i++)
		if (is_known(h, i) && !isnan(h->constant[i].low))
			put_source(host_kind[i].name, &h->constant[i], host_kind[i].dim, out);
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

/* What was asked for, and what there is. */
struct job {
	const struct calibrate_bench *asked;
	const struct bench_file *file;
	const char *device; /* as from host_choose */
	struct host host;
};

static bool write_rows(const struct job *j, const struct anchor *a, struct err_list *e)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) return false; /* not reached: it fails for lack of memory only */
	fputs("<fragment>\n", out);
	put_device(&j->host, j->file, j->device, a, out);
	if (!j->host.accelerator) put_engine(&j->host, out);
	if (a) calibrate_anchor_row(a, j->asked->anchor, out);
	fputs("</fragment>\n", out);
	fclose(out);
	bool written = file_write(j->asked->output, text, size, e);
	free(text);
	return written;
}

static int with_host(const struct job *j, const struct anchor *a, struct err_list *e)
{
	print_table(&j->host);
	if (j->host.noisy)
		printf("%zu noisy rows were left out; --force takes them\n", j->host.noisy);
	if (a)
		calibrate_anchor_print(a, stdout);
	else if (!j->host.accelerator)
		puts("uncalibrated (+-40 %) for engines other than hearth-decoder: measure one with "
		     "llama-bench -o jsonl, and give its lines with --anchor");
	return !j->asked->output || write_rows(j, a, e) ? STATUS_DONE : STATUS_IO;
}

static int with_anchor(const struct job *j, struct err_list *e)
{
	const struct calibrate_bench *c = j->asked;
	struct anchor a = { 0 };
	int status = STATUS_USAGE;
	if (j->host.accelerator) {
		err_at(e, (struct err_pos){ 0 },
		    "--anchor: goes with a processor; put the device into a catalogue, and give the "
		    "lines to hearth calibrate llama-bench --device=NAME");
		return STATUS_USAGE;
	}
	struct scenario *s = scenario_catalogues(e);
	if (s) {
		struct anchor_source from = { c->anchor, j->file->context.cpu_model,
			scenario_catalogue(s), c->model, c->weights };
		if (anchor_of(&a, &j->host, &from, e)) status = with_host(j, &a, e);
	}
	anchor_fini(&a);
	scenario_free(s);
	return status;
}

static int with_file(const struct calibrate_bench *c, const struct bench_file *f,
    struct err_list *e)
{
	struct job j = { .asked = c, .file = f, .device = host_choose(f, c->device, e) };
	int status = STATUS_USAGE;
	if (!j.device) return STATUS_USAGE;
	char *name = c->name ? mem_text(c->name) : name_of(shown(f, j.device));
	struct host_options o = { name, j.device, c->threads, c->tdp_w, c->idle_w, c->memory_bytes,
		c->fp16_flops_s, c->force };
	if (!host_of(&j.host, f, &o, e))
		status = STATUS_INVALID;
	else if (host_check_power(&j.host, e))
		status = c->anchor ? with_anchor(&j, e) : with_host(&j, NULL, e);
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
