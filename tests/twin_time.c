#include "tests/twin_time.h"

#include <math.h>

static int ceil_div(int a, int b)
{
	return (a + b - 1) / b;
}

static double value_bytes(const struct twin *t)
{
	return weights_bytes((enum weights)t->node->weights);
}

void step_prefill(const struct twin *t, const struct llm_par *llm, struct step *s, int before,
    int chunk)
{
	double window = llm->window > 0 ? (double)llm->window : INFINITY;
	struct work w = llm_prefill_attention(llm, t->node->tensor_parallel,
	    node_kv_value_bytes(t->node), before, chunk, INFINITY);
	struct work v = llm_prefill_attention(llm, t->node->tensor_parallel,
	    node_kv_value_bytes(t->node), before, chunk, window);
	s->prefill.flops += w.flops;
	s->prefill.bytes += w.bytes;
	s->prefill_windowed.flops += v.flops;
	s->prefill_windowed.bytes += v.bytes;
}

int step_parts(const struct twin *t, const struct step *s)
{
	int stages = (int)t->node->pipeline_parallel;
	if (t->node->pipeline == PIPELINE_SERIAL || stages == 1) return 1;
	return s->requests < stages ? s->requests : stages;
}

/* Kernels for experts in fp8 compute rows that no token asked for. */
static struct gemm product(const struct twin *t, const struct llm_par *llm, int op)
{
	struct gemm g = llm_gemm(llm, t->node->tensor_parallel, (enum llm_op)op);
	bool picks = llm->experts > 1 && (op == LLM_UP || op == LLM_DOWN);
	if (picks && t->node->weights == WEIGHTS_FP8)
		g.rows_least = (double)node_engine(t->node)->fp8_expert_rows;
	return g;
}

static double experts_s(const struct twin *t, const struct llm_par *llm)
{
	const struct engine_par *e = node_engine(t->node);
	double layers = (double)(llm->layers - llm->dense_layers);
	if (llm->experts == 1) return 0;
	return layers * (e->expert_s + (t->node->weights == WEIGHTS_FP8 ? e->fp8_expert_s : 0));
}

/* ---- one of k micro-batches, all layers ---- */

/* Between the devices that share a layer, and from a stage to the next. */
static double sent_s(const struct twin *t, const struct llm_par *llm, double copies, double tokens)
{
	const struct engine_par *e = node_engine(t->node);
	return e->collective_s + copies * tokens * (double)llm->hidden * 2 /
	    (node_device(t->node)->link_bytes_s * e->link_share);
}

static double dense_s(struct twin *t, const struct llm_par *llm, int tokens)
{
	double *known_s = llm == node_model(t->node) ? t->layers_s : t->draft_layers_s;
	if (known_s[tokens] > 0) return known_s[tokens];
	struct roofline r = node_gemm(t->node, INFINITY);
	const struct device_par *d = node_device(t->node);
	double sum_s = 0, n = (double)t->node->tensor_parallel;
	double layer_s = node_engine(t->node)->layer_s +
	    tokens * llm_rest_bytes(llm, t->node->tensor_parallel) /
	    (d->bandwidth_bytes_s * d->bandwidth_share);
	for (int op = 0; op < LLM_OPS; op++) {
		struct gemm g = product(t, llm, op);
		sum_s += llm_op_layers(llm, (enum llm_op)op) *
		    roofline_s(&r, gemm_work(&g, tokens, value_bytes(t)));
	}
	if (n > 1) layer_s += 2 * sent_s(t, llm, 2 * (n - 1) / n, tokens);
	return known_s[tokens] = sum_s + experts_s(t, llm) + (double)llm->layers * layer_s;
}

/* One layer's attention as measured, with all decoding requests at that context. */
static double measured_attention_s(const struct twin *t, const struct step *s, double context,
    int k)
{
	double sum = 0, n = ceil_div(s->decodes, k), chunk = s->chunk_sum / k;
	if (s->decodes > 0) sum += layer_table_decode(t->table, n, context).s;
	if (chunk > 0) sum += layer_table_call_s(t->table) + s->chunk_s / k;
	if (s->decodes > 0 && chunk > 0)
		sum += layer_table_mixed_s(t->table, s->before_sum / s->chunk_sum, chunk, n,
		    context);
	return sum;
}

static double measured_s(const struct twin *t, const struct llm_par *llm, const struct step *s,
    int k)
{
	double n = (double)t->node->tensor_parallel, layers = (double)llm->layers;
	double skew = node_layer_table(t->node)->skew_frac;
	double mean = s->decodes > 0 ? s->context_sum / s->decodes : 0;
	double sum = layer_table_dense_s(t->table, layers, ceil_div(s->tokens, k));
	if (n > 1)
		sum += layers * 2 * sent_s(t, llm, 2 * (n - 1) / n, ceil_div(s->tokens, k));
	return sum + layers * ((1 - skew) * measured_attention_s(t, s, mean, k) +
	    skew * measured_attention_s(t, s, s->context_max, k));
}

/* Decode attention of one layer that sees at most `window` tokens of each context. */
static struct work attention(const struct twin *t, const struct llm_par *llm, const struct step *s,
    double context)
{
	struct work w = llm_decode_attention(
	    llm, t->node->tensor_parallel, node_kv_value_bytes(t->node), context);
	w.flops *= s->each; /* each of its tokens looks at all; keys and values are read once */
	return w;
}

