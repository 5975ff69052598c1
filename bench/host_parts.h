/* What the estimates of processors and of accelerators share. */
#ifndef HEARTH_BENCH_HOST_PARTS_H
#define HEARTH_BENCH_HOST_PARTS_H

#include "bench/fit.h"
#include "bench/host.h"
#include "bench/spread.h"

struct source {
	struct host *host;
	const struct bench_file *file;
	const struct host_options *options;
};

/* Measured on the device, with as many threads, fit for use. */
bool host_counts(const struct source *s, const struct bench_row *r);

void host_put(struct host *h, enum host_id id, struct host_constant c); /* to the device, too */

/* Middle and quantiles of the pool, which is freed, times `scale`. */
struct host_constant host_estimate(struct spread *p, double scale);

/* The i-th constant of a fit to so many rows. */
struct host_constant host_fitted(const struct fit *f, size_t i, size_t rows);

/* The best case of all: it has no interval. */
struct host_constant host_best(double value);

/* False with entries in e where cases are missing that a device cannot be without. */
bool host_processor(const struct source *s, struct err_list *e);
bool host_accelerator(const struct source *s, struct err_list *e);

#endif
