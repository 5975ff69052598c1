#include "models/compute/iteration.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/collective.h"
#include "models/compute/iteration_exit.h"
#include "models/compute/iteration_measured.h"
#include "models/compute/iteration_spiking.h"
#include "models/compute/line.h"
#include "models/compute/node_spiking.h"
#include "models/compute/node_variant.h"
#include "models/compute/streamed.h"
#include "models/work/trace.h"

/* Tokens of a decoding request that an iteration computes: its last and the drafts. */
static int64_t verified(const struct iteration_model *m)
{
	return 1 + m->pace.drafts;
}

static struct collective collective_of(const struct node_par *p)
{
	const struct engine_par *e = node_engine(p);
	return (struct collective){ e->collective_s, node_device(p)->link_bytes_s * e->link_share };
}

/* Of a layer's output. */
static double all_reduce_s(const struct node_par *p, double tokens)
{
	struct collective c = collective_of(p);
	return collective_all_reduce_s(&c, p->tensor_parallel,
	    tokens * (double)node_model(p)->hidden * ACTIVATION_BYTES);
}

/* Layers and head as measured. */
static void measure_layers(struct iteration_model *m, const struct node_par *p)
{
	for (int64_t tokens = 1; tokens <= m->token_budget; tokens++)
		m->layers_s[tokens] =
		    layer_table_dense_s(m->table, m->layers, (double)tokens) +
		    m->layers * 2 * all_reduce_s(p, (double)tokens);
	for (int64_t rows = 1; rows <= m->max_sequences; rows++)
		m->products.head_s[rows] = layer_table_rows_s(m->table, (double)rows);
	products_forget_cache(&m->products);
	m->skew_frac = node_layer_table(p)->skew_frac;
	m->sequence_s = 0;
}

/* The files were read once when the scenario was checked: that they can be read
 * again is taken for granted. */
static struct layer_table *open_table(const struct layer_table_par *p)
{
	struct err_list *e = err_new();
	struct layer_table *t = layer_table_read(p, e);
	err_print(e, stderr);
	err_free(e);
	if (!t) abort();
	return t;
}

/* Everything in the layers, from the products in them. */
static void add_engine(struct iteration_model *m, const struct node_par *p)
{
	const struct engine_par *e = node_engine(p);
	m->host_s = m->layers * e->host_s;
	m->sequence_s = e->sequence_s;
	double expert_s = e->expert_s + (p->weights == WEIGHTS_FP8 ? e->fp8_expert_s : 0);
	double experts_s = llm_op_layers(m->llm, LLM_UP) * (m->llm->experts > 1 ? expert_s : 0);
	for (int64_t tokens = 1; tokens <= m->token_budget; tokens++)
		m->layers_s[tokens] = m->products.layers_s[tokens] +
		    m->layers * (e->layer_s + 2 * all_reduce_s(p, (double)tokens)) + experts_s;
}

void iteration_put_engine(struct iteration_model *m, const struct node_par *p)
{
	assert(!m->table && !m->draft && m->stages == 1);
	add_engine(m, p);
}

static struct context_cost context_cost(const struct device_par *d, struct work token,
    double layers)
{
	struct roofline read = device_decode_attention(d, INFINITY);
	struct roofline found = device_decode_attention(d, 0);
	return (struct context_cost){
		.s = layers * roofline_sharp_s(&read, token),
		.found_s = layers * roofline_sharp_s(&found, token),
		.flops = layers * token.flops,
		.bytes = layers * token.bytes,
	};
}

static void fill_attention(struct iteration_model *m, const struct node_par *p)
{
	const struct device_par *d = node_device(p);
	struct work token =
	    llm_decode_attention(m->llm, p->tensor_parallel, m->kv_value_bytes, 1);
	token.flops *= (double)verified(m); /* keys and values are read once for all of them */
	m->windowed_layers = (double)m->llm->window_layers;
	m->window = m->llm->window > 0 ? (double)m->llm->window : INFINITY;
	m->decode_call_s = m->layers * d->attention_s;
	m->cache_bytes = d->cache_bytes_s > 0 ? d->cache_bytes : 0;
	m->decode_row_s =
	    m->layers * d->attention_row_s * llm_kv_heads(m->llm, p->tensor_parallel);
	m->full = context_cost(d, token, m->layers - m->windowed_layers);
	m->windowed = context_cost(d, token, m->windowed_layers);
	m->prefill = device_prefill_attention(d);
	m->skew_frac = node_engine(p)->skew_frac;
}

