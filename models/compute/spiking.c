#include "models/compute/spiking.h"

#include <assert.h>
#include <math.h>

/* Products in the order of a block. */
static const enum llm_op block_ops[] = { LLM_QKV, LLM_Q_UP, LLM_KV_UP, LLM_OUT, LLM_DENSE_UP,
	LLM_DENSE_DOWN, LLM_SHARED_UP, LLM_SHARED_DOWN, LLM_UP, LLM_DOWN };

static void add_layer(struct spiking_net *n, struct spiking_layer l)
{
	assert(n->count < SPIKING_LAYERS_MAX);
	n->layer[n->count++] = l;
}

/* The neurons before a product and what they drive. Those before a mixture drive all experts,
 * of which few are listened to; behind them each expert has neurons of its own. */
static struct spiking_layer product_layer(
    const struct spiking_par *p, const struct gemm *g, double repeat, bool of_expert)
{
	double share = g->active / g->experts;
	return (struct spiking_layer){
		.neurons = of_expert ? g->k * g->experts : g->k,
		.fan_out = of_expert ? g->n : g->n * g->experts,
		.awake_frac = of_expert ? share : 1,
		.active_frac = of_expert ? 1 : share,
		.rate = p->rate,
		.sparsity_frac = p->sparsity_frac,
		.repeat = repeat,
	};
}

static void add_attention(
    struct spiking_net *n, const struct spiking_par *p, const struct llm_par *m)
{
	double k = (double)p->steps * p->rate;
	double each = k * llm_decode_attention(m, 1, ACTIVATION_BYTES, 1).flops / 2;
	n->context_synops = each * (double)(m->layers - m->window_layers);
	n->window_synops = each * (double)m->window_layers;
	n->window = m->window_layers > 0 ? (double)m->window : INFINITY;
}

static void add_model(struct spiking_net *n, const struct spiking_par *p, const struct llm_par *m)
{
	for (size_t i = 0; i < sizeof block_ops / sizeof *block_ops; i++) {
		struct gemm g = llm_gemm(m, 1, block_ops[i]);
		double repeat = llm_op_layers(m, block_ops[i]);
		if (g.n > 0 && repeat > 0)
			add_layer(n, product_layer(p, &g, repeat, block_ops[i] == LLM_DOWN));
	}
	struct gemm head = llm_head(m, 1);
	add_layer(n, product_layer(p, &head, 1, false));
	add_layer(n,
	    (struct spiking_layer){
		.neurons = (double)m->vocabulary, .awake_frac = 1, .active_frac = 1, .repeat = 1 });
	if (p->method == SPIKING_CONVERSION) add_attention(n, p, m);
}

static void add_children(struct spiking_net *n, const struct object *o)
{
	const struct spiking_par *p = o->par;
	const struct object *c = object_child(o, &spiking_layer_class);
	for (; c; c = object_next(c)) {
		const struct spiking_layer_par *l = c->par;
		add_layer(n, (struct spiking_layer){
				 .neurons = l->neurons,
				 .fan_out = l->fan_out,
				 .awake_frac = 1,
				 .active_frac = 1,
				 .rate = isnan(l->rate) ? p->rate : l->rate,
				 .sparsity_frac =
				     isnan(l->sparsity_frac) ? p->sparsity_frac : l->sparsity_frac,
				 .repeat = (double)l->repeat,
			     });
	}
}

struct spiking_net spiking_net_of(const struct object *o)
{
	const struct spiking_par *p = o->par;
	struct spiking_net n = {
		.steps = (double)p->steps,
		.weight_bits = (double)p->weight_bits,
		.update_frac = p->update_frac,
		.imbalance = p->imbalance,
		.window = INFINITY,
	};
	if (p->model)
		add_model(&n, p, p->model->par);
	else
		add_children(&n, o);
	return n;
}

/* Weights of one copy that are not zero. */
static double layer_synapses(const struct spiking_layer *l)
{
	return l->neurons * l->fan_out * (1 - l->sparsity_frac);
}

