/* Kernels of one table against their twins, on odd shapes; needs no test framework, so that it
 * also runs on another processor's emulator (tests/neon.sh). */
#ifndef HEARTH_TESTS_KERNEL_CHECKS_H
#define HEARTH_TESTS_KERNEL_CHECKS_H

#include <stdbool.h>

#include "bench/kernels/kernels.h"

/* Errors are the worst that a check met, relative to the largest number of the result
 * (bench/kernels/twin.h). A sum of n products in f32 errs by about 2^-24 sqrt(n) of its terms. */
struct kernel_check {
	const char *name;
	double (*error)(const struct kernels *k); /* NULL: it is by format */
	double (*format_error)(const struct kernels *k, enum format f);
	double least, most;
};
extern const struct kernel_check kernel_checks[]; /* the last has no name */

/* False with a sentence that names table, check and format. */
bool kernel_check_passes(const struct kernel_check *c, const struct kernels *k, char *said,
    size_t size);

#endif