static void fill_stages(struct iteration_model *m, const struct node_par *p)
{
	m->stages = p->pipeline_parallel;
	m->filled = p->pipeline == PIPELINE_FILLED;
	m->long_stage = (double)node_stage_layers(p) / m->layers;
	m->last_stage = (double)(m->llm->layers / m->stages) / m->layers;
	if (m->stages == 1) return;
	struct collective c = collective_of(p);
	m->hop_s = c.fixed_s;
	m->hop_token_s = (double)m->llm->hidden * ACTIVATION_BYTES / c.link_bytes_s;
}

static void fill_power(struct iteration_model *m, const struct node_par *p)
{
	const struct device_par *d = node_device(p);
	struct power power = power_at_clock(&d->power, p->clock_frac);
	double peak = device_peak_flops_s(d, node_weights(p));
	m->meter = meter_init(&power, peak, d->bandwidth_bytes_s);
	m->devices = node_devices(p);
	m->rest = rest_init(p);
	m->cap_w = p->cap_w > 0 ? p->cap_w : INFINITY;
	m->host_idle_w = p->host_idle_w;
	m->host_active_w = p->host_active_w;
	m->psu_frac = p->psu_frac;
	m->psu_loss_w = p->psu_loss_w;
}

/* p is not kept. */
static struct iteration_model *model_new(const struct node_par *p, const struct pace *pace)
{
	const struct engine_par *e = node_engine(p);
	struct iteration_model *m = mem_new(1, sizeof *m);
	m->llm = node_model(p);
	m->layers = (double)m->llm->layers;
	m->tensor_parallel = p->tensor_parallel;
	m->kv_value_bytes = node_kv_value_bytes(p);
	m->token_budget = e->token_budget;
	m->max_sequences = e->max_sequences;
	m->block_tokens = e->block_tokens;
	m->kv_blocks = node_kv_blocks(p);
	m->by_priority = e->order == ENGINE_PRIORITY;
	m->prefill_first = e->schedule == ENGINE_PREFILL_FIRST;
	m->admit_whole = e->admission == ENGINE_ADMIT_WHOLE;
	m->ahead = e->ahead;
	m->prefix_tokens = e->prefix_cache ? TRACE_BLOCK_TOKENS : 0;
	m->pace = *pace;
	m->layers_s = mem_new((size_t)m->token_budget + 1, sizeof *m->layers_s);
	products_init(&m->products, p, m->token_budget, m->max_sequences * verified(m));
	add_engine(m, p);
	fill_attention(m, p);
	if (node_variant(p)) m->exit = iteration_exit_new(m, p);
	if (node_layer_table(p)) {
		m->table = open_table(node_layer_table(p));
		measure_layers(m, p);
	}
	fill_stages(m, p);
	fill_power(m, p);
	if (p->spiking) spiking_fill_passes(m, p);
	return m;
}

/* The draft model on the same devices: one token a request and pass. */
static struct iteration_model *draft_new(const struct node_par *p, struct pace pace)
{
	struct node_par draft = *p;
	draft.model = p->draft_model;
	pace.drafts = 0;
	return model_new(&draft, &pace);
}

struct iteration_model *iteration_new(const struct node_par *p)
{
	if (node_by_events(p)) return spiking_model_new(p);
	struct device_par device = device_at_clock(node_device(p), p->clock_frac);
	struct object object = *p->device;
	struct node_par clocked = *p;
	object.par = &device;
	clocked.device = &object;
	struct pace pace = pace_init(p->draft_tokens, p->acceptance);
	struct iteration_model *m = model_new(&clocked, &pace);
	if (node_draft(p)) m->draft = draft_new(&clocked, pace);
	return m;
}

void iteration_free(struct iteration_model *m)
{
	if (!m) return;
	iteration_free(m->draft);
	early_exit_free(m->exit);
	products_fini(&m->products);
	free(m->layers_s);
	layer_table_free(m->table);
	free(m);
}

