/* What the parts of the calibration share. */
#ifndef HEARTH_BENCH_CALIBRATE_PARTS_H
#define HEARTH_BENCH_CALIBRATE_PARTS_H

#include "bench/calibrate.h"

/* The context of a fit on single operations. */
struct kernels {
	const struct device_par *device;
	struct ops ops;
};

/* What is fitted, and how its rows are told apart. ctx is the caller's. */
struct calibrate_kind {
	const char *name;
	const struct fit_constant *constant;
	size_t constants;
	double (*predict)(const void *ctx, const double *value, size_t row);
	size_t (*regime_of)(const void *ctx, size_t row);
	const char *const *regime_name;
	size_t regimes, starts;
};

/* Fits, judges and scores the rows. */
bool calibrate_rows(struct calibration *c, const struct calibrate_kind *kind, const void *ctx,
    const double *measured, size_t rows, const struct calibrate_input *in, struct err_list *e);

#endif
