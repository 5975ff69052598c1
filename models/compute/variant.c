#include "models/compute/variant.h"

#include <math.h>
#include <string.h>

/* Benchmarks whose answers are chosen from a list, and how long that is. */
static const struct {
	const char *name;
	double chance;
} benchmarks[] = {
	{ "MMLU", 0.25 },         /* Hendrycks et al. 2021: four answers */
	{ "MMLU-Pro", 0.1 },      /* Wang et al. 2024: ten */
	{ "GPQA", 0.25 },         /* Rein et al. 2023: four */
	{ "GPQA Diamond", 0.25 }, /* a part of it */
};

double benchmark_chance(const char *benchmark)
{
	for (size_t i = 0; i < sizeof benchmarks / sizeof *benchmarks; i++)
		if (!strcmp(benchmarks[i].name, benchmark)) return benchmarks[i].chance;
	return 0;
}

double variant_score(const struct variant_par *v, double score_frac, const char *benchmark)
{
	if (!v) return score_frac;
	if (!isnan(v->score_loss_frac)) return fmax(0, score_frac - v->score_loss_frac);
	if (isnan(v->perplexity_ratio)) return NAN;
	double chance = fmin(benchmark_chance(benchmark), score_frac);
	return chance + (score_frac - chance) / v->perplexity_ratio;
}

enum { TWO_FOUR_INDEX_BITS = 2 }; /* of a weight that is kept: Mishra et al. 2021, section 3 */

struct variant_work variant_work(
    const struct variant_par *v, const struct device_par *d, double dense_bytes)
{
	struct variant_work all = { 1, 1, 1 };
	if (!v) return all;
	switch ((enum pruning)v->pruning) {
	case PRUNING_NONE:
	case PRUNING_SCATTERED:
		break;
	case PRUNING_TWO_FOUR:
		if (!(d->sparse_gain > 0)) break;
		return (struct variant_work){ 0.5,
			0.5 * (1 + TWO_FOUR_INDEX_BITS / (8 * dense_bytes)), 0.5 * d->sparse_gain };
	case PRUNING_STRUCTURED:
		return (struct variant_work){ 1 - v->zero_frac, 1 - v->zero_frac, 1 };
	}
	return all;
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct variant_par, name, "name", REQUIRED, "name that nodes refer to"),
	ATTR_REF(struct variant_par, model, "model", OPTIONAL, "model",
	    "the only model that it is a variant of; absent: any"),
	ATTR_TEXT(struct variant_par, measured_on, "measured-on", OPTIONAL,
	    "model whose accuracy was measured; others of its size lose about as much, smaller "
	    "ones more"),
	ATTR_ENUM(struct variant_par, weights, "weights", VARIANT_AS_NODE,
	    VARIANT_AS_NODE " " WEIGHTS_WORDS, "how weights are stored, as of a node"),
	ATTR_QTY(struct variant_par, weight_bits, "weight-bits", DIM_NUMBER, OPTIONAL, 1, 32,
	    "bits of a weight on average, in a packed format that is unpacked as fast as q8, q4 or "
	    "q4-0; absent: those of that format"),
	ATTR_ENUM(struct variant_par, kv, "kv", VARIANT_AS_NODE, VARIANT_AS_NODE " " KV_WORDS,
	    "how the KV cache is stored, as of a node"),
	ATTR_ENUM(struct variant_par, pruning, "pruning", "none", PRUNING_WORDS,
	    "weights left out of the layers' matrices: scattered, which saves nothing; 2:4, which "
	    "devices with sparse-gain= make use of; structured, rows and columns, which all do"),
	ATTR_QTY(struct variant_par, zero_frac, "zeros", DIM_FRACTION, OPTIONAL, 0, 0.99,
	    "share of the layers' weights that is left out; of 2:4 it is a half"),
	ATTR_QTY(struct variant_par, exit_depth_frac, "exit-depth", DIM_FRACTION, OPTIONAL, 0.01, 1,
	    "early exit: share of the layers before it"),
	ATTR_QTY(struct variant_par, exit_frac, "exit-share", DIM_FRACTION, OPTIONAL, 0, 1,
	    "share of the output tokens that leave there"),
	ATTR_QTY(struct variant_par, score_loss_frac, "score-loss", DIM_FRACTION, OPTIONAL, 0, 1,
	    "share of a benchmark's questions that it answers correctly no more"),
	ATTR_QTY(struct variant_par, perplexity_ratio, "perplexity-ratio", DIM_NUMBER, OPTIONAL, 1,
	    1e3,
	    "perplexity over that of the model itself; what a score has above guessing "
	    "is divided by it"),
	SOURCE_ATTRS(struct variant_par),
	ATTR_END,
};

static bool packed(const struct variant_par *p)
{
	return p->weights != VARIANT_FORMAT_NODE && weights_packed((enum weights)(p->weights - 1));
}

static void check_pruning(const struct object *o, struct err_list *e)
{
	const struct variant_par *p = o->par;
	bool zeros = !isnan(p->zero_frac);
	if (p->pruning == PRUNING_NONE && zeros)
		err_at(e, object_attr_pos(o, "zeros"),
		    "variant: zeros= needs pruning=, for where they are decides what they save");
	if (p->pruning == PRUNING_TWO_FOUR && zeros && p->zero_frac != 0.5)
		err_at(e, object_attr_pos(o, "zeros"),
		    "variant: of pruning=\"2:4\" half of the weights are zero; leave zeros= out");
	if ((p->pruning == PRUNING_SCATTERED || p->pruning == PRUNING_STRUCTURED) && !zeros)
		err_at(e, object_attr_pos(o, "pruning"),
		    "variant: pruning= needs zeros=, the share of weights that is left out");
	if (p->pruning == PRUNING_TWO_FOUR && packed(p))
		err_at(e, object_attr_pos(o, "pruning"),
		    "variant: packed weights= are unpacked to dense ones; write fp16, fp8 or int8 "
		    "with pruning=\"2:4\"");
}

static void check(const struct object *o, struct err_list *e)
{
	const struct variant_par *p = o->par;
	check_pruning(o, e);
	if (!isnan(p->weight_bits) && !packed(p))
		err_at(e, object_attr_pos(o, "weight-bits"),
		    "variant: weight-bits= is of packed weights; write weights=\"q8\", \"q4\" or "
		    "\"q4-0\", as which they are unpacked");
	if (isnan(p->exit_depth_frac) != isnan(p->exit_frac))
		err_at(e, o->pos,
		    "variant: exit-depth= and exit-share= go together; give both or "
		    "none");
	if (!isnan(p->score_loss_frac) && !isnan(p->perplexity_ratio))
		err_at(e, object_attr_pos(o, "perplexity-ratio"),
		    "variant: score-loss= is what perplexity-ratio= would stand for; leave one "
		    "out");
}

const struct class variant_class = {
	.element = "variant",
	.parents = "scenario catalogue",
	.about = "A model computed with less: weights or KV cache of fewer bits, weights left out, "
		 "layers not passed. A node names it beside its model.",
	.par_size = sizeof(struct variant_par),
	.attrs = attrs,
	.check = check,
};
