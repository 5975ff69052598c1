#include "models/compute/iteration.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Ring all-reduce of the layer's output (Patarasuk and Yuan 2009). */
static double all_reduce_s(const struct node_par *p, double tokens)
{
	double n = (double)p->tensor_parallel;
	if (p->tensor_parallel == 1) return 0;
	const struct engine_par *e = node_engine(p);
	double bytes = 2 * (n - 1) / n * tokens * (double)node_model(p)->hidden * ACTIVATION_BYTES;
	return e->collective_s + bytes / (node_device(p)->link_bytes_s * e->link_share);
}

static void fill_layers(struct iteration_model *m, const struct node_par *p)
{
	const struct llm_par *llm = node_model(p);
	struct roofline gemm = device_gemm(node_device(p), (enum weights)p->weights);
	double weight = weights_bytes((enum weights)p->weights);
	struct gemm op[LLM_OPS], head = llm_head(llm, p->tensor_parallel);
	double rest_s = llm_rest_bytes(llm, p->tensor_parallel) /
	    (node_device(p)->bandwidth_bytes_s * node_device(p)->bandwidth_share);
	for (int i = 0; i < LLM_OPS; i++) op[i] = llm_gemm(llm, p->tensor_parallel, (enum llm_op)i);
	for (int64_t tokens = 1; tokens <= m->token_budget; tokens++) {
		double n = (double)tokens, bytes = 0;
		double layer_s = node_engine(p)->layer_s + n * rest_s;
		for (int i = 0; i < LLM_OPS; i++) {
			layer_s += roofline_s(&gemm, gemm_work(&op[i], n, weight));
			bytes += gemm_weight_bytes(&op[i], n, weight);
		}
		m->layers_s[tokens] = m->layers * (layer_s + 2 * all_reduce_s(p, n));
		m->weight_bytes[tokens] = m->layers * bytes + gemm_weight_bytes(&head, n, weight);
	}
	for (int i = 0; i < LLM_OPS; i++)
		m->token_flops += m->layers * gemm_work(&op[i], 1, weight).flops;
	m->head_flops = gemm_work(&head, 1, weight).flops;
	for (int64_t rows = 1; rows <= m->max_sequences; rows++)
		m->head_s[rows] = roofline_s(&gemm, gemm_work(&head, (double)rows, weight));
}

static void fill_attention(struct iteration_model *m, const struct node_par *p)
{
	const struct device_par *d = node_device(p);
	struct roofline decode = device_decode_attention(d);
	struct work token = llm_decode_attention(node_model(p), p->tensor_parallel, 1);
	m->decode_call_s = m->layers * decode.op_s;
	m->context_s = m->layers * roofline_sharp_s(&decode, token);
	m->context_flops = m->layers * token.flops;
	m->context_bytes = m->layers * token.bytes;
	m->prefill = device_prefill_attention(d);
	m->skew_frac = node_engine(p)->skew_frac;
}

static void fill_power(struct iteration_model *m, const struct node_par *p)
{
	const struct device_par *d = node_device(p);
	struct power power = power_init(&d->power);
	double peak = device_peak_flops_s(d, (enum weights)p->weights);
	m->meter = meter_init(&power, peak, d->bandwidth_bytes_s);
	m->devices = p->tensor_parallel;
	m->idle_w = d->power.idle_w;
	m->host_idle_w = p->host_idle_w;
	m->host_active_w = p->host_active_w;
	m->psu_frac = p->psu_frac;
}

struct iteration_model *iteration_new(const struct node_par *p)
{
	const struct engine_par *e = node_engine(p);
	struct iteration_model *m = mem_new(1, sizeof *m);
	m->llm = node_model(p);
	m->layers = (double)m->llm->layers;
	m->tensor_parallel = p->tensor_parallel;
	m->host_s = m->layers * e->host_s;
	m->sequence_s = e->sequence_s;
	m->token_budget = e->token_budget;
	m->max_sequences = e->max_sequences;
	m->block_tokens = e->block_tokens;
	m->kv_blocks = node_kv_blocks(p);
	m->layers_s = mem_new((size_t)m->token_budget + 1, sizeof *m->layers_s);
	m->weight_bytes = mem_new((size_t)m->token_budget + 1, sizeof *m->weight_bytes);
	m->head_s = mem_new((size_t)m->max_sequences + 1, sizeof *m->head_s);
	fill_layers(m, p);
	fill_attention(m, p);
	fill_power(m, p);
	return m;
}

void iteration_free(struct iteration_model *m)
{
	if (!m) return;
	free(m->layers_s);
	free(m->weight_bytes);
	free(m->head_s);
	free(m);
}

void batch_prefill(struct batch *b, const struct iteration_model *m, double before, double chunk)
{
	struct work w = llm_prefill_attention(m->llm, m->tensor_parallel, before, chunk);
	b->prefills++;
	b->prefill_tokens += (int64_t)chunk;
	b->prefill.flops += w.flops;
	b->prefill.bytes += w.bytes;
}

/* Bytes of keys and values that prefilling reads count as context too. */
static void add_prefill(const struct iteration_model *m, const struct batch *b, struct run *r,
    double *ops_s)
{
	*ops_s += m->layers * roofline_s(&m->prefill, b->prefill);
	r->flops += m->layers * b->prefill.flops;
	r->bytes += m->layers * b->prefill.bytes;
}

/* Iterations j = 0, 1, ... for which ops_s + j step_s <= host_s holds. */
static int64_t host_bound(double ops_s, double step_s, double host_s)
{
	if (step_s <= 0) return INT64_MAX;
	double n = floor((host_s - ops_s) / step_s) + 1;
	return n < 9e18 ? (int64_t)n : INT64_MAX;
}

struct run iteration_run(const struct iteration_model *m, const struct batch *b, int64_t *longest)
{
	int64_t tokens = b->decodes + b->prefill_tokens, requests = b->decodes + b->prefills;
	double decodes = (double)b->decodes;
	struct run r = {
		.flops = (double)tokens * m->token_flops + (double)requests * m->head_flops +
		    b->context_sum * m->context_flops,
		.flops_step = decodes * m->context_flops,
		.bytes = m->weight_bytes[tokens] + b->context_sum * m->context_bytes,
		.bytes_step = decodes * m->context_bytes,
	};
	r.held_w = meter_held_w(&m->meter, tokens, b->prefill_tokens);
	double ops_s = m->layers_s[tokens] + m->head_s[requests], step_s = 0;
	if (b->decodes > 0) {
		double excess = decodes * b->context_max - b->context_sum;
		ops_s += m->decode_call_s + m->context_s * (b->context_sum + m->skew_frac * excess);
		step_s = m->context_s * decodes; /* mean and longest both grow by one */
	}
	if (b->prefills > 0) add_prefill(m, b, &r, &ops_s);
	bool host = ops_s <= m->host_s;
	*longest = b->prefills > 0 ? 1 : host ? host_bound(ops_s, step_s, m->host_s) : INT64_MAX;
	r.time_s = (host ? m->host_s : ops_s) + m->sequence_s * (double)requests;
	r.time_step_s = host ? 0 : step_s;
	return r;
}
