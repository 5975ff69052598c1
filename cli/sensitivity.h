/* What hearth sensitivity found, to be printed. */
#ifndef HEARTH_CLI_SENSITIVITY_H
#define HEARTH_CLI_SENSITIVITY_H

#include "analysis/influence.h"
#include "base/table.h"
#include "sweep/outcomes.h"

struct sensitivity {
	const struct outcomes *outcomes;
	enum influence_method method;
	size_t figures;
	const char **metric; /* [figures] */
	struct influence *influence;
};

void sensitivity_print(const struct sensitivity *s, enum table_form form);
void sensitivity_print_json(const struct sensitivity *s);

/* Bars, as text draws them; at most SENSITIVITY_BAR characters and a NUL. */
enum { SENSITIVITY_BAR = 24, SENSITIVITY_BAR_SIZE = SENSITIVITY_BAR + 1 };

/* "====--": from 0 to `part` in one sign, from there to `whole` in another; `most` is the
 * width of all. A value below 0 or NAN has no length. */
void sensitivity_bar(char bar[SENSITIVITY_BAR_SIZE], double part, double whole, double most);

/* "   ##|####": from `low` to `high` on a scale of `least` to `most`, with the mean on it. */
void sensitivity_span(char bar[SENSITIVITY_BAR_SIZE], double low, double high, double mean,
    double least, double most);

#endif
