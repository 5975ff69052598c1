/* What the areas of validation share, and the parts of validate_serving. */
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

/* The largest of some errors. */
struct worst {
	double error;
	size_t rows;
};

void worst_add(struct worst *w, double error); /* a NaN stays */

/* Adds a row with the largest error in `unit` and its limit, or NAN; nothing without errors. */
void validate_worst(struct validate_job *j, const char *what, const char *table, struct worst w,
    const char *unit, double limit);

/* Adds the row with one figure, its error and a count of 1. The error is 0 within a range, else
 * relative to its nearest end, and of DIM_FRACTION the difference. */
void validate_figure(struct validate_job *j, struct validate_row row);

const char *validate_verdict(const struct validate_row *r); /* "pass", "FAIL", "-" */
void validation_print_figures(const struct validation *v, enum table_form form, FILE *out);

/* Adds the row with the score's mean magnitude and the plain one's, as fractions;
 * nothing without measurements. Empties both scores. */
void validate_score(struct validate_job *j, struct validate_row row, struct fit_score *fitted,
    struct fit_score *plain);

void validate_points(struct validate_job *j);    /* what hearth ships */
void validate_products(struct validate_job *j);  /* Vidur, aiconfigurator */
void validate_attention(struct validate_job *j); /* aiconfigurator */
void validate_runs(struct validate_job *j);      /* whole iterations of splitwise-sim's table */
void validate_closed(struct validate_job *j);    /* closed loops of aiconfigurator */
void validate_replays(struct validate_job *j);   /* request by request, LLMServingSim's runs */
void validate_tokens(struct validate_job *j);    /* energy of tokens, ML.ENERGY */
void validate_thermal(struct validate_job *j);   /* a transformer's temperatures: grid and energy */

#endif
