/* What the variant of a node's model changes of the node (variant.h). */
#include "models/compute/node_variant.h"

#include <math.h>

#include "models/compute/node_spiking.h"

const struct variant_par *node_variant(const struct node_par *p)
{
	return p->variant ? p->variant->par : NULL;
}

enum weights node_weights(const struct node_par *p)
{
	const struct variant_par *v = node_variant(p);
	bool own = !v || v->weights == VARIANT_FORMAT_NODE;
	return (enum weights)(own ? p->weights : v->weights - 1);
}

enum kv_values node_kv(const struct node_par *p)
{
	const struct variant_par *v = node_variant(p);
	bool own = !v || v->kv == VARIANT_FORMAT_NODE;
	return (enum kv_values)(own ? p->kv : v->kv - 1);
}

double node_value_bytes(const struct node_par *p)
{
	const struct variant_par *v = node_variant(p);
	return v && v->weight_bits > 0 ? v->weight_bits / 8 : weights_bytes(node_weights(p));
}

struct variant_work node_layer_work(const struct node_par *p)
{
	return variant_work(node_variant(p), node_device(p), node_value_bytes(p));
}

double node_left_out_bytes(const struct node_par *p)
{
	double gone_frac = 1 - node_layer_work(p).bytes_frac;
	return gone_frac * llm_shape_parameters(node_model(p), 0) * node_value_bytes(p);
}

double node_score(const struct node_par *p)
{
	const struct llm_par *m = node_model(p);
	if (!m || !m->score_name) return NAN;
	if (p->spiking) return spiking_accuracy_frac(node_spiking(p), m->score_frac);
	return variant_score(node_variant(p), m->score_frac, m->score_name);
}

/* What the node says itself must be what its variant says. */
static void check_formats(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	const char *name = node_variant(p)->name;
	if ((enum weights)p->weights != node_weights(p) && object_attr_is_written(o, "weights"))
		err_at(e, object_attr_pos(o, "weights"),
		    "node: weights= contradicts variant %s, which says how they are stored; leave "
		    "one of them out",
		    name);
	if ((enum kv_values)p->kv != node_kv(p) && object_attr_is_written(o, "kv"))
		err_at(e, object_attr_pos(o, "kv"),
		    "node: kv= contradicts variant %s, which says how the cache is stored; leave "
		    "one of them out",
		    name);
}

/* What needs the layers as they are. */
static void check_layers(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	const struct variant_par *v = node_variant(p);
	if (v->pruning == PRUNING_NONE && isnan(v->exit_frac) && isnan(v->weight_bits)) return;
	if (p->layer_table)
		err_at(e, object_attr_pos(o, "layer-table"),
		    "node: layer-table= measured the layers as they are, and variant %s computes "
		    "others; leave one of them out",
		    v->name);
	if (p->draft_tokens > 0)
		err_at(e, object_attr_pos(o, "draft-tokens"),
		    "node: guessed tokens with pruned weights or early exits are not modelled; "
		    "leave draft-tokens= out or take another variant than %s",
		    v->name);
}

void node_variant_check(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	const struct variant_par *v = node_variant(p);
	if (!v) return;
	if (p->spiking) {
		err_at(e, object_attr_pos(o, "variant"),
		    "node: variant= is of a model=, and spiking= computes another network; leave "
		    "one of them out");
		return;
	}
	check_formats(o, e);
	check_layers(o, e);
	if (v->model && v->model != p->model)
		err_at(e, object_attr_pos(o, "variant"),
		    "node: %s is a variant of %s; serve that model or take another variant",
		    v->name, ((const struct llm_par *)v->model->par)->name);
	if (v->exit_frac > 0 && p->pipeline_parallel > 1)
		err_at(e, object_attr_pos(o, "pipeline-parallel"),
		    "node: early exits in a pipeline are not modelled; use pipeline-parallel=\"1\" "
		    "or another variant than %s",
		    v->name);
}