double spiking_neurons(const struct spiking_net *n)
{
	double sum = 0;
	for (int i = 0; i < n->count; i++) sum += n->layer[i].repeat * n->layer[i].neurons;
	return sum;
}

double spiking_synapses(const struct spiking_net *n)
{
	double sum = 0;
	for (int i = 0; i < n->count; i++) sum += n->layer[i].repeat * layer_synapses(&n->layer[i]);
	return sum;
}

double spiking_depth(const struct spiking_net *n)
{
	double sum = 0;
	for (int i = 0; i < n->count; i++) sum += n->layer[i].repeat;
	return sum;
}

double spiking_layer_bytes(const struct spiking_net *n, const struct spiking_layer *l)
{
	return layer_synapses(l) * n->weight_bits / 8;
}

double spiking_weight_bytes(const struct spiking_net *n)
{
	return spiking_synapses(n) * n->weight_bits / 8;
}

struct spike_counts spiking_layer_counts(const struct spiking_net *n, const struct spiking_layer *l)
{
	double accesses = n->steps * l->repeat * l->neurons * l->awake_frac;
	double fires = l->rate * accesses;
	return (struct spike_counts){
		.accesses = accesses,
		.updates = n->update_frac * accesses,
		.fires = fires,
		.synops = fires * l->fan_out * l->active_frac * (1 - l->sparsity_frac),
	};
}

struct spike_counts spiking_counts(const struct spiking_net *n)
{
	struct spike_counts sum = { 0 };
	for (int i = 0; i < n->count; i++)
		sum = spike_counts_add(sum, spiking_layer_counts(n, &n->layer[i]));
	return sum;
}

double spiking_context_synops(const struct spiking_net *n, double context)
{
	return n->context_synops * context + n->window_synops * fmin(context, n->window);
}

double spiking_k(const struct spiking_net *n)
{
	double used = 0;
	for (int i = 0; i < n->count; i++) {
		const struct spiking_layer *l = &n->layer[i];
		used += l->repeat * layer_synapses(l) * l->awake_frac * l->active_frac;
	}
	return used > 0 ? spiking_counts(n).synops / used : 0;
}

double spiking_accuracy_frac(const struct spiking_par *p, double ann_frac)
{
	if (!isnan(p->accuracy_frac)) return p->accuracy_frac;
	if (isnan(p->gap16_frac)) return ann_frac;
	return fmax(0, ann_frac - p->gap16_frac * pow(16 / (double)p->steps, p->gap_exponent));
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct spiking_par, name, "name", REQUIRED, "name that nodes refer to"),
	ATTR_ENUM(struct spiking_par, method, "method", REQUIRED, SPIKING_METHOD_WORDS,
	    "conversion: of a network without spikes, whose attention it keeps; native: trained "
	    "with spikes, with a state in the place of attention"),
	ATTR_REF(struct spiking_par, model, "model", OPTIONAL, "model",
	    "language model whose layers it has; absent: its <layer> elements tell them"),
	ATTR_INT(struct spiking_par, steps, "steps", REQUIRED, 1, 1e6,
	    "T: time steps of an inference, of a language model for each token"),
	ATTR_QTY(struct spiking_par, rate, "rate", DIM_NUMBER, REQUIRED, 0, 1,
	    "r: spikes of a neuron in a time step"),
	ATTR_QTY(struct spiking_par, sparsity_frac, "sparsity", DIM_FRACTION, "0", 0, 0.9999,
	    "share of the weights that are zero, which neither are kept nor cost operations"),
	ATTR_QTY(struct spiking_par, update_frac, "update-share", DIM_FRACTION, "1", 0, 1,
	    "of the neurons that are looked at in a step, those whose state changes"),
	ATTR_QTY(struct spiking_par, imbalance, "imbalance", DIM_NUMBER, "1", 1, 1e4,
	    "work of the busiest core over an even share of its layer's, which makes time steps "
	    "longer"),
	ATTR_INT(struct spiking_par, weight_bits, "weight-bits", "8", 1, 64, "bits of a weight"),
	ATTR_QTY(struct spiking_par, accuracy_frac, "accuracy", DIM_FRACTION, OPTIONAL, 0, 1,
	    "share of right answers measured with these steps; absent: by the law below, or that "
	    "of the model"),
	ATTR_QTY(struct spiking_par, gap16_frac, "gap-16", DIM_FRACTION, OPTIONAL, 0, 1,
	    "accuracy that a conversion loses at 16 steps; at T steps it loses (16 / T) to the "
	    "power gap-exponent times that; absent: it loses nothing"),
	ATTR_QTY(struct spiking_par, gap_exponent, "gap-exponent", DIM_NUMBER, OPTIONAL, 0, 10,
	    "exponent of that law"),
	SOURCE_ATTRS(struct spiking_par),
	ATTR_END,
};

