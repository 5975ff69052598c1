/* Correct answers for each kilojoule: scores on GPQA diamond beside the least energy of an answer
 * that ML.ENERGY v3 measured (Chung et al. 2025, arXiv 2505.06371), boards only. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/validate_spiking.h"
#include "models/site/score.h"

#define TABLE "hardware/energy-to-intelligence-example.csv"

static const char *const columns[] = { "model", "device", "gpqa_diamond_pct", "min_j_per_response",
	"correct_per_kj", NULL };

static void compare(struct validate_job *j, const struct sheet *t)
{
	double published = sheet_number(t, "correct_per_kj");
	char *what = mem_print(
	    "correct answers a kJ, %s on %s", sheet_text(t, "model"), sheet_text(t, "device"));
	validate_figure(
	    j, (struct validate_row){ .what = what,
		   .table = TABLE,
		   .low = published,
		   .high = published,
		   .ours = score_correct_per_kj(sheet_number(t, "gpqa_diamond_pct") / 100,
		       sheet_number(t, "min_j_per_response")),
		   .dim = DIM_NUMBER,
		   .limit_frac = 0.01 });
	free(what);
}

void validate_answers(struct validate_job *j)
{
	char *path = validate_table(j, TABLE);
	if (!path) return;
	struct sheet t;
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t)) compare(j, &t);
	sheet_close(&t);
	free(path);
}
