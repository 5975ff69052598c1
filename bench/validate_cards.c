/* NorthPole, a dense accelerator of spiking chips' family, beside what its makers measured: cards
 * in a row, each with its layers, 28 requests at a time and one token of each in an iteration.
 * The row's fixed time of an operation comes from the first figure; the rack is told, not judged,
 * for an 8B model of another maker stands in for theirs, and how the rack's cards share a model is
 * not published: here each has a layer. */
#include <math.h>

#include "bench/served.h"
#include "bench/validate_spiking.h"

enum { REQUESTS = 28, CONTEXT = 1024 };

struct cards {
	const char *what, *table, *model;
	int64_t cards;
	double itl_s;
	double limit_frac;
};

static const struct cards measured[] = {
	{ "NorthPole, a token of a 3B model on 16 cards: 28 requests", "Appuswamy et al. 2024",
	    "llama-3.2-3b", 16, REQUESTS / 28356.0, 0.02 },
	{ "the same, of an 8B model in a rack (constants of 3B)", "arXiv 2511.15950",
	    "llama-3.1-8b", 32, 2.8e-3, NAN },
};

static void compare(struct validate_job *j, const struct cards *c)
{
	struct bed b;
	if (!bed_init(&b, j->catalogue, "northpole", c->model, "card-pipeline", j->e)) return;
	b.node.weights = WEIGHTS_Q4_0;
	b.node.kv = KV_FP8;
	b.node.pipeline_parallel = c->cards;
	struct iteration_model *m = iteration_new(&b.node);
	struct served s = {
		.form = SERVED_DECODE, .requests = REQUESTS, .prompt = CONTEXT, .output = 1
	};
	validate_figure(j, (struct validate_row){ .what = c->what,
			       .table = c->table,
			       .low = c->itl_s,
			       .high = c->itl_s,
			       .ours = served_step_s(m, &s),
			       .dim = DIM_TIME,
			       .limit_frac = c->limit_frac });
	iteration_free(m);
}

void validate_cards(struct validate_job *j)
{
	for (size_t i = 0; i < sizeof measured / sizeof *measured; i++) compare(j, &measured[i]);
}
