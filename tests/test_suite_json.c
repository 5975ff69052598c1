/* The file of a run: what is written is what is read, and what is no such file is told so. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/suite/llama_lines.h"
#include "bench/suite/record.h"
#include "tests/unit.h"

static void set(char **to, const char *text)
{
	free(*to);
	*to = mem_text(text);
}

/* Two cases, with numbers that have no short decimal form. */
static void fill(struct bench_file *f)
{
	bench_file_init(f);
	struct bench_context *c = &f->context;
	set(&c->date, "2026-03-07T12:30:05+05:30");
	set(&c->host_name, "hearthside");
	set(&c->cpu_model, "A \"quoted\" \\ processor {[");
	set(&c->noise, "quiet: others used 0.03 of 3 processors, drift +0.1 %");
	set(&c->build_type, "release");
	set(&c->hearth_version, "0.1.0");
	c->num_cpus = 3;
	c->load_avg[0] = 0.37;
	c->load_avg[1] = 1. / 3;
	c->load_avg[2] = 0.01;
	c->drift_frac = -0.0123456789012345678;
	c->clock_before_hz = 3.7e9 / 1.1;
	c->cache[c->caches++] = (struct bench_cache){ "Data", 1, 48 * 1024., 2 };
	c->cache[c->caches++] = (struct bench_cache){ "Unified", 3, 33 * 1048576., 16 };
	struct bench_row *r = bench_file_add(f);
	strcpy(r->group, "gemv");
	strcpy(r->kernel, "gemv_q8");
	strcpy(r->shape, "4096 x 1024");
	strcpy(r->pages, "huge");
	strcpy(r->item, "weight");
	strcpy(r->key[0].name, "cols");
	strcpy(r->key[1].name, "rows");
	r->key[0].value = 1024;
	r->key[1].value = 4096 + 1e-9;
	r->keys = 2;
	r->threads = 3;
	r->flops = 2 * 4096. * 1024;
	r->bytes = 17. / 16 * 4096 * 1024;
	r->items = 4096. * 1024;
	r->error = 1e-7 / 3;
	r->error_max = 1e-5;
	r->noisy = true;
	strcpy(r->why, "MAD is 7 %");
	r->energy.estimated_j = 1e-3 / 7;
	r->energy.calls = 971;
	strcpy(r->energy.method, "model");
	struct bench_row_peer *p = bench_row_peer_add(r);
	strcpy(p->name, "Slow@1.7");
	strcpy(p->conditions, "a \"quiet\" Zen 3");
	p->items_s = 1e6 / 7;
	for (int i = 0; i < 7; i++)
		bench_row_sample(r, (struct bench_sample){ 1e-3 / (3 + i), 3e-3 / (3 + i), 11, i % 3 });
	r = bench_file_add(f);
	strcpy(r->kernel, "decode_q8");
	strcpy(r->shape, "toy");
	strcpy(r->key[0].name, "n_gen");
	strcpy(r->key[1].name, "n_depth");
	strcpy(r->key[2].name, "model_n_params");
	strcpy(r->key[3].name, "model_size");
	r->key[0].value = 16;
	r->key[1].value = 128;
	r->key[2].value = 15e6;
	r->key[3].value = 16e6;
	r->keys = 4;
	r->threads = 1;
	r->error = r->error_max = 0;
	bench_row_sample(r, (struct bench_sample){ 0.25, 0.25, 1, 0 });
	bench_row_sample(r, (struct bench_sample){ 0.5, 0.25, 1, 0 });
}

Test(suite_json, what_is_written_is_what_is_read)
{
	struct bench_file f, back;
	struct err_list *e = err_new();
	fill(&f);
	char *text = bench_json_text(&f);
	cr_assert(bench_json_parse("run.json", text, strlen(text), &back, e));
	cr_assert_eq(back.rows, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct bench_row *a = &f.row[i], *b = &back.row[i];
		cr_assert_eq(a->samples, b->samples);
		for (size_t k = 0; k < a->samples; k++) {
			cr_assert_eq(a->sample[k].wall_s, b->sample[k].wall_s); /* to the bit */
			cr_assert_eq(a->sample[k].cpu_s, b->sample[k].cpu_s);
			cr_assert_eq(a->sample[k].calls, b->sample[k].calls);
			cr_assert_eq(a->sample[k].switches, b->sample[k].switches);
		}
		cr_assert_eq(memcmp(a->key, b->key, sizeof a->key), 0);
		cr_assert_eq(a->keys, b->keys);
	}
	const struct bench_row *r = &back.row[0];
	cr_assert_eq(r->error, 1e-7 / 3);
	cr_assert_eq(r->threads, 3);
	cr_assert_str_eq(r->why, "MAD is 7 %");
	cr_assert(r->noisy);
	cr_assert_eq(r->energy.estimated_j, 1e-3 / 7);
	cr_assert_eq(r->peers, 1);
	cr_assert_eq(r->peer->items_s, 1e6 / 7);
	cr_assert_str_eq(r->peer->name, "Slow@1.7");
	cr_assert_str_eq(r->peer->conditions, "a \"quiet\" Zen 3");
	cr_assert(isnan(r->energy.measured_j), "what nobody measured stays unknown");
	cr_assert_eq(back.context.drift_frac, f.context.drift_frac);
	cr_assert_eq(back.context.load_avg[1], 1. / 3);
	cr_assert_eq(back.context.caches, 2);
	cr_assert_eq(back.context.cache[1].bytes, 33 * 1048576.);
	cr_assert_str_eq(back.context.cpu_model, "A \"quoted\" \\ processor {[");
	cr_assert(isnan(back.context.mhz_per_cpu));
	char *again = bench_json_text(&back);
	cr_assert_str_eq(text, again);
	free(again);
	free(text);
	bench_file_fini(&f);
	bench_file_fini(&back);
	err_free(e);
}