static void work_add(struct work *sum, struct work w)
{
	sum->flops += w.flops;
	sum->bytes += w.bytes;
}

static void add_attention(const struct iteration_model *m, double before, double chunk,
    struct work *full, struct work *windowed)
{
	work_add(full, llm_prefill_attention(m->llm, m->tensor_parallel, m->kv_value_bytes,
			   before, chunk, INFINITY));
	if (m->windowed_layers > 0)
		work_add(windowed, llm_prefill_attention(m->llm, m->tensor_parallel,
				       m->kv_value_bytes, before, chunk, m->window));
}

void batch_prefill(struct batch *b, const struct iteration_model *m, double before, double chunk)
{
	b->prefills++;
	b->prefill_tokens += (int64_t)chunk;
	if (m->stateful) return; /* no attention */
	if (m->by_events) {
		b->before_sum += chunk * (before + 0.5 * (chunk + 1));
		return;
	}
	if (m->draft) add_attention(m->draft, before, chunk, &b->draft, &b->draft_windowed);
	if (m->table) {
		b->chunk_s += layer_table_chunk_s(m->table, before, chunk);
		b->before_sum += before * chunk;
	}
	add_attention(m, before, chunk, &b->prefill, &b->prefill_windowed);
}

static int64_t batch_tokens(const struct iteration_model *m, const struct batch *b)
{
	return b->decodes * verified(m) + b->prefill_tokens;
}

/* Micro-batches under way at once. */
static int64_t micro_batches(const struct iteration_model *m, int64_t requests)
{
	if (!m->filled) return 1;
	return requests < m->stages ? requests : m->stages;
}

/* Tokens of context of n requests, each min(context, window), with all at the
 * mean plus `skew` of what there would be more with all at the longest; each
 * grows by `growth` an iteration. */
static struct line seen(const struct batch *b, double window, double skew, double growth)
{
	double n = (double)b->decodes, mean = b->context_sum / n;
	if (isinf(window)) {
		double excess = n * b->context_max - b->context_sum;
		return (struct line){ b->context_sum + skew * excess, n * growth, INT64_MAX };
	}
	struct line l = { .holds = INT64_MAX };
	double context[] = { mean, b->context_max }, weight[] = { n * (1 - skew), n * skew };
	for (int i = 0; i < 2; i++) {
		l.at += weight[i] * fmin(context[i], window);
		if (context[i] >= window || weight[i] <= 0) continue;
		l.step += weight[i] * growth;
		l.holds =
		    (int64_t)fmin((double)l.holds, floor((window - context[i]) / growth) + 1);
	}
	return l;
}

/* Of a token of context, a share of whose keys and values is found in the cache. */
static double context_s(const struct context_cost *c, double found_frac)
{
	return c->s - found_frac * (c->s - c->found_s);
}

static struct line decode_line(const struct iteration_model *m, const struct batch *b,
    double found_frac)
{
	double growth = pace_mean(&m->pace);
	struct line l = line_scale(seen(b, INFINITY, m->skew_frac, growth),
	    context_s(&m->full, found_frac));
	if (m->windowed_layers > 0)
		l = line_add(l, line_scale(seen(b, m->window, m->skew_frac, growth),
				    context_s(&m->windowed, found_frac)));
	return l;
}

static double prefill_s(const struct iteration_model *m, struct work w, double parts)
{
	w.flops /= parts;
	w.bytes /= parts;
	return roofline_s(&m->prefill, w);
}

/* Decoding requests only, some of which leave early. */
static struct line exit_line(const struct iteration_model *m, const struct batch *b,
    double found_frac)
{
	const struct early_exit *x = m->exit;
	double fixed_s = x->layers_s[b->decodes] + m->decode_call_s * x->reached_frac[b->decodes] +
	    m->decode_row_s * (double)b->decodes * x->passed_frac;
	return line_add(line_even(fixed_s), line_scale(decode_line(m, b, found_frac), x->passed_frac));
}

static bool leaves(const struct iteration_model *m, const struct batch *b)
{
	return m->exit && b->prefills == 0;
}

