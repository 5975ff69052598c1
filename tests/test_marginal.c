#include "tests/unit.h"

#include <math.h>

#include "models/site/marginal.h"

/* By hand: 1000 x (0.836 - 0.694) / (2177 - 632) = 142 / 1545, either way round. */
Test(marginal, extra_correct_answers_for_each_extra_kilojoule)
{
	const struct marginal_side small = { 0.694, "MMLU", 632 }, large = { 0.836, "MMLU", 2177 };
	struct marginal m = marginal_between(&small, &large);
	cr_expect_eq(m.verdict, MARGINAL_COSTS);
	cr_expect(m.swapped);
	cr_expect(epsilon_eq(dbl, m.per_kj, 0.091909385113268613, 1e-12));
	m = marginal_between(&large, &small);
	cr_expect_not(m.swapped);
	cr_expect(epsilon_eq(dbl, m.per_kj, 0.091909385113268613, 1e-12));
}

Test(marginal, there_is_no_number_but_where_the_better_one_takes_more)
{
	static const struct {
		struct marginal_side a, b;
		enum marginal_verdict verdict;
		bool swapped;
	} row[] = {
		{ { 0.694, "MMLU", 731 }, { 0.836, "MMLU", 617 }, MARGINAL_DOMINATES, true },
		{ { 0.836, "MMLU", 617 }, { 0.694, "MMLU", 617 }, MARGINAL_DOMINATES, false },
		{ { 0.694, "MMLU", 731 }, { 0.694, "MMLU", 617 }, MARGINAL_EQUAL, false },
		{ { 0.694, "MMLU", 617 }, { 0.836, "GPQA", 731 }, MARGINAL_BENCHMARKS, false },
		{ { 0.694, "MMLU", 617 }, { NAN, NULL, 731 }, MARGINAL_UNKNOWN, false },
		{ { NAN, NULL, 617 }, { 0.694, "MMLU", 731 }, MARGINAL_UNKNOWN, false },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct marginal m = marginal_between(&row[i].a, &row[i].b);
		cr_expect_eq(m.verdict, row[i].verdict, "row %zu: %s", i, marginal_word(m.verdict));
		cr_expect_eq(m.swapped, row[i].swapped, "row %zu", i);
		cr_expect(isnan(m.per_kj), "row %zu", i);
	}
}
