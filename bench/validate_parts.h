/* What the parts of validate_serving share. */
#ifndef HEARTH_BENCH_VALIDATE_PARTS_H
#define HEARTH_BENCH_VALIDATE_PARTS_H

#include "bench/bed.h"
#include "bench/score.h"
#include "bench/validate.h"

struct validate_job {
	struct validation *v;
	const struct object *catalogue;
	const char *folder;
	int missing;
	struct err_list *e;
	struct engine_gap *gap; /* of the power flow's engines; else NULL */
};

/* The path of a table below the folder, or NULL when it is not there, which is
 * counted. The caller frees. */
char *validate_table(struct validate_job *j, const char *table);

/* Adds the row with the score's mean magnitude and the plain one's, as fractions;
 * nothing without measurements. Empties both scores. */
void validate_score(
    struct validate_job *j, struct validate_row row, struct score *fitted, struct score *plain);

void validate_points(struct validate_job *j);    /* what hearth ships */
void validate_products(struct validate_job *j);  /* Vidur, aiconfigurator */
void validate_attention(struct validate_job *j); /* aiconfigurator */
void validate_runs(struct validate_job *j);      /* whole iterations of splitwise-sim's table */
void validate_closed(struct validate_job *j);    /* closed loops of aiconfigurator */
void validate_replays(struct validate_job *j);   /* request by request, LLMServingSim's runs */
void validate_energy(struct validate_job *j);    /* ML.ENERGY */

#endif
