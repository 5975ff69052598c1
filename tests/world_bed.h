/* Scenarios written in a test, run to their end. */
#ifndef HEARTH_TESTS_WORLD_BED_H
#define HEARTH_TESTS_WORLD_BED_H

#include "base/dataset.h"
#include "loader/scenario.h"
#include "models/site/world.h"

struct world_bed {
	char folder[32]; /* where the scenario and what it names lie */
	struct err_list *faults;
	struct scenario *scenario;
	struct world *world; /* NULL: faults were found */
	struct dataset *d;   /* what came out; NULL before the end */
};

/* Makes a world of a scenario's text. csv: text of a trace that the scenario names
 * t.csv; NULL: none. */
void world_bed_make(struct world_bed *b, const char *xml, const char *csv, uint64_t seed);

/* Makes it, runs it and exports it; it must have no fault. */
void world_bed_run(struct world_bed *b, const char *xml, uint64_t seed);
void world_bed_run_trace(struct world_bed *b, const char *xml, const char *csv);
void world_bed_free(struct world_bed *b);

/* A metric of the summary, which must be there. */
double world_bed_metric(const struct world_bed *b, const char *key);

/* A row of group "checks": whether it passed. */
bool world_bed_passed(const struct world_bed *b, const char *check);

/* A column of a group as numbers, which must be there, and its length. */
const double *world_bed_f64(const struct world_bed *b, const char *group, const char *name,
    size_t *n);

#endif
