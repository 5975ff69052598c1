/* Sorting many numbers. */
#ifndef HEARTH_BASE_SORT_H
#define HEARTH_BASE_SORT_H

#include <stddef.h>

/* Ascending; no value may be NAN. Equal values but for -0 and 0, of which -0 comes
 * first, cannot be told apart. O(n): a radix sort of the bits (Knuth 1998, "The
 * Art of Computer Programming" 3, section 5.2.5), from two thousand values on
 * three to seven times as fast as qsort; takes memory for another 2 n of them. */
void sort_f64(double *v, size_t n);

#endif
