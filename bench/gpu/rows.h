/* What the bench that runs alone leaves behind: a file that `hearth` reads as its own
 * (bench/suite/record.h, google-benchmark's shape), written with nothing but the C library. */
#ifndef HEARTH_BENCH_GPU_ROWS_H
#define HEARTH_BENCH_GPU_ROWS_H

#include <stdio.h>

#include "bench/gpu/work.h"

enum { GPU_SAMPLES_MAX = 64 };

struct gpu_sample {
	double device_s, cpu_s; /* of a call: on the device's clock; the processor's meanwhile */
	long calls;
};

struct gpu_row {
	struct gpu_case c;
	struct gpu_sample sample[GPU_SAMPLES_MAX]; /* in the order taken */
	int samples;
	double error;
	double energy_j, idle_j, window_s, energy_calls; /* of a window of calls; NAN: none */
};

struct gpu_record {
	char date[40], host[80], cpu_model[96], system[128], compiler[96], version[32];
	char device[GPU_TEXT_SIZE], driver[GPU_TEXT_SIZE];
	int processors;
	bool quick;
	double duration_s;
	struct gpu_row *row;
	size_t rows;
};

/* Middle of the samples; of their distances from it, over it. */
double gpu_row_median_s(const struct gpu_row *r);
double gpu_row_spread(const struct gpu_row *r);

/* A row whose spread is above 5 %; a record with a quarter of such rows. */
bool gpu_row_noisy(const struct gpu_row *r);
bool gpu_record_noisy(const struct gpu_record *r);

/* Was the result as the twin's? */
bool gpu_row_right(const struct gpu_row *r);

/* Rows that nobody could time are left out. */
void gpu_record_write(FILE *out, const struct gpu_record *r);

/* The products in bf16, fp16 and fp8, that of one token among them, as a table for `hearth
 * calibrate products` and `fp8`: CSV with columns gpu, dtype, m, n, k, latency_ms (m tokens).
 * Rows that are wrong are left out. */
void gpu_products_write(FILE *out, const struct gpu_record *r);

#endif
