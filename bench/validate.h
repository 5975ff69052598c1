/* Hearth's models against published measurements, as a table. */
#ifndef HEARTH_BENCH_VALIDATE_H
#define HEARTH_BENCH_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "base/table.h"
#include "base/units.h"
#include "models/class.h"

/* How `error` is taken from the relative errors of the rows. */
enum validate_measure {
	VALIDATE_MAGNITUDE, /* mean of the magnitudes (MAPE) */
	VALIDATE_MEAN,      /* of the mean over a run: with sign */
	VALIDATE_LARGEST,   /* the largest of all, where nothing but the solution is to blame */
};

/* Which constants were used. */
enum validate_constants {
	VALIDATE_CATALOGUE, /* as shipped */
	VALIDATE_REFITTED,  /* fitted to other rows of the same table: five-fold cross-validation */
	VALIDATE_MEASURED,  /* layer times measured on that device, in place of the formulas */
};

struct validate_row {
	const char *what;  /* owned by the validation that it was added to */
	const char *table; /* file name, below the folder of measurements; owned as well */
	enum validate_measure measure;
	enum validate_constants constants;
	size_t rows;
	double error_frac;
	double limit_frac; /* of the magnitude; NAN: told, not judged */
	const char *unit;  /* NULL: both are fractions; "": numbers; else of that unit */
	double plain_frac; /* of the data sheet's roofline on the same rows; NAN: not taken */
	const char *peer;  /* what others reach on it, with source; NULL */
	/* Of a row that sets one figure of ours beside a published one, or a range of them; peer
	 * then says what was fitted to the published figure itself, so that the row checks the
	 * rest only. */
	bool figure;
	double low, high, ours; /* SI; low NAN: nothing was published, ours is told */
	enum dim dim;
};

struct validation {
	struct validate_row *row;
	size_t rows, cap;
};

void validation_free(struct validation *v);
void validation_add(struct validation *v, struct validate_row row); /* what and table are copied */
bool validate_passes(const struct validate_row *r);                 /* true without a limit */
size_t validation_failures(const struct validation *v);

/* Serving: kernels, whole iterations, serving runs and energy, with the constants of
 * the catalogues (linked by next): against the few published figures that hearth
 * ships and against the tables of `folder` (NULL: none). Tables that are not there
 * are passed over; *missing counts them. False with entries in e when one cannot be
 * used. */
bool validate_serving(struct validation *v, const struct object *catalogue, const char *folder,
    int *missing, struct err_list *e);

/* Power flow and temperatures: solutions that others published or computed, in the tables of `folder`,
 * without which there is nothing to do. As above. */
bool validate_grid(struct validation *v, const struct object *catalogue, const char *folder,
    int *missing, struct err_list *e);

/* Homes and energy: what established tools compute and what was measured, in the tables of
 * `folder`, without which there is nothing to do. As above. */
bool validate_energy(struct validation *v, const struct object *catalogue, const char *folder,
    int *missing, struct err_list *e);

/* Spiking networks: energy and time of events on chips, what was published of when spiking pays,
 * a network of our own, answers by energy. As validate_serving: some figures are shipped. */
bool validate_spiking(struct validation *v, const struct object *catalogue, const char *folder,
    int *missing, struct err_list *e);

/* What validate_spiking passes over for want of something besides the folder, and the remedy; NULL:
 * nothing. */
const char *validate_spiking_lacks(void);

/* JSON is one object, which also counts the rows that miss their limit. */
void validation_print(const struct validation *v, enum table_form form, FILE *out);

#endif
