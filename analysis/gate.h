/* Gates: "energy.device_j_per_token > +2 %" fails when the change is beyond the threshold,
 * which has the direction of the word before it: '>' more than, '<' less than. */
#ifndef HEARTH_ANALYSIS_GATE_H
#define HEARTH_ANALYSIS_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/compare.h"

enum { GATE_KEY_MAX = 128, GATE_UNIT_MAX = 24 };

struct gate {
	const char *text; /* as typed */
	char key[GATE_KEY_MAX], unit[GATE_UNIT_MAX];
	bool above;
	double threshold; /* of %: 0.02 for 2; else in `unit` */
	bool relative;
};

/* Reads "METRIC > [+-]NUMBER [UNIT]", which must outlive the gate. NULL, or why it is none,
 * as the rest of a sentence that begins with the text; static. */
const char *gate_read(struct gate *g, const char *text);

enum gate_verdict {
	GATE_HELD,
	GATE_FAILED,
	GATE_UNKNOWN, /* why says what is missing */
};

/* Judges the row of the gate's key (NULL: there is none). With an interval, the gate fails
 * where the whole of it lies beyond the threshold: a difference that is not shown fails none.
 * Without one the change itself is judged. */
enum gate_verdict gate_judge(const struct gate *g, const struct compare_row *r, char *why,
    size_t why_size);

#endif
