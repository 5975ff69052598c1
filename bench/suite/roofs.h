/* The roofline of this machine (Williams, Waterman and Patterson 2009, "Roofline"): what
 * its memory and its arithmetic can do, as far as the rows of a run show.
 *
 * The roof of memory is the rate of kernel "read" of group "memory" at the nearest size
 * (key "span", bytes of the working set) with as many threads; that of arithmetic is the
 * most flops that a kernel "gemm_FORMAT" reached with as many threads, a kernel's format
 * being what follows the last '_' of its name ("gemv_q8"). Where a run has no such row there
 * is no roof, and functions give NAN. */
#ifndef HEARTH_BENCH_SUITE_ROOFS_H
#define HEARTH_BENCH_SUITE_ROOFS_H

#include "bench/suite/record.h"

double roof_bytes_s(const struct bench_file *f, double span_bytes, int threads);
double roof_flops_s(const struct bench_file *f, const char *format, int threads);

/* "q8" of "gemv_q8"; "" of "copy". */
const char *roof_format(const struct bench_row *r);

/* Least time by the roofs over the median; 1: at the roof. Without one of arithmetic it is
 * memory's alone. NAN: no roof of memory, or the work was done by another device. */
double roof_share(const struct bench_file *f, const struct bench_row *r);

/* For a picture: memory by level, a cache's being the rate at the largest size of at most half
 * of it, and that beyond them at the largest size of all; then arithmetic by format. */
struct roof {
	char label[BENCH_NAME_SIZE]; /* "L2", "memory", "q8" */
	double bytes_s, flops_s;     /* one of them is NAN */
};
enum { ROOFS_MAX = 48 };
struct roofs {
	struct roof roof[ROOFS_MAX];
	size_t count;
};
void roofs_of(const struct bench_file *f, int threads, struct roofs *all);

#endif
