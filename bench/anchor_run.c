#include "bench/anchor_run.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/jsonl.h"
#include "models/compute/variant.h"

enum { FILE_MAX = 64 << 20, CHUNK = 512 /* llama.cpp's default */, CHUNK_MAX = 1 << 20 };

/* What all lines have alike, where they have it. */
static const char *const common[] = { "build_commit", "build_number", "n_threads", "n_ubatch",
	"type_k" };
enum { COMMIT, BUILD, THREADS, UBATCH, TYPE_K, COMMON };

struct reader {
	struct anchor_run *run;
	const char *cpu;
	int threads;
	json_t *first[COMMON]; /* as told first */
	int line[COMMON];      /* there */
	struct err_pos at;
	struct err_list *e;
};

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));
	return text ? text : "";
}

static void check_common(struct reader *r, const json_t *o)
{
	for (int i = 0; i < COMMON; i++) {
		json_t *v = json_object_get(o, common[i]);
		if (!v) continue;
		if (r->first[i] && !json_equal(r->first[i], v))
			err_at(r->e, r->at,
			    "\"%s\" is not that of line %d; give the lines of one program in one "
			    "setting",
			    common[i], r->line[i]);
		if (r->first[i]) continue;
		r->first[i] = json_incref(v);
		r->line[i] = r->at.line;
	}
}

/* Lines that do not tell are believed. */
static void check_machine(struct reader *r, const json_t *o)
{
	const char *cpu = text_of(o, "cpu_info"), *gpu = text_of(o, "gpu_info");
	const json_t *layers = json_object_get(o, "n_gpu_layers");
	if (*cpu && strcmp(cpu, r->cpu))
		err_at(r->e, r->at,
		    "ran on '%s', the bench file is of '%s'; run both on the same machine", cpu,
		    r->cpu);
	if (*gpu && (!layers || json_number_value(layers) > 0))
		err_at(r->e, r->at,
		    "ran on the GPU '%s'; run llama-bench -ngl 0, or give the lines to hearth "
		    "calibrate "
		    "llama-bench --device=NAME",
		    gpu);
}

static void take_line(struct reader *r, const json_t *o)
{
	const char *date = text_of(o, "test_time");
	check_common(r, o);
	check_machine(r, o);
	if (!*r->run->date) snprintf(r->run->date, sizeof r->run->date, "%s", date);
}

static void take_cache(struct reader *r)
{
	static const struct {
		const char *there;
		enum kv_values kv;
	} known[] = { { "f16", KV_FP16 }, { "f32", KV_FP32 } };
	const char *type = json_string_value(r->first[TYPE_K]);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (type && strcmp(type, known[i].there)) continue;
		r->run->kv = (int)known[i].kv;
		return;
	}
	err_at(r->e, (struct err_pos){ r->at.file, r->line[TYPE_K], 0 },
	    "keys are kept in '%s'; run llama-bench -ctk f16 -ctv f16", type);
}

static void take_common(struct reader *r)
{
	struct anchor_run *run = r->run;
	const json_t *threads = r->first[THREADS], *chunk = r->first[UBATCH];
	double tokens = chunk ? json_number_value(chunk) : CHUNK;
	if (json_is_string(r->first[COMMIT]))
		snprintf(
		    run->commit, sizeof run->commit, "%s", json_string_value(r->first[COMMIT]));
	run->build = (int)json_integer_value(r->first[BUILD]);
	if (threads && json_integer_value(threads) != r->threads)
		err_at(r->e, (struct err_pos){ r->at.file, r->line[THREADS], 0 },
		    "ran with %d threads, the bench file's rows with %d; run llama-bench -t %d, or "
		    "take "
		    "the rows with as many: --threads",
		    (int)json_integer_value(threads), r->threads, r->threads);
	if (tokens >= 1 && tokens <= CHUNK_MAX)
		run->chunk = (int64_t)tokens;
	else
		err_at(r->e, (struct err_pos){ r->at.file, r->line[UBATCH], 0 },
		    "\"n_ubatch\" is %g, not 1 to %d; run llama-bench again", tokens, CHUNK_MAX);
	take_cache(r);
}

bool anchor_run_read(
    struct anchor_run *run, const char *path, const char *cpu, int threads, struct err_list *e)
{
	struct reader r = {
		.run = run, .cpu = cpu, .threads = threads, .at = { path, 0, 0 }, .e = e
	};
	size_t before = err_count(e), size;
	struct jsonl j;
	enum jsonl_result got;
	*run = (struct anchor_run){ 0 };
	char *text = file_read(path, FILE_MAX, &size, e);
	if (!text) return false;
	digest_bytes(text, size, run->sha256);
	jsonl_init(&j, text, size);
	while ((got = jsonl_next(&j)) != JSONL_END) {
		r.at.line = j.line;
		if (got == JSONL_OBJECT)
			take_line(&r, j.object);
		else
			err_at(e, (struct err_pos){ path, j.line, j.col },
			    "%s; give the output of llama-bench -o jsonl, an object a line", j.why);
	}
	if (err_count(e) == before) take_common(&r);
	for (int i = 0; i < COMMON; i++) json_decref(r.first[i]);
	jsonl_fini(&j);
	free(text);
	return err_count(e) == before;
}
