/* Request by request: serving runs of vLLM 0.19.0 with Llama 3.1 8B. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/replay.h"
#include "bench/run_config.h"
#include "base/sheet.h"
#include "bench/validate_parts.h"

enum { MEANS = 3 };
static const char *const mean_name[MEANS] = { "E2E", "TPOT", "TTFT" };

struct replayed {
	const char *files; /* what their names begin with */
	const char *device, *label;
	const char *peer[MEANS];
};

struct requests {
	struct client *c;
	int32_t *shared; /* leading tokens that an earlier prompt begins with too, at most */
	uint32_t n;
	uint64_t *id;    /* of the prefix units of all, one after the other */
};

/* A run while it is validated. */
struct played {
	struct validate_job *j;
	const struct replayed *run;
	char *table; /* of the requests */
	struct requests r;
	struct client_means measured, plain;
};

static const char *const request_columns[] = { "input_toks", "output_toks", "prefix_hit_max_toks",
	"queued_s", "first_token_s", "last_token_s", NULL };

static void read_requests(struct validate_job *j, const char *path, struct requests *r)
{
	size_t n = 0, cap = 0, shared_cap = 0;
	struct sheet t;
	bool good = sheet_open(&t, path, request_columns, j->e);
	while (good && sheet_next(&t)) {
		r->c = mem_grow(r->c, n, &cap, sizeof *r->c);
		r->shared = mem_grow(r->shared, n, &shared_cap, sizeof *r->shared);
		r->shared[n] = (int32_t)sheet_number(&t, "prefix_hit_max_toks");
		r->c[n++] = (struct client){ .sent_s = sheet_number(&t, "queued_s"),
			.first_s = sheet_number(&t, "first_token_s"),
			.done_s = sheet_number(&t, "last_token_s"),
			.prompt = (int32_t)sheet_number(&t, "input_toks"),
			.output = (int32_t)sheet_number(&t, "output_toks") };
	}
	sheet_close(&t);
	r->n = (uint32_t)n;
}

static void requests_fini(struct requests *r)
{
	free(r->c);
	free(r->shared);
	free(r->id);
}

/* The number + 1 of the request whose prompt begins as that of request i does; 0:
 * nobody's. The table tells how much is shared, not with whom. The workload replays
 * conversations turn by turn, each with all before it in its prompt (ShareGPT,
 * workloads/generators/sharegpt.py of the peer), so that a turn shares the whole
 * prompt of an earlier one and has room for its answer: of those the one that
 * leaves least for the user's words. Failing that, the last prompt of that length,
 * or the last that is as long. */
static uint32_t forerunner(const struct requests *r, uint32_t i, int32_t shared)
{
	uint32_t turn = 0, same = 0, longer = 0;
	int32_t least = INT32_MAX;
	if (shared == 0) return 0;
	for (uint32_t k = 0; k < i; k++) {
		int32_t words = r->c[i].prompt - r->c[k].prompt - r->c[k].output;
		if (r->c[k].units < shared) continue;
		longer = k + 1;
		if (r->c[k].units > shared) continue;
		same = k + 1;
		if (words < 0 || words >= least) continue;
		turn = k + 1;
		least = words;
	}
	return turn > 0 ? turn : same > 0 ? same : longer;
}

static void share_prefixes(struct requests *r, int64_t unit)
{
	size_t units = 0;
	for (uint32_t i = 0; i < r->n; i++) units += (size_t)(r->c[i].prompt / unit);
	uint64_t *id = mem_new(units + 1, sizeof *id);
	free(r->id);
	r->id = id;
	for (uint32_t i = 0; i < r->n; i++) {
		struct client *c = &r->c[i];
		int32_t shared = (int32_t)(r->shared[i] / unit);
		uint32_t from = forerunner(r, i, shared);
		c->units = (int32_t)(c->prompt / unit);
		for (int32_t k = 0; k < c->units; k++)
			id[k] = from > 0 && k < shared ? r->c[from - 1].prefix[k] :
							 (uint64_t)(i + 1) << 32 | (uint64_t)k;
		c->prefix = id;
		id += c->units;
	}
}

/* Prefixes are shared by the block, of which whole ones are kept (Kwon et al. 2023,
 * 4.4). */