/* What the cache holds of weights, keys and values, which an iteration reads once each; for
 * how many iterations that is so, to within a hundredth of the cache more of keys and values. */
struct found {
	double frac;
	int64_t holds;
};

static struct found find_in_cache(const struct iteration_model *m, const struct batch *b,
    int64_t tokens)
{
	double span = m->products.weight_bytes[tokens], kept, growth;
	if (!(m->cache_bytes > 0)) return (struct found){ 0, INT64_MAX };
	kept = b->context_sum * m->full.bytes;
	growth = pace_mean(&m->pace) * (double)b->decodes * m->full.bytes;
	if (b->decodes > 0 && m->windowed_layers > 0)
		kept += seen(b, m->window, 0, 1).at * m->windowed.bytes;
	struct found f = { streamed_kept_frac(span + kept, m->cache_bytes), INT64_MAX }; /* less as contexts grow */
	if (f.frac > 0 && growth > 0) f.holds = (int64_t)fmin(1e18, 1 + 0.01 * m->cache_bytes / growth);
	return f;
}

/* Time in the layers of all stages, of one of k micro-batches. */
static struct line layers_line(const struct iteration_model *m, const struct batch *b, int64_t k,
    double found_frac)
{
	if (leaves(m, b)) return exit_line(m, b, found_frac);
	double parts = (double)k;
	int64_t tokens = ceil_div(batch_tokens(m, b), k);
	struct line l =
	    line_even(m->layers_s[tokens] - found_frac * m->products.layers_saved_s[tokens]);
	if (m->table) return line_add(l, measured_attention(m, b, k));
	if (b->decodes > 0) {
		l.at += m->decode_call_s + m->decode_row_s * (double)b->decodes / parts;
		l = line_add(l, line_scale(decode_line(m, b, found_frac), 1 / parts));
	}
	if (b->prefills > 0) {
		l.at += (m->layers - m->windowed_layers) * prefill_s(m, b->prefill, parts) +
		    m->windowed_layers * prefill_s(m, b->prefill_windowed, parts);
		l.holds = 1;
	}
	return l;
}

/* What the devices take for the batch, from the time in all layers of one of k
 * micro-batches and that of the head. */
static struct line through_stages(const struct iteration_model *m, struct line layers,
    double head_s, int64_t k, double tokens)
{
	double stages = (double)m->stages;
	struct line head = line_even(head_s);
	if (m->stages == 1) return line_add(layers, head);
	struct line hops = line_even((stages - 1) * (m->hop_s + tokens * m->hop_token_s));
	if (k < m->stages) return line_add(line_add(layers, head), hops);
	struct line last = line_add(line_scale(layers, m->last_stage), head);
	struct line slowest = line_max(line_scale(layers, m->long_stage), last);
	return line_add(line_scale(slowest, stages), hops);
}

/* Of the layers that tokens leave early the rest is not done. */
static void skip_work(const struct iteration_model *m, const struct batch *b, struct run *r)
{
	const struct early_exit *x = m->exit;
	double n = (double)b->decodes, heads = n * m->products.head_flops;
	r->flops = (r->flops - heads) * x->passed_frac + heads * (1 + x->stay_frac);
	r->bytes = (r->bytes - m->products.weight_bytes[b->decodes]) * x->passed_frac +
	    x->weight_bytes[b->decodes];
	r->flops_step *= x->passed_frac;
	r->bytes_step *= x->passed_frac;
}

