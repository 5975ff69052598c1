/* What the better answers of a run cost: its models against each other, by energy.
 *
 * Of two <node> elements whose models score s_high > s_low in one benchmark and take j_high and
 * j_low joules an answer, the marginal energy to intelligence is
 *
 *     1000 (s_high - s_low) / (j_high - j_low)      extra correct answers per extra kilojoule
 *
 * when the better one answers instead of the other: the incremental ratio by which health
 * economics compares two treatments (incremental cost-effectiveness: Drummond et al. 2015,
 * "Methods for the Economic Evaluation of Health Care Programmes", 4th ed.), upside down, with
 * answers for life years and energy for money. Where the better one takes no more energy there is
 * nothing to pay: it dominates.
 *
 * Joules are those at the inlets of an element's nodes over the run, busy and idle, shared among
 * the answers that they gave, those that were thrown away included: so they are of this run's
 * load. The same without idle time stands beside them. Nodes that only prefill or only decode
 * give no answer alone and are left out, as are chips whose figures count less than a board,
 * unless <policy> has compare-boundaries="yes".
 * Scores are expectations (models/site/score.h); a spiking network of which no accuracy is known
 * counts as the model that it was made of, which favours it. */
#ifndef HEARTH_MODELS_SITE_MARGINAL_H
#define HEARTH_MODELS_SITE_MARGINAL_H

#include "base/dataset.h"
#include "models/site/pool.h"

/* A model at its work. */
struct marginal_side {
	double score_frac;     /* NAN: not known */
	const char *benchmark; /* of the score; NULL: not known */
	double answer_j;       /* > 0 */
};

enum marginal_verdict {
	MARGINAL_COSTS,      /* the better one takes more energy: there is a value */
	MARGINAL_DOMINATES,  /* it does not */
	MARGINAL_EQUAL,      /* neither is better */
	MARGINAL_BENCHMARKS, /* scores of different benchmarks */
	MARGINAL_UNKNOWN,    /* one has no score */
};

const char *marginal_word(enum marginal_verdict v);

struct marginal {
	enum marginal_verdict verdict;
	bool swapped;  /* the second one is the better */
	double per_kj; /* 1/kJ, above 0; NAN but where it costs energy */
};

/* The better of a and b against the other. */
struct marginal marginal_between(const struct marginal_side *a, const struct marginal_side *b);

/* Fills group "marginal", one row a pair of elements that answered with different models or
 * scores, and the metrics; nothing where no score is known. */
void marginal_export(const struct pool *p, struct dataset *d);

#endif