static bool replay(struct played *run, const struct layer_table_par *layers, bool plain,
    struct client_means *means)
{
	struct validate_job *j = run->j;
	struct object table = { .cls = &layer_table_class, .par = (void *)layers };
	struct bed b;
	int64_t kv_blocks;
	char *config = mem_print("%s/%s_config.json", j->folder, run->run->files);
	bool good = bed_init(&b, j->catalogue, run->run->device, "llama-3.1-8b", "vllm-0.19", j->e) &&
	    run_config_read(config, &b.engine, &kv_blocks, j->e);
	free(config);
	if (!good) return false;
	if (plain) bed_plain(&b);
	if (layers) b.node.layer_table = &table;
	struct iteration_model *m = iteration_new(&b.node);
	if (kv_blocks > 0) m->kv_blocks = kv_blocks;
	m->prefix_tokens = b.engine.prefix_cache ? b.engine.block_tokens : 0;
	share_prefixes(&run->r, b.engine.block_tokens);
	replay_open(m, run->r.c, run->r.n);
	iteration_free(m);
	*means = client_means(run->r.c, run->r.n);
	return true;
}

static void add_rows(struct played *run, const struct client_means *got, const char *how,
    enum validate_constants constants, const double limit[MEANS])
{
	const double predicted_s[] = { got->e2e_s, got->tpot_s, got->ttft_s };
	const double plain_s[] = { run->plain.e2e_s, run->plain.tpot_s, run->plain.ttft_s };
	const double measured_s[] = { run->measured.e2e_s, run->measured.tpot_s,
		run->measured.ttft_s };
	for (int i = 0; i < MEANS; i++) {
		char *text = mem_print(
		    "mean %s, Llama 3.1 8B on an %s, %s", mean_name[i], run->run->label, how);
		validation_add(run->j->v,
		    (struct validate_row){ .what = text,
			.table = run->run->files,
			.measure = VALIDATE_MEAN,
			.constants = constants,
			.rows = run->r.n,
			.error_frac = predicted_s[i] / measured_s[i] - 1,
			.limit_frac = limit[i],
			.plain_frac = plain_s[i] / measured_s[i] - 1,
			.peer = run->run->peer[i] });
		free(text);
	}
}

/* With the layer times measured on that device, where they are there. */
static void replay_measured(struct played *run)
{
	static const double limit[MEANS] = { 0.03, 0.02, 0.08 };
	static const char *const part[] = { "dense", "per_sequence", "attention" };
	struct validate_job *j = run->j;
	struct client_means got;
	char *path[3] = { NULL };
	int there = 0;
	for (int i = 0; i < 3; i++) {
		char *table = mem_print("%s_%s.csv", run->run->files, part[i]);
		path[i] = validate_table(j, table);
		there += path[i] != NULL;
		free(table);
	}
	if (there == 3) {
		struct layer_table_par p = layer_table_files(path[0], path[1], path[2]);
		struct layer_table *t = layer_table_read(&p, j->e);
		if (t && replay(run, &p, false, &got))
			add_rows(run, &got, "measured layers", VALIDATE_MEASURED, limit);
		layer_table_free(t);
	}
	for (int i = 0; i < 3; i++) free(path[i]);
}

static void replay_run(struct validate_job *j, const struct replayed *r)
{
	static const double limit[MEANS] = { 0.05, 0.04, 0.10 };
	char *requests = mem_print("%s_requests.csv", r->files);
	char *config = mem_print("%s_config.json", r->files);
	char *table = validate_table(j, requests), *told = validate_table(j, config);
	struct played run = { .j = j, .run = r };
	struct client_means got;
	if (table && told) read_requests(j, table, &run.r);
	if (run.r.n > 0) {
		run.measured = client_means(run.r.c, run.r.n);
		if (replay(&run, NULL, true, &run.plain) && replay(&run, NULL, false, &got)) {
			add_rows(&run, &got, "formulas", VALIDATE_CATALOGUE, limit);
			replay_measured(&run);
		}
	}
	requests_fini(&run.r);
	free(table);
	free(told);
	free(requests);
	free(config);
}

/* Both are saturated: an error of the iterations counts many times over in the wait.
 * The peer is LLMServingSim 2.0 (Cho et al. 2026) on its own runs, with the layer
 * times of this very device: github.com/casys-kaist/LLMServingSim@5daddb2,
 * bench/examples. */
void validate_replays(struct validate_job *j)
{
	static const struct replayed run[] = {
		{ "gpu/vllm_rtx4090_llama31_8b", "rtx-4090", "RTX 4090",
		    { "LLMServingSim +0.5 %", "LLMServingSim +0.2 %", "LLMServingSim +0.6 %" } },
		{ "gpu/vllm_rtxpro6000_llama31_8b", "rtx-pro-6000", "RTX PRO 6000",
		    { "LLMServingSim -1.8 %", "LLMServingSim -1.0 %", "LLMServingSim -4.0 %" } },
	};
	for (size_t i = 0; i < sizeof run / sizeof *run; i++) replay_run(j, &run[i]);
}
