#include <math.h>
#include <stdlib.h>

#include "models/compute/device.h"
#include "models/compute/layer_table_read.h"
#include "models/compute/node.h"

double curve_at(const struct curve *v, double at)
{
	struct spot p = axis_find(&v->axis, at);
	return (1 - p.frac) * v->s[p.low] + p.frac * v->s[p.high];
}

double layer_table_dense_s(const struct layer_table *t, double layers, double tokens)
{
	static const double each[] = {
#define X(name, layer, once) layer,
		LAYER_DENSE_LIST(X)
#undef X
	};
	static const double whole[] = {
#define X(name, layer, once) once,
		LAYER_DENSE_LIST(X)
#undef X
	};
	double sum = 0;
	for (int i = 0; i < LAYER_DENSE; i++)
		sum += (layers * each[i] + whole[i]) * curve_at(&t->dense[i], tokens);
	return sum;
}

double layer_table_rows_s(const struct layer_table *t, double rows)
{
	double sum = 0;
	for (int i = 0; i < LAYER_ROWS; i++) sum += curve_at(&t->rows[i], rows);
	return sum;
}

struct layer_piece layer_table_decode(const struct layer_table *t, double requests, double context)
{
	const struct axis *by = &t->decode.axis[BY_CONTEXT];
	struct spot n = axis_find(&t->decode.axis[BY_REQUESTS], requests);
	const double *few = t->decode.value + n.low * by->n;
	const double *many = t->decode.value + n.high * by->n;
	/* a context on a row begins the piece above it */
	struct spot c = axis_find(by, context);
	if (context >= by->at[c.high] && c.high + 1 < by->n)
		c = (struct spot){ c.high, c.high + 1, 0 };
	double low = (1 - n.frac) * few[c.low] + n.frac * many[c.low];
	double high = (1 - n.frac) * few[c.high] + n.frac * many[c.high];
	struct layer_piece p = { .s = low + c.frac * (high - low), .until = INFINITY };
	if (c.high > c.low) p.token_s = (high - low) / (by->at[c.high] - by->at[c.low]);
	if (c.high + 1 < by->n) p.until = by->at[c.high];
	return p;
}

double layer_table_chunk_s(const struct layer_table *t, double before, double chunk)
{
	double s = grid_at(&t->prefill, (const double[]){ chunk, before, 0, 0 });
	return fmax(0, s - t->call_s);
}

double layer_table_call_s(const struct layer_table *t)
{
	return t->call_s;
}

double layer_table_mixed_s(const struct layer_table *t, double before, double chunk,
    double requests, double context)
{
	return grid_at(&t->mixed, (const double[]){ chunk, before, requests, context });
}

void layer_table_free(struct layer_table *t)
{
	if (!t) return;
	for (int i = 0; i < LAYER_DENSE; i++) {
		axis_fini(&t->dense[i].axis);
		free(t->dense[i].s);
	}
	for (int i = 0; i < LAYER_ROWS; i++) {
		axis_fini(&t->rows[i].axis);
		free(t->rows[i].s);
	}
	grid_fini(&t->decode);
	grid_fini(&t->prefill);
	grid_fini(&t->mixed);
	free(t);
}

/* Weight of the longest context: least squares over 34467 batches of unequal
 * contexts, vLLM 0.19.0 on an RTX PRO 6000: alpha_default of the profile in
 * github.com/rajibrhasan/agentservesim@5a73df7, a copy of LLMServingSim; with vLLM
 * 0.28.0 its makers have 0.0535 (github.com/casys-kaist/LLMServingSim@e60ccd2). */
#define SKEW 0.0242
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

struct layer_table_par layer_table_files(
    const char *dense, const char *sequence, const char *attention)
{
	return (struct layer_table_par){ .tensor_parallel = 1,
		.dense = dense,
		.sequence = sequence,
		.attention = attention,
		.skew_frac = SKEW };
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct layer_table_par, name, "name", REQUIRED, "name that nodes refer to"),
	ATTR_REF(struct layer_table_par, device, "device", REQUIRED, "device",
	    "the accelerator that was measured"),
	ATTR_REF(
	    struct layer_table_par, model, "model", REQUIRED, "model", "the model that was measured"),
	ATTR_INT(struct layer_table_par, tensor_parallel, "tensor-parallel", "1", 1, 64,
	    "devices that each layer was split over: rows with this tp count"),
	ATTR_ENUM(struct layer_table_par, weights, "weights", "fp16", WEIGHTS_WORDS,
	    "how weights were stored"),
	ATTR_ENUM(struct layer_table_par, kv, "kv", "fp16", KV_WORDS, "how the KV cache was stored"),
	ATTR_FILE(struct layer_table_par, dense, "dense", REQUIRED,
	    "CSV file with the columns tp, layer, tokens, time_us, in microseconds; layers: "
	    "qkv_proj, rotary_emb, o_proj, gate_up_proj, act_fn, down_proj, layernorm, "
	    "embedding, final_layernorm"),
	ATTR_FILE(struct layer_table_par, sequence, "sequence", REQUIRED,
	    "CSV file with the columns tp, layer, sequences, time_us; layers: lm_head, sampler"),
	ATTR_FILE(struct layer_table_par, attention, "attention", REQUIRED,
	    "CSV file with the columns tp, prefill_chunk, kv_prefill, n_decode, kv_decode, time_us"),
	ATTR_QTY(struct layer_table_par, skew_frac, "skew", DIM_FRACTION, TEXT(SKEW), 0, 1,
	    "weight of the longest context in the time of decode attention, instead of the "
	    "engine's"),
	SOURCE_ATTRS(struct layer_table_par),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct layer_table_par *p = o->par;
	const struct llm_par *m = p->model ? p->model->par : NULL;
	if (m && (m->experts > 1 || m->attention != ATTENTION_GQA || m->window_layers > 0))
		err_at(e, object_attr_pos(o, "model"),
		    "layer-table: %s is not of equal layers with grouped queries, which the files "
		    "tell about; leave the table out",
		    m->name);
	if (!p->dense || !p->sequence || !p->attention) return; /* already reported */
	layer_table_free(layer_table_read(p, e));
}

const struct class layer_table_class = {
	.element = "layer-table", .parents = "scenario catalogue",
	.about = "Measured times of a model's layers on a device, which nodes may take instead of "
		 "the formulas.",
	.par_size = sizeof(struct layer_table_par), .attrs = attrs, .check = check,
};