static void check_accuracy(const struct object *o, struct err_list *e)
{
	const struct spiking_par *p = o->par;
	bool law = !isnan(p->gap16_frac), power = !isnan(p->gap_exponent);
	if (law != power)
		err_at(e, object_attr_pos(o, law ? "gap-16" : "gap-exponent"),
		    "spiking: gap-16 and gap-exponent go together; give both or none");
	if (law && !isnan(p->accuracy_frac))
		err_at(e, object_attr_pos(o, "accuracy"),
		    "spiking: accuracy= is measured and gap-16= a law; give one of them");
	if (law && p->method == SPIKING_NATIVE)
		err_at(e, object_attr_pos(o, "gap-16"),
		    "spiking: gap-16= is what a conversion loses; give accuracy= of a native "
		    "network");
}

static void check(const struct object *o, struct err_list *e)
{
	const struct spiking_par *p = o->par;
	const struct object *layer = object_child(o, &spiking_layer_class);
	if (p->model && layer)
		err_at(e, layer->pos,
		    "spiking: model=\"%s\" has layers of its own; take the <layer> elements or "
		    "model= away",
		    p->model->name);
	if (!p->model && !layer && !object_attr_is_written(o, "model"))
		err_at(e, o->pos, "spiking: it has no layers; give model= or <layer> elements");
	check_accuracy(o, e);
}

const struct class spiking_class = {
	.element = "spiking",
	.parents = "scenario catalogue",
	.about = "A spiking network, or the spiking version of a language model: time steps, how "
		 "often its neurons spike, and how many of its weights are zero.",
	.par_size = sizeof(struct spiking_par),
	.attrs = attrs,
	.check = check,
};

static const struct attr layer_attrs[] = {
	ATTR_QTY(struct spiking_layer_par, neurons, "neurons", DIM_NUMBER, REQUIRED, 1, 1e12,
	    "neurons of the layer"),
	ATTR_QTY(struct spiking_layer_par, fan_out, "fan-out", DIM_NUMBER, REQUIRED, 0, 1e12,
	    "synapses that each of them drives, those of weight zero included; a mean; 0: the "
	    "readout"),
	ATTR_QTY(struct spiking_layer_par, rate, "rate", DIM_NUMBER, OPTIONAL, 0, 1,
	    "spikes of a neuron in a time step; absent: the network's"),
	ATTR_QTY(struct spiking_layer_par, sparsity_frac, "sparsity", DIM_FRACTION, OPTIONAL, 0, 1,
	    "share of its weights that are zero; absent: the network's"),
	ATTR_INT(struct spiking_layer_par, repeat, "repeat", "1", 1, 1e6,
	    "equal layers that follow each other"),
	ATTR_END,
};

const struct class spiking_layer_class = {
	.element = "layer",
	.parents = "spiking",
	.about = "A layer of a spiking network, or several equal ones; in the order in which "
		 "spikes pass them.",
	.par_size = sizeof(struct spiking_layer_par),
	.attrs = layer_attrs,
	.max = SPIKING_LAYERS_MAX,
};
