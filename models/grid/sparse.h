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

struct sparse_entry {
	uint32_t row, col;
	double complex value;
};

/* n equations from entries, of which several may have one place: they are summed. */
struct sparse *sparse_new(uint32_t n, const struct sparse_entry *entry, size_t entries);
void sparse_free(struct sparse *s); /* takes NULL */

/* Values anew: as many entries as before, at the same places in the same order. */
void sparse_fill(struct sparse *s, const struct sparse_entry *entry);

/* False when the equations are singular. */
bool sparse_factor(struct sparse *s);

/* b becomes x. After a sparse_factor that was true. */
void sparse_solve(const struct sparse *s, double complex *b);

#endif
