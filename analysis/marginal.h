/* The group that sets models of a run against each other (models/site/marginal.h), for summary
 * and report. */
#ifndef HEARTH_ANALYSIS_MARGINAL_H
#define HEARTH_ANALYSIS_MARGINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/dataset.h"

/* Columns, borrowed from the dataset; n 0: the group is not there, or not whole. */
struct marginal_rows {
	size_t n, unknown; /* unknown: of them, where a score is not known */
	char *const *node, *const *against, *const *benchmark, *const *verdict;
	const double *per_kj, *score, *against_score;
	const double *answer_j, *against_answer_j, *busy_j, *against_busy_j;
};

struct marginal_rows marginal_rows(const struct dataset *d);

bool marginal_is_known(const struct marginal_rows *r, size_t i);

/* What is true of all rows. */
#define MARGINAL_NOTE "at the inlets of the nodes, busy and idle, at this run's load"

/* "large instead of small: 0.052 more correct for each kJ more (MMLU 83.6 against 69.4 %; ...)".
 * The caller frees. */
char *marginal_sentence(const struct marginal_rows *r, size_t i);

#endif
