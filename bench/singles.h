/* Published token rates of one request that has a device to itself, or of some alike.
 *
 *   llama-bench -o jsonl (github.com/ggml-org/llama.cpp): a test a line, with its
 *       samples; those of a prompt or of decoding count, those of both in one are
 *       passed over;
 *   llama-batched-bench --output-format jsonl (of the same project): a batch a line, which
 *       tells neither model nor weights; those of one request count, and where they are
 *       asked for those of several, each for its prompts and its answers;
 *   columns device metric llama3_8b_q4km_tok_s llama3_8b_f16_tok_s
 *       llama3_70b_q4km_tok_s llama3_70b_f16_tok_s: decoding of 1024 tokens, as
 *       github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference has it;
 *   columns source_id device model arch n_devices tokens_per_s: home systems, as
 *       github.com/geerlingguy/ai-benchmarks has them, in q4.
 *
 * Left out of the tables: devices and models that the catalogue does not have, cards
 * behind the narrow link of a small computer, weights that do not fit. */
#ifndef HEARTH_BENCH_SINGLES_H
#define HEARTH_BENCH_SINGLES_H

#include "base/err.h"
#include "bench/bed.h"

struct single {
	size_t bed;     /* index of its node */
	double prompt;  /* tokens computed together; 0: one token is decoded */
	double context; /* tokens before these */
	double others;  /* requests that do the same beside it */
	double time_s;  /* of all of them */
	int line;       /* of the file; 0: of a table */
};

struct singles {
	struct single *single;
	size_t count, cap;
	struct bed **bed; /* distinct nodes: device, model, weights */
	size_t beds, beds_cap;
};

struct singles_source {
	const char *path;
	const struct object *catalogue;
	const char *engine;
	const char *device, *model; /* of llama-bench; model NULL: by its number of parameters */
	int weights;                /* of llama-batched-bench, enum weights; -1: not said */
	/* Instead of rows of the catalogue, where they are not NULL: */
	const struct device_par *own_device;
	const struct engine_par *own_engine;
	bool batches;               /* of several requests count */
};

/* False with entries in e when the file cannot be used. Give *r to singles_free in
 * either case. */
bool singles_read_bench(struct singles *r, const struct singles_source *s, struct err_list *e);
bool singles_read_table(struct singles *r, const struct singles_source *s, const char *const *where,
    struct err_list *e);
void singles_free(struct singles *r);

/* By the model: prompts one after the other in chunks of the engine's token budget, or one
 * iteration that decodes. */
double single_time_s(const struct iteration_model *m, const struct single *r);

#endif
