#include "tests/unit.h"

#include <stdint.h>

#include "base/near.h"

/* Distances counted by hand: one for a letter added, missing, replaced, or two
 * neighbours swapped. */
Test(near, slips_are_counted)
{
	static const struct {
		const char *a, *b;
		size_t slips;
	} row[] = {
		{ "", "", 0 },
		{ "", "seed", 4 },
		{ "seed", "", 4 },
		{ "seed", "SEED", 0 },
		{ "sed", "seed", 1 },
		{ "sede", "seed", 1 },
		{ "capcity", "capacity", 1 },
		{ "kitten", "sitting", 3 },
		{ "runn", "run", 1 },
		{ "ca", "abc", 3 }, /* alignment: a swapped pair is not edited again */
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		cr_expect_eq(near_distance(row[i].a, row[i].b), row[i].slips, "%s %s", row[i].a,
		    row[i].b);
		cr_expect_eq(near_distance(row[i].b, row[i].a), row[i].slips, "%s %s", row[i].b,
		    row[i].a);
	}
}

Test(near, a_word_too_long_is_near_to_nothing)
{
	char word[NEAR_WORD_MAX + 2];
	for (size_t i = 0; i <= NEAR_WORD_MAX; i++) word[i] = 'a';
	word[NEAR_WORD_MAX + 1] = 0;
	cr_expect_eq(near_distance(word, word), SIZE_MAX);
	cr_expect_eq(near_distance(word + 1, word + 1), 0);
}

static const char *nearest(const char *word)
{
	static const char *const known[] = { "run", "check", "report", "schema", "explain" };
	struct near n = near_to(word);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) near_try(&n, known[i]);
	return near_best(&n);
}

Test(near, the_nearest_word_is_proposed_when_it_is_near)
{
	cr_expect_str_eq(nearest("runn"), "run");
	cr_expect_str_eq(nearest("chekc"), "check");
	cr_expect_str_eq(nearest("shcema"), "schema");
	cr_expect_str_eq(nearest("exp"), "explain"); /* a beginning of three letters */
	cr_expect_null(nearest("ex"));
	cr_expect_null(nearest("simulate"));
	cr_expect_null(nearest(""));
}
