/* What changed from one run, or one group of runs, to another.
 *
 * A row is a metric of the summary: before, after, the change with an interval where one can be
 * stated, how it came about, and a word. Nothing here prints. */
#ifndef HEARTH_ANALYSIS_COMPARE_H
#define HEARTH_ANALYSIS_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/shift.h"
#include "base/dataset.h"

/* What the change is called. A change whose interval holds 0 is not shown, whatever its size;
 * better and worse are told where the metric says which direction is good. */
#define COMPARE_VERDICT_LIST(X) \
	X(COMPARE_SAME, "same")                     /* to twelve digits */ \
	X(COMPARE_NOT_SHOWN, "no difference shown") \
	X(COMPARE_BETTER, "better") \
	X(COMPARE_WORSE, "worse") \
	X(COMPARE_HIGHER, "higher") \
	X(COMPARE_LOWER, "lower") \
	X(COMPARE_ONLY_BEFORE, "only before")       /* the other one has no such number */ \
	X(COMPARE_ONLY_AFTER, "only after")

enum compare_verdict {
#define X(id, word) id,
	COMPARE_VERDICT_LIST(X)
#undef X
};

/* Where the interval comes from. */
#define COMPARE_METHOD_LIST(X) \
	X(COMPARE_NONE, "", "one number on either side: no interval is made up") \
	X(COMPARE_REQUESTS, "requests", \
	    "the same requests in both runs, paired one by one: of a mean, t on 32 batches in order " \
	    "of sending (Conway 1963); of a percentile, bootstrap of 32 blocks of pairs (Carlstein " \
	    "1986)") \
	X(COMPARE_INTERVALS, "intervals", \
	    "from the runs' own intervals, as if the runs were independent (Zou and Donner 2008)") \
	X(COMPARE_SEEDS, "seeds", "paired by seed: Student's t on the differences")

enum compare_method {
#define X(id, word, about) id,
	COMPARE_METHOD_LIST(X)
#undef X
};

struct compare_row {
	char *key, *unit, *about;
	double before, after;        /* of several pairs: means over them; NAN: no such number */
	struct shift change;         /* after - before; n: pairs of runs, or of requests */
	enum compare_method method;  /* COMPARE_NONE where change has no interval */
	enum compare_verdict verdict;
};

struct compare {
	struct compare_row *row;
	size_t rows, cap;
};

/* What a number of the summary is, for those who have only the number. */
struct compare_meta {
	const char *key, *unit, *about; /* copied; NULL: "" */
	const char *better;             /* "lower", "higher", NULL: neither */
};

/* Adds the metric's row for `pairs` pairs of runs, before[i] with after[i], which have the same
 * seed if there are several; nothing when no run has it. */
void compare_add_runs(struct compare *c, const char *key, const struct dataset *const *before,
    const struct dataset *const *after, size_t pairs);

/* The same from numbers alone. Pairs with a NAN are left out. */
void compare_add_values(struct compare *c, const struct compare_meta *m, const double *before,
    const double *after, size_t pairs);

void compare_fini(struct compare *c);

/* x, in the metric's unit, over the value before: 0.02 of 2 %. NAN: 0 over 0. */
double compare_relative(const struct compare_row *r, double x);

const char *compare_verdict_word(enum compare_verdict v); /* "no difference shown" */
const char *compare_method_word(enum compare_method m);   /* "requests"; "" of none */
const char *compare_method_about(enum compare_method m);

#endif
