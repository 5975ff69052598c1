/* This machine as a device of the simulator, from a file of `hearth bench`.
 *
 * Each constant is the middle of what its cases measured, and its interval the 5 % and
 * 95 % quantiles of their samples (bench/spread.h): across repetitions and across shapes,
 * since a new model's shapes differ from those measured. Of the rows with as many threads:
 *
 *   bandwidth            group memory, kernel read, at the largest span
 *   cache, cache-bandwidth  a fit of streamed.h to read from twice the second-level caches
 *                        on; the interval is 1.645 standard errors
 *   F-vector             gemv_F with spans of up to half that cache, flops
 *   F-bandwidth-share    gemv_F with spans of four times that cache and more; the rest of
 *                        the gemv rows are neither
 *   F-flops              gemm_F with 64 tokens and more
 *   fp32, fp16           the best case of gemm_f32, and of gemm_f16 where there is one
 *   attention-bandwidth-share  attention of one token, with the fewest query heads a
 *                        key-value head, but for spans that lie in the cache
 *   attention-flops      the same with 4 query heads and more
 *   attention-share      attention of several tokens
 *   rest-bandwidth-share group rest with 64 tokens and more: bytes of llm_rest_bytes
 *   layer-time           of the engine: group rest with one token, less those bytes
 *
 * Times of one thread are its processor time, which others' work does not lengthen; on a
 * quiet machine it is the wall's.
 *
 * op-time and attention-time are 0 and roundness 100: on a processor nothing is launched,
 * and a product is bound by one limit or the other. */
#ifndef HEARTH_BENCH_HOST_H
#define HEARTH_BENCH_HOST_H

#include "base/err.h"
#include "bench/suite/record.h"
#include "models/compute/device.h"
#include "models/compute/engine.h"

#define HOST_LIST(X) \
	X(HOST_BANDWIDTH, "bandwidth", DIM_BYTE_RATE, bandwidth_bytes_s) \
	X(HOST_CACHE, "cache", DIM_BYTES, cache_bytes) \
	X(HOST_CACHE_BANDWIDTH, "cache-bandwidth", DIM_BYTE_RATE, cache_bytes_s) \
	X(HOST_FP16, "fp16", DIM_FLOP_RATE, fp16_flops_s) \
	X(HOST_FP32, "fp32", DIM_FLOP_RATE, fp32_flops_s) \
	X(HOST_FP32_FLOPS, "fp32-flops", DIM_FLOP_RATE, kernel[KERNEL_FP32].flops_s) \
	X(HOST_FP32_VECTOR, "fp32-vector", DIM_FLOP_RATE, kernel[KERNEL_FP32].vector_flops_s) \
	X(HOST_FP32_SHARE, "fp32-bandwidth-share", DIM_FRACTION, \
	    kernel[KERNEL_FP32].bandwidth_share) \
	X(HOST_FP16_FLOPS, "fp16-flops", DIM_FLOP_RATE, kernel[KERNEL_FP16].flops_s) \
	X(HOST_FP16_VECTOR, "fp16-vector", DIM_FLOP_RATE, kernel[KERNEL_FP16].vector_flops_s) \
	X(HOST_FP16_SHARE, "fp16-bandwidth-share", DIM_FRACTION, \
	    kernel[KERNEL_FP16].bandwidth_share) \
	X(HOST_Q8_FLOPS, "q8-flops", DIM_FLOP_RATE, kernel[KERNEL_Q8].flops_s) \
	X(HOST_Q8_VECTOR, "q8-vector", DIM_FLOP_RATE, kernel[KERNEL_Q8].vector_flops_s) \
	X(HOST_Q8_SHARE, "q8-bandwidth-share", DIM_FRACTION, kernel[KERNEL_Q8].bandwidth_share) \
	X(HOST_Q4_FLOPS, "q4-flops", DIM_FLOP_RATE, kernel[KERNEL_Q4].flops_s) \
	X(HOST_Q4_VECTOR, "q4-vector", DIM_FLOP_RATE, kernel[KERNEL_Q4].vector_flops_s) \
	X(HOST_Q4_SHARE, "q4-bandwidth-share", DIM_FRACTION, kernel[KERNEL_Q4].bandwidth_share) \
	X(HOST_ATTENTION_SHARE, "attention-share", DIM_FRACTION, attention_share) \
	X(HOST_ATTENTION_BW, "attention-bandwidth-share", DIM_FRACTION, attention_bw_share) \
	X(HOST_ATTENTION_FLOPS, "attention-flops", DIM_FLOP_RATE, attention_flops_s) \
	X(HOST_REST_SHARE, "rest-bandwidth-share", DIM_FRACTION, rest_bw_share)

enum host_id {
#define X(id, name, dim, member) id,
	HOST_LIST(X)
#undef X
	HOST_CONSTANTS
};

/* Tokens of a prompt that bench/decoder computes together. */
enum { HOST_BLOCK = 128 };

struct host_constant {
	double value, low, high; /* SI; NAN: no case says anything about it */
	size_t rows, samples;
};

struct host {
	struct device_par device;
	struct engine_par engine; /* of bench/decoder on it */
	struct host_constant constant[HOST_CONSTANTS];
	struct host_constant layer; /* the engine's layer-time */
	int threads;
	size_t noisy;            /* rows that were left out */
};

struct host_options {
	const char *name;        /* of the device; kept by pointer */
	int threads;             /* 0: the most that the file has */
	double tdp_w, idle_w;    /* NAN: by the file's energy */
	bool force;              /* noisy machines and rows are taken as they are */
};

const char *host_name(enum host_id id);
enum dim host_dim(enum host_id id);

/* Where the constant lies in the device. */
double *host_member(struct device_par *d, enum host_id id);

/* Reports what is needed of power for a row of a catalogue and is not known. */
bool host_check_power(const struct host *h, struct err_list *e);

/* False with entries in e when the file's machine was noisy or cases are missing. */
bool host_of(struct host *h, const struct bench_file *f, const struct host_options *o,
    struct err_list *e);

#endif
