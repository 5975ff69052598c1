/* The different values that an axis of a study takes, and their order. */
#ifndef HEARTH_ANALYSIS_LEVELS_H
#define HEARTH_ANALYSIS_LEVELS_H

#include <stdbool.h>
#include <stddef.h>

struct levels {
	size_t count;
	const char **name; /* [count] as written, borrowed; by size, words as they are first met */
	size_t *of;        /* [rows] */
	bool are_numbers;  /* all of them, with the same unit behind them: "5 kWh", "13.5 kWh" */
};

/* Of values[row * stride], `rows` of them; the texts must outlive it. */
struct levels levels_of(const char *const *values, size_t rows, size_t stride);
void levels_fini(struct levels *l);

#endif