Test(suite_json, a_file_is_known_by_its_hash)
{
	struct bench_file f, back;
	struct err_list *e = err_new();
	char path[] = "test_suite_json.XXXXXX", hex[DIGEST_SIZE];
	close(mkstemp(path));
	fill(&f);
	cr_assert(bench_json_write(path, &f, e));
	cr_assert(bench_json_read(path, &back, e));
	cr_assert(digest_file(path, hex));
	cr_assert_str_eq(f.sha256, hex);
	cr_assert_str_eq(back.sha256, hex);
	unlink(path);
	bench_file_fini(&f);
	bench_file_fini(&back);
	cr_assert_not(bench_json_read("/nowhere/run.json", &back, e));
	bench_file_fini(&back);
	err_free(e);
}

/* What other readers of google-benchmark's files take: its documentation of --benchmark_out. */
Test(suite_json, others_can_read_it)
{
	struct bench_file f;
	fill(&f);
	char *text = bench_json_text(&f);
	json_t *root = json_loads(text, 0, NULL), *list = json_object_get(root, "benchmarks");
	cr_assert_eq(json_array_size(list), 7 + 2 + 2 + 2);
	const json_t *sample = json_array_get(list, 2), *median = json_array_get(list, 7);
	double ns = json_number_value(json_object_get(sample, "real_time"));
	cr_assert(epsilon_eq(dbl, ns, 1e6 / 5, 1e-6));
	cr_assert_str_eq(json_string_value(json_object_get(sample, "name")),
	    "gemv_q8/4096 x 1024/threads:3/huge");
	cr_assert_str_eq(json_string_value(json_object_get(median, "name")),
	    "gemv_q8/4096 x 1024/threads:3/huge_median");
	cr_assert_str_eq(json_string_value(json_object_get(median, "aggregate_name")), "median");
	double rate = json_number_value(json_object_get(median, "bytes_per_second"));
	cr_assert(epsilon_eq(dbl, rate, f.row[0].bytes * 6e3, 1)); /* the middle of 3..9 is 1/6 ms */
	json_decref(root);
	free(text);
	bench_file_fini(&f);
}

/* ---- faults ---- */

static char *faults_of(const char *text)
{
	struct bench_file f;
	struct err_list *e = err_new();
	char *said = NULL;
	size_t size;
	bool good = bench_json_parse("run.json", text, strlen(text), &f, e);
	FILE *out = open_memstream(&said, &size);
	err_print(e, out);
	fclose(out);
	cr_assert_eq(good, !*said);
	bench_file_fini(&f);
	err_free(e);
	return said;
}

Test(suite_json, other_programs_files_are_told)
{
	static const struct {
		const char *text, *says;
	} files[] = {
		{ "", "run.json:1:" },
		{ "[]", "no \"context\" and \"benchmarks\"" },
		{ "{\"context\": {\"date\": \"2026-01-01\", \"num_cpus\": 8}, \"benchmarks\": "
		  "[{\"name\": \"BM_memcpy\", \"run_type\": \"iteration\", \"real_time\": 7.5}]}",
		    "results of another program" },
		{ "{\"context\": {}, \"benchmarks\": 7}", "hearth bench -o FILE.json" },
		{ "{\"n_prompt\": 512, \"n_gen\": 0}\n{\"n_prompt\": 0}\n", "run.json:2:" },
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *said = faults_of(files[i].text);
		cr_assert_not_null(strstr(said, files[i].says), "%zu: %s", i, said);
		free(said);
	}
}

