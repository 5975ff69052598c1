/* A made-up run for the tests of analysis: a street of 55 homes over one day,
 * its numbers shaped like those of a real one but computed from nothing. */
#ifndef HEARTH_TESTS_MAKE_DATASET_H
#define HEARTH_TESTS_MAKE_DATASET_H

#include "base/dataset.h"

enum { MADE_STEPS = 1440, MADE_HOMES = 55, MADE_REQUESTS = 4211 };

/* The whole run, with `title`; the caller frees. */
struct dataset *make_dataset(const char *title);

/* A run that says next to nothing: no homes, no feeder, no request finished. */
struct dataset *make_bare_dataset(void);

#endif
