#include "base/near.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Three rows of the table d[i][j] = slips between the first i letters of a and
 * the first j of b; the oldest is needed for swapped neighbours only. */
size_t near_distance(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b);
	if (m > NEAR_WORD_MAX || n > NEAR_WORD_MAX) return SIZE_MAX;
	size_t row[3][NEAR_WORD_MAX + 1];
	size_t *older = row[0], *old = row[1], *now = row[2];
	for (size_t j = 0; j <= n; j++) now[j] = j;
	for (size_t i = 1; i <= m; i++) {
		size_t *reused = older;
		older = old;
		old = now;
		now = reused;
		now[0] = i;
		for (size_t j = 1; j <= n; j++) {
			char p = lower(a[i - 1]), q = lower(b[j - 1]);
			now[j] = least(least(old[j], now[j - 1]) + 1, old[j - 1] + (p != q));
			if (i > 1 && j > 1 && p == lower(b[j - 2]) && lower(a[i - 2]) == q)
				now[j] = least(now[j], older[j - 2] + 1);
		}
	}
	return now[n];
}

struct near near_to(const char *word)
{
	return (struct near){ .word = word, .distance = SIZE_MAX };
}

void near_try(struct near *n, const char *known)
{
	size_t letters = strlen(n->word), slips = near_distance(n->word, known);
	bool begins = letters >= 3 && !strncmp(n->word, known, letters);
	if (begins && slips > 1) slips = 1;
	if (slips >= n->distance || slips > (letters + 2) / 3) return;
	n->best = known;
	n->distance = slips;
}

const char *near_best(const struct near *n)
{
	return n->best;
}
