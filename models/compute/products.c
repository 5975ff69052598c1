#include "models/compute/products.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/compute/node_variant.h"

/* The products of a pass: of the layers, of which a variant may leave a part out, and of
 * the head. */
struct shapes {
	const struct llm_par *llm;
	struct gemm op[LLM_OPS], head;
	double weight; /* bytes of one */
	struct variant_work left;
};

static struct shapes shapes_of(const struct node_par *p)
{
	struct shapes s = { .llm = node_model(p),
		.head = llm_head(node_model(p), p->tensor_parallel),
		.weight = node_value_bytes(p),
		.left = node_layer_work(p) };
	double rows_least = p->weights == WEIGHTS_FP8 ? (double)node_engine(p)->fp8_expert_rows : 0;
	for (int i = 0; i < LLM_OPS; i++) {
		s.op[i] = llm_gemm(s.llm, p->tensor_parallel, (enum llm_op)i);
		if (s.op[i].experts > 1) s.op[i].rows_least = rows_least;
	}
	return s;
}

static struct work layer_work(const struct shapes *s, int op, double tokens)
{
	struct work w = gemm_work(&s->op[op], tokens, s->left.bytes_frac * s->weight);
	w.flops *= s->left.flops_frac;
	return w;
}

static double layers_weight_bytes(const struct shapes *s, double tokens)
{
	double bytes = 0;
	for (int i = 0; i < LLM_OPS; i++)
		bytes += llm_op_layers(s->llm, (enum llm_op)i) *
			 gemm_weight_bytes(&s->op[i], tokens, s->left.bytes_frac * s->weight);
	return bytes;
}

/* With what the rest of the layers takes. */
static double layers_s(
    const struct shapes *s, const struct roofline *plain, double tokens, double rest_s)
{
	struct roofline gemm = *plain;
	double all_s = rest_s;
	gemm.flops_s *= s->left.rate_frac;
	for (int i = 0; i < LLM_OPS; i++)
		all_s += llm_op_layers(s->llm, (enum llm_op)i) *
			 roofline_s(&gemm, layer_work(s, i, tokens));
	return all_s;
}

/* Of the tokens alone, without rows that kernels add. */
static double token_flops(const struct shapes *s)
{
	double flops = 0;
	for (int i = 0; i < LLM_OPS; i++) {
		const struct gemm *g = &s->op[i];
		flops += llm_op_layers(s->llm, (enum llm_op)i) * 2 * g->active * g->n * g->k;
	}
	return s->left.flops_frac * flops;
}

static double padding_flops(const struct shapes *s, double tokens)
{
	double flops = 0;
	for (int i = 0; i < LLM_OPS; i++) {
		const struct gemm *g = &s->op[i];
		double rows = fmax(g->experts * g->rows_least - tokens * g->active, 0);
		flops += llm_op_layers(s->llm, (enum llm_op)i) * 2 * rows * g->n * g->k;
	}
	return s->left.flops_frac * flops;
}

void products_init(struct products *q, const struct node_par *p, int64_t tokens, int64_t rows)
{
	struct shapes s = shapes_of(p);
	struct roofline read = node_gemm(p, INFINITY), found = node_gemm(p, 0);
	double layers = (double)s.llm->layers, rest_s = llm_rest_bytes(s.llm, p->tensor_parallel) /
							device_rest_bytes_s(node_device(p));
	size_t n = (size_t)tokens + 1, m = (size_t)rows + 1;
	*q = (struct products){ mem_new(n, sizeof(double)), mem_new(n, sizeof(double)),
		mem_new(m, sizeof(double)), mem_new(m, sizeof(double)), mem_new(n, sizeof(double)),
		mem_new(n, sizeof(double)), token_flops(&s), gemm_work(&s.head, 1, s.weight).flops,
		tokens, rows };
	for (int64_t i = 1; i <= tokens; i++) {
		double t = (double)i, others_s = layers * t * rest_s;
		q->weight_bytes[i] =
		    layers_weight_bytes(&s, t) + gemm_weight_bytes(&s.head, t, s.weight);
		q->padding_flops[i] = padding_flops(&s, t);
		q->layers_s[i] = layers_s(&s, &read, t, others_s);
		q->layers_saved_s[i] = q->layers_s[i] - layers_s(&s, &found, t, others_s);
	}
	for (int64_t i = 1; i <= rows; i++) {
		struct work w = gemm_work(&s.head, (double)i, s.weight);
		q->head_s[i] = roofline_s(&read, w);
		q->head_saved_s[i] = q->head_s[i] - roofline_s(&found, w);
	}
}

void products_fini(struct products *q)
{
	free(q->layers_s);
	free(q->layers_saved_s);
	free(q->head_s);
	free(q->head_saved_s);
	free(q->weight_bytes);
	free(q->padding_flops);
	*q = (struct products){ 0 };
}

void products_forget_cache(struct products *q)
{
	memset(q->layers_saved_s, 0, ((size_t)q->tokens + 1) * sizeof *q->layers_saved_s);
	memset(q->head_saved_s, 0, ((size_t)q->rows + 1) * sizeof *q->head_saved_s);
}
