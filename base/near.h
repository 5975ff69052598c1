/* "Did you mean ...?": the known word nearest to a mistyped one.
 *
 *     struct near n = near_to("capcity");
 *     for (...) near_try(&n, attr->name);
 *     const char *meant = near_best(&n);      "capacity"
 */
#ifndef HEARTH_BASE_NEAR_H
#define HEARTH_BASE_NEAR_H

#include <stddef.h>

enum { NEAR_WORD_MAX = 63 }; /* a longer word is near to nothing */

struct near {
	const char *word, *best; /* borrowed */
	size_t distance;         /* of best */
};

struct near near_to(const char *word);

/* Weighs one known word. It must outlive n. Of equally near ones the first
 * stays, so that the answer does not depend on anything but the list. */
void near_try(struct near *n, const char *known);

/* NULL when nothing is near enough to be worth saying: at most one slip in
 * three letters, or a beginning of at least three letters. */
const char *near_best(const struct near *n);

/* Slips between two words, ignoring the case of ASCII letters: letters added,
 * missing, replaced, or two neighbours swapped (optimal string alignment:
 * Damerau 1964; Wagner and Fischer 1974). SIZE_MAX when one is too long. */
size_t near_distance(const char *a, const char *b);

#endif
