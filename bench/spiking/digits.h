/* Handwritten digits of 8 x 8 pixels: the test set of "Optical recognition of handwritten
 * digits" (Alpaydin and Kaynak 1998, UCI Machine Learning Repository, doi 10.24432/C50P49) in
 * the form in which scikit-learn ships it. A line is 64 pixels, 0 to 16, and the digit; gzip's
 * files and plain ones are taken. */
#ifndef HEARTH_BENCH_SPIKING_DIGITS_H
#define HEARTH_BENCH_SPIKING_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Where Debian's package python3-sklearn puts them: 1797 digits. */
#define DIGITS_PATH "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"

enum {
	DIGITS_PIXELS = 64,
	DIGITS_CLASSES = 10,
	DIGITS_GREYS = 16,   /* the largest pixel, which is read as 1 */
	DIGITS_TEST_EACH = 5 /* rows 5, 10, 15, ... are the test, the others are learnt from */
};

/* Inputs and what they are; borrowed. */
struct samples {
	size_t n, inputs;
	const double *input; /* n x inputs */
	const uint8_t *label;
};

static inline const double *samples_input(const struct samples *s, size_t i)
{
	return s->input + i * s->inputs;
}

/* The same 13 people wrote both parts: what the test says is how well a network knows these
 * hands, not those of strangers. */
struct digits {
	struct samples train, test; /* of the arrays below */
	double *pixel;
	uint8_t *label;
};

/* False with entries in e, and an empty *d: no such file, no gzip to read it with, lines that
 * are no digits. digits_free takes it in either case. */
bool digits_read(struct digits *d, const char *path, struct err_list *e);
void digits_free(struct digits *d);

#endif
