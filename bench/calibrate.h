/* From a table of measurements to constants of the catalogue. */
#ifndef HEARTH_BENCH_CALIBRATE_H
#define HEARTH_BENCH_CALIBRATE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/err.h"
#include "bench/fit.h"
#include "bench/ops.h"
#include "bench/score.h"
#include "models/compute/device.h"

enum { CALIBRATE_REGIMES_MAX = 4 };

/* A constant that keeps its value. */
struct calibrate_hold {
	const char *name;
	double value; /* SI */
};

struct calibrate_input {
	const char *table; /* path; NULL: of what is at hand */
	const char *const
	    *where; /* pairs of column and text that rows must have; NULL at the end */
	const struct device_par *device; /* NULL: kind packed needs none */
	/* Of the kinds that run whole iterations: */
	const char *engine;             /* name of the row to start from */
	const char *model;              /* of llama-bench, NULL: by its number of parameters;
	                                   and of layer tables */
	int weights;                    /* of llama-batched-bench, enum weights; -1: not said */
	const struct object *catalogue; /* linked by next */
	const struct calibrate_hold *hold;
	size_t holds;
	double cache_bytes; /* operands of twice that size and less are left out; 0: none are */
};

/* Rows of one kind, told apart in what is printed. */
struct calibrate_regime {
	const char *name;
	struct fit_score fitted, held_out; /* by all rows; by the other folds */
};

struct calibration {
	const char *kind;
	bool is_engine; /* constants of an engine, not of a device */
	struct fit_constant constant[FIT_CONSTANTS_MAX]; /* names are the catalogue's attributes */
	size_t constants;
	struct fit fit;
	size_t rows, in_cache; /* used; left out because their operands fit the cache */
	struct calibrate_regime regime[CALIBRATE_REGIMES_MAX];
	size_t regimes;
	char sha256[DIGEST_SIZE]; /* of the table */
	bool unidentified;        /* why it failed: the rows are right but do not suffice */
};

/* products:  flops-share, bandwidth-share, op-time, roundness from times of matrix
 *            products;
 * fp8:       fp8-flops-share from such times in fp8, with the device's other constants;
 * decode:    attention-bandwidth-share, attention-time, attention-row-time from
 *            times of decode attention, with the flops-share of the device;
 * prefill:   attention-share from times of prefill attention, with the device's
 *            constants of the decode.
 * engine:    sequence-time, layer-time, link-share of an engine from runs in steady
 *            state (bench/served.h), with the constants of the device.
 * collectives: collective-time and link-share of an engine from times of all-reduces,
 *            with the link of the device.
 * llama-bench: flops-share and bandwidth-share of a device from the output of that
 *            program, with the constants of the engine;
 * packed:    sequence-time, layer-time and packed-share of an engine from decoding of
 *            one request on many devices, with the constants of each.
 * power:     power-base, power-bandwidth, power-flops, power-exponent, power-max of a
 *            device from the power of such runs, at the step that was measured.
 * False with entries in e when the table cannot be used or does not identify each
 * of the constants. Give *c to calibration_free in either case. */
bool calibrate_products(
    struct calibration *c, const struct calibrate_input *in, struct err_list *e);
bool calibrate_fp8(struct calibration *c, const struct calibrate_input *in, struct err_list *e);
bool calibrate_decode(struct calibration *c, const struct calibrate_input *in, struct err_list *e);
bool calibrate_prefill(struct calibration *c, const struct calibrate_input *in, struct err_list *e);
bool calibrate_engine(struct calibration *c, const struct calibrate_input *in, struct err_list *e);
bool calibrate_collectives(
    struct calibration *c, const struct calibrate_input *in, struct err_list *e);
bool calibrate_llama_bench(
    struct calibration *c, const struct calibrate_input *in, struct err_list *e);
bool calibrate_packed(struct calibration *c, const struct calibrate_input *in, struct err_list *e);
bool calibrate_power(struct calibration *c, const struct calibrate_input *in, struct err_list *e);
void calibration_free(struct calibration *c);

/* Kinds products, fp8 and decode of operations at hand: those of that kind among o. */
bool calibrate_product_ops(struct calibration *c, const struct ops *o, bool fp8,
    const struct calibrate_input *in, struct err_list *e);
bool calibrate_decode_ops(struct calibration *c, const struct ops *o,
    const struct calibrate_input *in, struct err_list *e);

void calibration_print(const struct calibration *c, FILE *out);

/* The i-th constant as catalogues have it: "17.69 us". The caller frees. */
char *calibration_value(const struct calibration *c, size_t i);

#endif
