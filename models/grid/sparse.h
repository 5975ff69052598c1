/* Sparse complex equations A x = b with one pattern and changing values, by
 * SuiteSparse's KLU (Davis and Palamadai Natarajan 2010, "Algorithm 907", ACM Trans.
 * Math. Softw. 37(3)). The only file that knows KLU. */
#ifndef HEARTH_MODELS_GRID_SPARSE_H
#define HEARTH_MODELS_GRID_SPARSE_H

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sparse;

struct sparse_place {
	uint32_t row, col;
};

/* n equations with an entry at each place, 0 so far. */
struct sparse *sparse_new(uint32_t n, const struct sparse_place *place, size_t entries);
void sparse_free(struct sparse *s); /* takes NULL */

/* The entries' values, in the order of the places; those of one place are summed. */
void sparse_fill(struct sparse *s, const double complex *value);

/* False when the equations are singular. */
bool sparse_factor(struct sparse *s);

/* b becomes x. After a sparse_factor that was true. */
void sparse_solve(const struct sparse *s, double complex *b);

/* The version of KLU that hearth was built with, "1.3.8". Returns buf. */
char *sparse_version(char buf[64]);

#endif
