/* A variant of a language model: the same model, computed with less.
 *
 *     <node model="llama-3.1-8b" variant="q4-k-m" .../>
 *
 * Weights or KV cache of fewer bits, weights left out, layers not passed. What that takes
 * in time and energy follows from the bytes and flops that are left, by the same roofline
 * and power as ever; what it costs in accuracy is a figure of the row, with its source.
 *
 * Weights left out (zero_frac of those in the matrix products of the layers):
 *   scattered:  anywhere, as pruning by size leaves them (Sun et al. 2023, "Wanda"). Dense
 *               kernels multiply by the zeros; neither time nor memory is saved.
 *   2:4:        two of every four in a row (Mishra et al. 2021, arXiv 2104.08378). A device
 *               with sparse-gain= stores the other two with an index of 2 bits each and
 *               leaves the zeros out of its arithmetic: half the flops, at sparse-gain / 2
 *               of the rate. On any other device it is as scattered.
 *   structured: whole rows and columns (Ma et al. 2023, "LLM-Pruner"): smaller dense
 *               matrices, on every device. The KV cache stays whole.
 * Embeddings and head are dense in all of them.
 *
 * Early exit (Schuster et al. 2022, "CALM"; Elhoushi et al. 2024, "LayerSkip"): early_exit.h.
 *
 * Accuracy, one of two figures:
 *   score-loss:       points of the benchmark lost, as measured.
 *   perplexity-ratio: perplexity over that of the model itself. Perplexity is the inverse
 *       of the geometric mean of the chances that a model gives to the right tokens, so
 *       that these fall by the ratio. Hearth takes what a score has above guessing to fall
 *       as much:  score' = chance + (score - chance) / ratio. An assumption: q4-k-m
 *       then loses 1.2 points of Llama 3.1 8B's 69.4 in MMLU; quantizers to 4 bits were
 *       measured to lose 0.5 to 2 (Huang et al. 2024, arXiv 2404.14047, recalled). Answers
 *       of many steps can lose more.
 * With neither, the score of its answers is not known and not reported. */
#ifndef HEARTH_MODELS_COMPUTE_VARIANT_H
#define HEARTH_MODELS_COMPUTE_VARIANT_H

#include "models/class.h"
#include "models/compute/device.h"

enum pruning { PRUNING_NONE, PRUNING_SCATTERED, PRUNING_TWO_FOUR, PRUNING_STRUCTURED };
#define PRUNING_WORDS "none scattered 2:4 structured"

/* Values of the KV cache. fp8 halves bytes, fp32 doubles them; the arithmetic is fp16, or
 * what attention-flops of the device says. */
enum kv_values { KV_FP16, KV_FP8, KV_FP32 };
#define KV_WORDS "fp16 fp8 fp32"

/* In place of a format: what the node says. */
#define VARIANT_AS_NODE "as-node"
enum { VARIANT_FORMAT_NODE };

struct variant_par {
	const char *name, *source;
	int verify;
	const struct object *model; /* the only one that it is of; NULL: any */
	const char *measured_on;    /* whose accuracy its figures are; NULL: not said */
	int weights;                /* VARIANT_FORMAT_NODE, or 1 + enum weights */
	double weight_bits;         /* of a weight, on average; NAN: those of the format */
	int kv;                     /* VARIANT_FORMAT_NODE, or 1 + enum kv_values */
	int pruning;                /* enum pruning */
	double zero_frac;           /* of the layers' weights; NAN: of 2:4, 0.5 */
	double exit_depth_frac;     /* layers before the exit; NAN: none */
	double exit_frac;           /* tokens that leave there; NAN: none */
	double score_loss_frac;     /* NAN: not given */
	double perplexity_ratio;    /* NAN: not given */
};

extern const struct class variant_class;

/* What is left of a layer's matrix products on a device. v NULL: all of it. */
struct variant_work {
	double flops_frac; /* multiplied out of those of the shape */
	double bytes_frac; /* read, and kept in memory, of the bytes of dense weights */
	double rate_frac;  /* of the rate of dense products */
};
/* dense_bytes: of one weight, as stored without pruning. */
struct variant_work variant_work(
    const struct variant_par *v, const struct device_par *d, double dense_bytes);

/* The share of correct answers that is left of score_frac in that benchmark (by its name,
 * for its chance of guessing; an unknown one has none). NAN where it is not known. */
double variant_score(const struct variant_par *v, double score_frac, const char *benchmark);

/* The chance of guessing right in a benchmark; 0 where its answers are not chosen from a
 * list, or hearth does not know it. */
double benchmark_chance(const char *benchmark);

#endif