/* Flops and bytes of one device. */
static void count_work(const struct iteration_model *m, const struct batch *b, int64_t k,
    struct run *r, int64_t *longest)
{
	int64_t tokens = batch_tokens(m, b), rows = b->decodes * verified(m) + b->prefills;
	double growth = pace_mean(&m->pace);
	double share = 1 / (double)m->stages, full_layers = m->layers - m->windowed_layers;
	struct line windowed = { .holds = INT64_MAX };
	if (b->decodes > 0 && m->windowed_layers > 0) windowed = seen(b, m->window, 0, growth);
	double flops = b->context_sum * m->full.flops + windowed.at * m->windowed.flops;
	double bytes = b->context_sum * m->full.bytes + windowed.at * m->windowed.bytes;
	if (b->prefills > 0) {
		flops += full_layers * b->prefill.flops +
		    m->windowed_layers * b->prefill_windowed.flops;
		bytes += full_layers * b->prefill.bytes +
		    m->windowed_layers * b->prefill_windowed.bytes;
	}
	flops += (double)tokens * m->products.token_flops + (double)rows * m->products.head_flops +
		 (double)k * m->products.padding_flops[ceil_div(tokens, k)];
	bytes += (double)k * m->products.weight_bytes[ceil_div(tokens, k)];
	double grows = growth * (double)b->decodes;
	r->flops = share * flops;
	r->bytes = share * bytes;
	r->flops_step = share * (grows * m->full.flops + windowed.step * m->windowed.flops);
	r->bytes_step = share * (grows * m->full.bytes + windowed.step * m->windowed.bytes);
	if (leaves(m, b)) skip_work(m, b, r);
	if (windowed.holds < *longest) *longest = windowed.holds;
}

/* Of a board on average, where its power does not follow utilisation: stages take
 * turns at the work, k at a time. */
static double held_w(const struct iteration_model *m, int64_t tokens, int64_t prefill_tokens,
    int64_t k)
{
	double busy = (double)k / (double)m->stages;
	double working_w = meter_held_w(&m->meter, tokens, prefill_tokens);
	return working_w > 0 ? busy * working_w + (1 - busy) * m->rest.idle_w : 0;
}

static struct run pass(const struct iteration_model *m, const struct batch *b, int64_t *longest)
{
	int64_t requests = b->decodes + b->prefills, k = micro_batches(m, requests);
	int64_t each = ceil_div(requests, k), tokens = batch_tokens(m, b);
	int64_t rows = ceil_div(b->decodes * verified(m) + b->prefills, k);
	assert(rows <= m->products.rows && tokens <= m->token_budget);
	struct found found = find_in_cache(m, b, ceil_div(tokens, k));
	double head_s = leaves(m, b) ? m->exit->head_s[b->decodes] :
	    m->products.head_s[rows] - found.frac * m->products.head_saved_s[rows];
	struct line ops = through_stages(m, layers_line(m, b, k, found.frac), head_s, k,
	    (double)ceil_div(tokens, k));
	struct line time = line_max(line_even(m->host_s), ops);
	struct run r = { .time_s = time.at + m->sequence_s * (double)each,
		.time_step_s = time.step };
	*longest = time.holds < found.holds ? time.holds : found.holds;
	count_work(m, b, k, &r, longest);
	r.held_w = held_w(m, ceil_div(tokens, k), b->prefill_tokens, k);
	return r;
}

/* `times` more of what p does, for as long as both forms hold. */
static void add_passes(struct run *r, int64_t *longest, double times, const struct run *p,
    int64_t holds)
{
	r->time_s += times * p->time_s;
	r->time_step_s += times * p->time_step_s;
	r->flops += times * p->flops;
	r->flops_step += times * p->flops_step;
	r->bytes += times * p->bytes;
	r->bytes_step += times * p->bytes_step;
	if (holds < *longest) *longest = holds;
}

/* The draft model's passes: the first takes in the prompts as well. */
static void add_draft(const struct iteration_model *m, struct batch b, struct run *r,
    int64_t *longest)
{
	int64_t holds, more = m->pace.drafts;
	b.prefill = b.draft;
	b.prefill_windowed = b.draft_windowed;
	if (b.prefills > 0) {
		struct run first = pass(m->draft, &b, &holds);
		add_passes(r, longest, 1, &first, holds);
		b.prefills = b.prefill_tokens = 0;
		more--;
	}
	if (b.decodes == 0 || more == 0) return;
	struct run one = pass(m->draft, &b, &holds);
	add_passes(r, longest, (double)more, &one, holds);
}

struct run iteration_run(const struct iteration_model *m, const struct batch *b, int64_t *longest)
{
	if (m->by_events) return spiking_by_events(m, b, longest);
	struct run r = pass(m, b, longest);
	if (m->passes > 0) r = spiking_passes(m, b, &r);
	if (m->draft) add_draft(m, *b, &r, longest);
	return r;
}