/* Puts `new` where `old` first stands. */
static char *changed(const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);
	cr_assert_not_null(at, "%s", old);
	return mem_print("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static int line_of(const char *text, const char *what)
{
	int line = 1;
	const char *at = strstr(text, what);
	for (const char *p = text; p < at; p++) line += *p == '\n';
	return line;
}

Test(suite_json, faults_are_told_with_their_line)
{
	static const struct {
		const char *old, *new, *says;
	} faults[] = {
		{ "\"wall_s\": 0.00033", "\"wall_s\": -0.00033", "\"wall_s\" is -0.000333" },
		{ "\"wall_s\": 0.00025", "\"wall_s\": 0.00026", "the file was changed" },
		{ "\"involuntary_switches\": 2", "\"involuntary_switches\": 2.5", "no whole number" },
		{ "\"iterations\": 11", "\"iterations\": 0", "\"iterations\" is 0" },
		{ "\"repetition_index\": 3, ", "", "" }, /* nobody needs it */
		{ "\"group\": \"gemv\", ", "", "no \"group\"" },
		{ "\"pages\": \"huge\"", "\"pages\": \"of a kind that is too long\"", "15 bytes" },
		{ "\"threads\": 3, \"aggregate_name\": \"median\"",
		    "\"threads\": 0, \"aggregate_name\": \"median\"", "\"threads\" is 0" },
		{ "\"cols\": 1024.0", "\"cols\": \"wide\"", "key \"cols\"" },
		{ "\"run_type\": \"aggregate\", \"repetitions\": 7",
		    "\"run_type\": \"aggregate\", \"repetitions\": 8", "7 samples came before the median of 8" },
		{ "\"noisy\": true, \"why\"", "\"noisy\": 1, \"why\"", "no \"noisy\": true or false" },
		{ "\"error\": 3.3", "\"error\": -3.3", "\"error\" is -3.3" },
	};
	struct bench_file f;
	fill(&f);
	char *text = bench_json_text(&f);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		char *bad = changed(text, faults[i].old, faults[i].new), *said = faults_of(bad);
		char *place = mem_print("run.json:%d:", line_of(text, faults[i].old));
		cr_assert_not_null(strstr(said, faults[i].says), "%zu: %s", i, said);
		if (*faults[i].says)
			cr_assert_not_null(strstr(said, place), "%zu: %s not at %s", i, said, place);
		else
			cr_assert_str_empty(said);
		free(place);
		free(said);
		free(bad);
	}
	free(text);
	bench_file_fini(&f);
}

Test(suite_json, a_file_that_was_cut_is_no_result)
{
	struct bench_file f;
	fill(&f);
	char *text = bench_json_text(&f);
	size_t size = strlen(text);
	for (size_t n = 0; n + 2 < size; n += 31) { /* the last newline may be missing */
		char *part = mem_text_n(text, n), *said = faults_of(part);
		cr_assert_str_not_empty(said, "%zu bytes", n);
		free(said);
		free(part);
	}
	/* Without its last median the JSON is whole, the case is not. */
	char *at = strstr(text, "{\"name\": \"decode_q8/toy/threads:1_median\"");
	cr_assert_not_null(at);
	strcpy(at - 2, "]}\n");
	char *said = faults_of(text);
	cr_assert_not_null(strstr(said, "before the median of the last case"), "%s", said);
	free(said);
	free(text);
	bench_file_fini(&f);
}

/* ---- JSON lines ---- */

/* One case of two is of a model: 16 tokens in 0.25 and 0.5 s. */
Test(suite_json, lines_of_llama_bench)
{
	struct bench_file f;
	fill(&f);
	char *text = llama_lines_text(&f);
	json_t *o = json_loads(text, 0, NULL); /* one line */
	cr_assert_not_null(o);
	static const struct {
		const char *key;
		double value;
	} numbers[] = { { "n_prompt", 0 }, { "n_gen", 16 }, { "n_depth", 128 }, { "n_threads", 1 },
		{ "model_n_params", 15e6 }, { "model_size", 16e6 }, { "avg_ns", 375e6 },
		{ "stddev_ns", 176776695 } /* 0.25 / sqrt 2 */, { "avg_ts", 48 },
		{ "stddev_ts", 22.627417 } /* 32 / sqrt 2 */ };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		double v = json_number_value(json_object_get(o, numbers[i].key));
		cr_assert(epsilon_eq(dbl, v, numbers[i].value, 1e-6 * (1 + numbers[i].value)));
	}
	const json_t *ns = json_object_get(o, "samples_ns");
	cr_assert_eq(json_array_size(ns), 2);
	cr_assert_eq(json_integer_value(json_array_get(ns, 1)), 500000000);
	json_decref(o);
	free(text);
	f.rows = 1; /* what is left is no model */
	struct err_list *e = err_new();
	cr_assert_not(llama_lines_write("test_suite_lines.jsonl", &f, e));
	cr_assert_eq(err_count(e), 1);
	cr_assert_neq(access("test_suite_lines.jsonl", F_OK), 0);
	f.rows = 2;
	bench_file_fini(&f);
	err_free(e);
}