static double decode_s(const struct twin *t, const struct llm_par *llm, const struct step *s,
    double window)
{
	struct roofline r = device_decode_attention(node_device(t->node), INFINITY);
	double skew = node_engine(t->node)->skew_frac, mean = s->context_sum / s->decodes;
	double seen = s->decodes * fmin(mean, window);
	double longest = s->decodes * fmin(s->context_max, window);
	return (1 - skew) * roofline_sharp_s(&r, attention(t, llm, s, seen)) +
	    skew * roofline_sharp_s(&r, attention(t, llm, s, longest));
}

static double prefill_s(const struct twin *t, struct work w, int k)
{
	struct roofline r = device_prefill_attention(node_device(t->node));
	return roofline_s(&r, (struct work){ w.flops / k, w.bytes / k });
}

static double layers_s(struct twin *t, const struct llm_par *llm, const struct step *s, int k)
{
	if (t->table) return measured_s(t, llm, s, k);
	const struct device_par *d = node_device(t->node);
	double near = (double)llm->window_layers, far = (double)llm->layers - near;
	double sum = dense_s(t, llm, ceil_div(s->tokens, k));
	if (s->decodes > 0) {
		double rows = s->decodes * llm_kv_heads(llm, t->node->tensor_parallel);
		sum += (near + far) * (d->attention_s + d->attention_row_s * rows / k) +
		    far * decode_s(t, llm, s, INFINITY) / k;
		if (near > 0) sum += near * decode_s(t, llm, s, (double)llm->window) / k;
	}
	if (s->requests > s->decodes)
		sum += far * prefill_s(t, s->prefill, k) +
		    near * prefill_s(t, s->prefill_windowed, k);
	return sum;
}

static double head_s(const struct twin *t, const struct llm_par *llm, int rows)
{
	if (t->table) return layer_table_rows_s(t->table, rows);
	struct roofline r = node_gemm(t->node, INFINITY);
	struct gemm head = llm_head(llm, t->node->tensor_parallel);
	return roofline_s(&r, gemm_work(&head, rows, value_bytes(t)));
}

/* ---- all of them ---- */

/* Until the last stage has done with the last of k micro-batches that follow each
 * other round after round: each takes the way through all stages where some wait,
 * and where none does, a stage begins with one when the slowest has. */
static double ops_s(struct twin *t, const struct llm_par *llm, const struct step *s)
{
	int k = step_parts(t, s), stages = (int)t->node->pipeline_parallel;
	double all = layers_s(t, llm, s, k), head = head_s(t, llm, ceil_div(s->rows, k));
	if (stages == 1) return all + head;
	double hops = (stages - 1) * sent_s(t, llm, 1, ceil_div(s->tokens, k));
	if (k < stages) return all + head + hops;
	int layers = (int)llm->layers, most = ceil_div(layers, stages), least = layers / stages;
	return stages * fmax(most * all / layers, least * all / layers + head) + hops;
}

/* Of one device: in a pipeline the mean of all. */
static struct work device_work(const struct twin *t, const struct llm_par *llm,
    const struct step *s)
{
	int64_t tp = t->node->tensor_parallel;
	int k = step_parts(t, s);
	double weight = value_bytes(t), stages = (double)t->node->pipeline_parallel;
	double near = (double)llm->window_layers, far = (double)llm->layers - near, seen = 0;
	if (near > 0 && s->decodes > 0)
		seen = s->decodes * fmin((double)llm->window, s->context_sum / s->decodes);
	struct work whole = attention(t, llm, s, s->context_sum), part = attention(t, llm, s, seen);
	struct gemm head = llm_head(llm, tp);
	struct work w = {
		.flops = far * (whole.flops + s->prefill.flops) +
		    near * (part.flops + s->prefill_windowed.flops) +
		    gemm_work(&head, s->rows, weight).flops,
		.bytes = far * (whole.bytes + s->prefill.bytes) +
		    near * (part.bytes + s->prefill_windowed.bytes) +
		    k * gemm_weight_bytes(&head, 1, weight),
	};
	for (int op = 0; op < LLM_OPS; op++) {
		struct gemm g = product(t, llm, op);
		double in = llm_op_layers(llm, (enum llm_op)op), each = ceil_div(s->tokens, k);
		double unasked = fmax(g.experts * g.rows_least - each * g.active, 0);
		w.flops += in * 2 * g.n * g.k * (s->tokens * g.active + k * unasked);
		w.bytes += in * k * gemm_weight_bytes(&g, each, weight);
	}
	return (struct work){ w.flops / stages, w.bytes / stages };
}

double step_s(struct twin *t, const struct llm_par *llm, const struct step *s, struct work *sum)
{
	const struct engine_par *e = node_engine(t->node);
	struct work w = device_work(t, llm, s);
	double sample_s = t->table ? 0 : e->sequence_s * ceil_div(s->requests, step_parts(t, s));
	sum->flops += w.flops;
	sum->bytes += w.bytes;
	return fmax((double)llm->layers * e->host_s, ops_s(t, llm, s)) + sample_s;
}
