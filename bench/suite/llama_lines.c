#include "bench/suite/llama_lines.h"

#include <gsl/gsl_statistics_double.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

enum { DIGITS = 9 };

/* What the decoder keeps keys and values in (bench/decoder), by ggml's name. */
#define CACHE_TYPE "f32"

/* Of a key that need not be there. */
static double or_zero(const struct bench_row *r, const char *key)
{
	double v = bench_row_key(r, key);
	return isnan(v) ? 0 : v;
}

static double tokens_of(const struct bench_row *r)
{
	return or_zero(r, "n_prompt") + or_zero(r, "n_gen");
}

bool llama_is_line(const struct bench_row *r)
{
	return tokens_of(r) > 0 && bench_row_key(r, "model_n_params") > 0 &&
	    bench_row_key(r, "model_size") > 0 && r->samples;
}

static void put_whole(json_t *o, const char *name, double v)
{
	json_object_set_new(o, name, json_integer((json_int_t)llround(v)));
}

/* Mean and standard deviation; llama-bench has 0 for that of one. */
static void put_mean(json_t *o, const char *unit, const double *x, size_t n, bool whole)
{
	double value[2] = { gsl_stats_mean(x, 1, n), n > 1 ? gsl_stats_sd(x, 1, n) : 0 };
	static const char *const names[2] = { "avg", "stddev" };
	for (int i = 0; i < 2; i++) {
		char name[32];
		snprintf(name, sizeof name, "%s_%s", names[i], unit);
		if (whole)
			put_whole(o, name, value[i]);
		else
			json_object_set_new(o, name, json_real(value[i]));
	}
}

static void put_samples(json_t *o, const struct bench_row *r)
{
	double *ns = mem_new(r->samples, sizeof *ns), *rate = mem_new(r->samples, sizeof *rate);
	json_t *all_ns = json_array(), *all_rates = json_array();
	for (size_t i = 0; i < r->samples; i++) {
		ns[i] = 1e9 * r->sample[i].wall_s;
		rate[i] = tokens_of(r) / r->sample[i].wall_s;
		json_array_append_new(all_ns, json_integer((json_int_t)llround(ns[i])));
		json_array_append_new(all_rates, json_real(rate[i]));
	}
	put_mean(o, "ns", ns, r->samples, true);
	put_mean(o, "ts", rate, r->samples, false);
	json_object_set_new(o, "samples_ns", all_ns);
	json_object_set_new(o, "samples_ts", all_rates);
	free(rate);
	free(ns);
}

static json_t *line_of(const struct bench_context *c, const struct bench_row *r)
{
	json_t *o = json_object();
	json_object_set_new(o, "build_commit", json_string(c->hearth_version));
	json_object_set_new(o, "cpu_info", json_string(c->cpu_model));
	json_object_set_new(o, "gpu_info", json_string(r->device));
	json_object_set_new(o, "model_filename", json_string(r->kernel));
	json_object_set_new(o, "model_type", json_string(r->shape));
	put_whole(o, "model_size", bench_row_key(r, "model_size"));
	put_whole(o, "model_n_params", bench_row_key(r, "model_n_params"));
	put_whole(o, "n_threads", r->threads);
	json_object_set_new(o, "type_k", json_string(CACHE_TYPE));
	json_object_set_new(o, "type_v", json_string(CACHE_TYPE));
	put_whole(o, "n_prompt", or_zero(r, "n_prompt"));
	put_whole(o, "n_gen", or_zero(r, "n_gen"));
	put_whole(o, "n_depth", or_zero(r, "n_depth"));
	json_object_set_new(o, "test_time", json_string(c->date));
	put_samples(o, r);
	return o;
}

char *llama_lines_text(const struct bench_file *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (!out) abort(); /* memory, as in mem.h */
	for (size_t i = 0; i < f->rows; i++) {
		if (!llama_is_line(&f->row[i])) continue;
		json_t *o = line_of(&f->context, &f->row[i]);
		json_dumpf(o, out, JSON_REAL_PRECISION(DIGITS));
		fputc('\n', out);
		json_decref(o);
	}
	fclose(out);
	return text;
}

bool llama_lines_write(const char *path, const struct bench_file *f, struct err_list *e)
{
	char *text = llama_lines_text(f);
	bool written = *text && file_write(path, text, strlen(text), e);
	if (!*text)
		err_at(e, (struct err_pos){ path, 0, 0 },
		    "no whole model was measured; name the group 'decoder' too");
	free(text);
	return written;
}
