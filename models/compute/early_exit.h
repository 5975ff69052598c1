/* Early exit: some tokens leave a model before its last layers.
 *
 * Behind the share e of the layers each output token is judged by the head's own output,
 * and the share x of them leaves there (Schuster et al. 2022, "CALM", section 3.3; Elhoushi
 * et al. 2024, "LayerSkip"). Who leaves is taken to be independent. Of n tokens of an
 * iteration that only decodes, k ~ Bin(n, 1 - x) pass the layers behind the exit, which
 * take their time and weights with k tokens, and none with k = 0:
 *
 *     t(n) = e t_layers(n) + (1 - e) E[t_layers(k)] + t_head(n) + E[t_head(k)].
 *
 * One token alone saves (1 - e) x of the layers; of many some always stay, so that weights
 * are read and only arithmetic and attention are saved. An iteration that computes prompts
 * passes all layers. Left out: the keys and values that later layers would need of a token
 * that left (both papers fill them in when they are first needed); the host's time of a
 * layer, which is that of all layers, as of a recorded graph. The cache is kept whole. */
#ifndef HEARTH_MODELS_COMPUTE_EARLY_EXIT_H
#define HEARTH_MODELS_COMPUTE_EARLY_EXIT_H

#include <stdint.h>

/* By the tokens of an iteration, 0 to `most`. */
struct early_exit {
	double passed_frac;   /* of all pairs of a token and a layer: e + (1 - e)(1 - x) */
	double stay_frac;     /* 1 - x */
	double *reached_frac; /* of the layers that any token passes: e + (1 - e)(1 - x^n) */
	double *layers_s, *head_s, *weight_bytes;
};

/* What all layers and the head take with so many tokens; of index 0 nothing. */
struct early_exit_of {
	const double *layers_s, *head_s, *layers_bytes;
	double head_bytes;
	int64_t most;
};

/* 0 < depth_frac <= 1, 0 <= exit_frac <= 1. */
struct early_exit *early_exit_new(
    double depth_frac, double exit_frac, const struct early_exit_of *all);
void early_exit_free(struct early_exit *x); /* takes NULL */

/* Mean of value[k] with k ~ Bin(n, p); value has n + 1 elements. */
double binomial_mean(const double *value, int64_t n, double p);

#endif
