/* hearth calibrate bench FILE.json: what was measured as a device of the catalogue. */
#ifndef HEARTH_CLI_CALIBRATE_BENCH_H
#define HEARTH_CLI_CALIBRATE_BENCH_H

#include "base/err.h"
#include "bench/host.h"

struct calibrate_bench {
	const char *path;   /* of the bench file */
	const char *output; /* of the rows; NULL: not written */
	const char *name;   /* of the device; NULL: by its own */
	const char *device; /* which of the file's, or a part of its name; NULL: the only one */
	const char *anchor; /* lines of an engine that ran here; NULL: none */
	const char *model;  /* of these, NULL: by the number of parameters */
	int weights;        /* of llama-batched-bench, enum weights; -1: not said */
	double tdp_w, idle_w; /* NAN: by the file's energy */
	double memory_bytes, fp16_flops_s; /* NAN: by the file's rows */
	int threads;        /* 0: the most in the file */
	bool force;
};

int calibrate_bench(const struct calibrate_bench *c, struct err_list *e); /* a status */

#endif
