/* Which of a run's many numbers stand in the summary and open a section. */
#ifndef HEARTH_ANALYSIS_PICK_H
#define HEARTH_ANALYSIS_PICK_H

#include "base/dataset.h"

enum pick { PICK_FIRST, PICK_OTHER };

/* The metrics whose keys begin with `prefix`, one by one in order of creation:
 * sets *m and returns the index to go on from; 0: no more. Begin with 0.
 *
 *     for (size_t i = 0; (i = pick_next(d, "grid.", PICK_FIRST, i, &m));) ...
 *
 * First are those that most readers look for. Where the run has none of these,
 * or we name none for the prefix, all are first. */
size_t pick_next(const struct dataset *d, const char *prefix, enum pick which, size_t from,
    struct ds_metric *m);

#endif
