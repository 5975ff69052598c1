#include "tests/unit.h"

#include <math.h>

#include "models/site/score.h"
#include "tests/published.h"

/* GPQA Diamond on one B200 each, in the configuration of least energy: 73.1 % at 71 J a
 * response (gpt-oss-120b) and 64.0 % at 1338 J (Qwen3 14B) are 10.3 and 0.478 correct answers
 * per kJ. Energies: ML.ENERGY v3 (Chung et al. 2025); scores: the models' reports. */
Test(score, correct_answers_per_kilojoule_by_hand)
{
	cr_expect(epsilon_eq(dbl, score_correct_per_kj(0.731, 71), 10.295774647887324, 1e-12));
	cr_expect(epsilon_eq(dbl, score_correct_per_kj(0.64, 1338), 0.47832585949177877, 1e-12));
	cr_expect_eq(score_correct_per_kj(0, 71), 0);
}

/* Within 1 %: responses are told to whole joules there, answers per kJ to three decimals. */
Test(score, published_energies_and_scores_give_the_published_quotients)
{
	struct table t;
	table_open(&t, "hardware/energy-to-intelligence-example.csv");
	int rows = 0;
	while (table_next(&t)) {
		double told = table_number(&t, "correct_per_kj");
		double ours = score_correct_per_kj(0.01 * table_number(&t, "gpqa_diamond_pct"),
		    table_number(&t, "min_j_per_response"));
		cr_expect_lt(fabs(ours - told), 0.01 * told, "%s on %s: %g, %g told",
		    table_text(&t, "model"), table_text(&t, "device"), ours, told);
		rows++;
	}
	table_close(&t);
	cr_expect_gt(rows, 9);
}
