/* The few published figures that hearth ships, data/serving-points.csv. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "bench/replay.h"
#include "base/sheet.h"
#include "bench/validate_parts.h"

static const char *const columns[] = { "device", "devices", "model", "engine", "weights", "prompt",
	"output", "requests", "quantity", "value", "source", NULL };

static bool read_weights(const struct sheet *t, int *weights)
{
	static const char *const word[] = { "fp16", "fp8", "int8", "q8", "q4", "fp32", "q4-0" };
	for (int i = 0; i < (int)(sizeof word / sizeof *word); i++)
		if (sheet_is(t, "weights", word[i])) return *weights = i, true;
	err_at(t->e, sheet_pos(t), "weights '%s'; write one of: %s", sheet_text(t, "weights"),
	    WEIGHTS_WORDS);
	return false;
}

static bool read_bed(struct validate_job *j, const struct sheet *t, struct bed *b)
{
	if (!bed_init(b, j->catalogue, sheet_text(t, "device"), sheet_text(t, "model"),
		sheet_text(t, "engine"), j->e))
		return false;
	b->node.tensor_parallel = (int64_t)sheet_number(t, "devices");
	return read_weights(t, &b->node.weights);
}

struct points {
	struct fit_score rate, energy, plain_rate, plain_energy;
};

static void score_point(struct points *p, const struct bed *b, const struct sheet *t, bool plain)
{
	struct iteration_model *m = iteration_new(&b->node);
	struct closed_loop l = { (int32_t)sheet_number(t, "prompt"),
		(int32_t)sheet_number(t, "output"), (uint32_t)sheet_number(t, "requests"), 4 };
	struct closed_seen seen = replay_closed(m, &l);
	double value = sheet_number(t, "value");
	iteration_free(m);
	if (sheet_is(t, "quantity", "tokens_per_s"))
		score_add(plain ? &p->plain_rate : &p->rate, seen.tokens_s, value);
	else if (sheet_is(t, "quantity", "j_per_token"))
		score_add(plain ? &p->plain_energy : &p->energy, seen.device_j_per_token, value);
	else
		err_at(t->e, sheet_pos(t), "quantity '%s'; write tokens_per_s or j_per_token",
		    sheet_text(t, "quantity"));
}

void validate_points(struct validate_job *j)
{
	struct points p = { 0 };
	struct sheet t;
	char *path = paths_in("data", "serving-points.csv");
	if (!path) return;
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t)) {
		struct bed b;
		if (!read_bed(j, &t, &b)) continue;
		score_point(&p, &b, &t, false);
		bed_plain(&b);
		score_point(&p, &b, &t, true);
	}
	sheet_close(&t);
	free(path);
	struct validate_row row = { .table = "serving-points.csv (shipped)", .limit_frac = 0.25 };
	row.what = "token rate, published figures of data/serving-points.csv";
	validate_score(j, row, &p.rate, &p.plain_rate);
	row.what = "energy of a token, published figures of the same";
	validate_score(j, row, &p.energy, &p.plain_energy);
}
