/* A language model on Loihi 2 against what was published of it: alone, token after token, and with
 * the pipeline full of prompts. */
#include <math.h>

#include "bench/validate_spiking.h"
#include "models/compute/mapping.h"

#define ABREU "Abreu et al. 2025, arXiv 2503.18002, recalled"

enum { CHIPS = 24 };

/* Tokens/s and J a token. */
static const struct line {
	const char *alone_what, *j_what;
	bool full;
	double tokens_s, j;
} lines[] = {
	{ "matmul-free-370m on 24 Loihi 2, tokens/s alone", "the same, energy of a token", false,
	    41.5, 405e-3 },
	{ "the same, tokens/s of prompts", "the same, energy of a token of prompts", true, 6632,
	    3.7e-3 },
};

#define LIMIT_FRAC 0.15

static void compare(struct validate_job *j, const struct line *l, const struct mapping *m)
{
	double token_s = l->full ? m->steps * mapping_step_s(m, 0) : mapping_latency_s(m, 0);
	struct validate_row row = { .what = l->alone_what,
		.table = ABREU,
		.low = l->tokens_s,
		.high = l->tokens_s,
		.ours = 1 / token_s,
		.dim = DIM_NUMBER,
		.limit_frac = LIMIT_FRAC,
		.peer = "imbalance" };
	validate_figure(j, row);
	row.what = l->j_what;
	row.low = row.high = l->j;
	row.ours = m->static_w * token_s + mapping_token_j(m, 0);
	row.dim = DIM_ENERGY;
	row.peer = "static-power";
	validate_figure(j, row);
}

void validate_loihi(struct validate_job *j)
{
	const struct object *chip = bed_row(j->catalogue, &chip_class, "loihi-2", j->e);
	const struct object *spiking =
	    bed_row(j->catalogue, &spiking_class, "matmul-free-370m", j->e);
	struct mapping m;
	char why[256];
	if (!chip || !spiking) return;
	struct spiking_net net = spiking_net_of(spiking);
	if (!mapping_make(&m, chip->par, &net, CHIPS, why, sizeof why)) {
		err_at(j->e, spiking->pos, "%s", why);
		return;
	}
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) compare(j, &lines[i], &m);
}
