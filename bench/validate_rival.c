/* What spikes are up against: a GPU that answers many at a time. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/replay.h"
#include "bench/served.h"
#include "bench/validate_spiking.h"
#include "models/compute/break_even.h"
#include "models/compute/chip.h"

/* Llama 3.1 8B in bf16 on the board of an H100: joules a token of a chat service by the requests
 * in its batch (ML.ENERGY leaderboard v3: Chung et al. 2025, arXiv 2505.06371;
 * github.com/ml-energy/leaderboard@0cd52da, lm-arena-chat). */
static const struct chat {
	double batch, output, token_j;
} chats[] = {
	{ 7.98, 388.7, 0.4548 },
	{ 63.92, 395.5, 0.11858 },
	{ 255.19, 404.2, 0.076641 },
};

/* As hearth simulates the same. */
static double simulated_j(struct bed *b, const struct chat *c)
{
	b->engine.max_sequences = (int64_t)lround(c->batch);
	struct iteration_model *m = iteration_new(&b->node);
	struct closed_loop l = { .prompt = SERVED_PROMPT,
		.output = (int32_t)lround(c->output),
		.at_once = (uint32_t)lround(c->batch),
		.rounds = 4,
		.staggered = true };
	double j = replay_closed(m, &l).device_j_per_token;
	iteration_free(m);
	return j;
}

/* The chip's power at rest is left out, and its figures end at its pins: this is the most that k
 * may be. */
void validate_rival(struct validate_job *j)
{
	struct bed b;
	const struct object *row = bed_row(j->catalogue, &chip_class, "loihi-1", j->e);
	if (!row || !bed_init(&b, j->catalogue, "h100-sxm", "llama-3.1-8b", "vllm-0.11-h100", j->e))
		return;
	const struct chip_par *chip = row->par;
	for (size_t i = 0; i < sizeof chats / sizeof *chats; i++) {
		const struct chat *c = &chats[i];
		double weights = b.model.parameters, synop_j = chip->synop_j;
		double k = break_even_k_processor(c->token_j, weights, 0, synop_j);
		char *what =
		    mem_print("k* of Loihi 1 against an H100, 8B in batches of %.0f", c->batch);
		validate_figure(
		    j, (struct validate_row){ .what = what,
			   .table = "Chung et al. 2025",
			   .low = k,
			   .high = k,
			   .ours = break_even_k_processor(simulated_j(&b, c), weights, 0, synop_j),
			   .dim = DIM_NUMBER,
			   .limit_frac = 0.15 });
		free(what);
	}
}
