#include "bench/decoder/pass.h"

#include <assert.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

static const float epsilon = 1e-5f; /* under the root of the norms, as LLaMA has it */

/* A thread of those that compute a pass of `count` tokens. */
struct member {
	struct decoder *d;
	size_t count;
	size_t me, all;
};

struct range {
	size_t first, count;
};

/* A member's part of n things. */
static struct range share(const struct member *m, size_t n)
{
	size_t first = n * m->me / m->all;
	return (struct range){ first, n * (m->me + 1) / m->all - first };
}

static struct range share_rows(const struct member *m, size_t rows)
{
	struct range r = share(m, rows / ROW_BLOCK);
	return (struct range){ r.first * ROW_BLOCK, r.count * ROW_BLOCK };
}

/* Nobody goes on before all have come here. */
static void meet(void)
{
#pragma omp barrier
}

static void embed(const struct member *m, const int32_t *token)
{
	struct decoder *d = m->d;
	size_t hidden = d->weights.shape.hidden;
	struct range r = share(m, m->count);
	for (size_t t = r.first; t < r.first + r.count; t++)
		matrix_get(&d->weights.embedding, (size_t)token[t], d->stream + t * hidden);
}

/* What products with this decoder's matrices need. */
static void round_off(const struct member *m, struct tokens *x)
{
	if (!format_quantised(m->d->weights.format)) return;
	struct range r = share(m, m->count);
	m->d->kernels->quantise(x, r.first, r.count);
	meet();
}

static void norm(const struct member *m, const float *gain)
{
	struct decoder *d = m->d;
	size_t hidden = d->weights.shape.hidden;
	struct range r = share(m, m->count);
	for (size_t t = r.first; t < r.first + r.count; t++)
		d->kernels->rmsnorm(d->normed.f32 + t * hidden, d->stream + t * hidden, gain, hidden,
		    epsilon);
	if (format_quantised(d->weights.format)) d->kernels->quantise(&d->normed, r.first, r.count);
	meet();
}

/* The member's rows of y = w x, tokens one after the other; which rows they are. */
static struct range multiply(const struct member *m, float *y, const struct matrix *w,
    const struct tokens *x)
{
	const struct kernels *k = m->d->kernels;
	struct range r = share_rows(m, w->rows);
	if (r.count == 0) return r;
	if (m->count == 1) k->gemv[w->format](y, w, r.first, r.count, x);
	else if (k->gemm[w->format]) k->gemm[w->format](y, w->rows, w, r.first, r.count, x);
	else blas_gemm(m->d->blas, y, w->rows, w, r.first, r.count, x);
	return r;
}

/* stream += w x */
static void add_product(const struct member *m, const struct matrix *w, const struct tokens *x)
{
	struct decoder *d = m->d;
	struct range r = multiply(m, d->product, w, x);
	for (size_t t = 0; t < m->count; t++) {
		float *to = d->stream + t * w->rows;
		const float *from = d->product + t * w->rows;
		for (size_t i = r.first; i < r.first + r.count; i++) to[i] += from[i];
	}
	meet();
}

/* Queries and keys are turned, keys and values go to the cache. */
static void turn_and_store(const struct member *m, size_t layer)
{
	struct decoder *d = m->d;
	const struct decoder_shape *s = &d->weights.shape;
	size_t dim = s->head_dim, queries = s->heads * dim, keys = s->kv_heads * dim;
	struct range r = share(m, m->count);
	for (size_t t = r.first; t < r.first + r.count; t++) {
		const float *row = d->qkv + t * (queries + 2 * keys);
		size_t position = d->position + t;
		rotary_turn(&d->rotary, d->query + t * queries, row, s->heads, position);
		for (size_t h = 0; h < s->kv_heads; h++) {
			size_t at = cache_at(d, layer, h) + position * dim;
			rotary_turn(&d->rotary, d->keys + at, row + queries + h * dim, 1, position);
			memcpy(d->values + at, row + queries + keys + h * dim, dim * sizeof *row);
		}
	}
	meet();
}

/* How attention is dealt: a unit is some tokens of some query heads of a key-value head. */
struct deal {
	size_t group, parts;   /* query heads of a key-value head; how often they are split */
	size_t tokens, chunks; /* of a unit; of the pass */
};

/* Prompts: about 64 queries a unit. Single tokens: heads that share keys and values stay
 * together unless that leaves threads without work. */
static struct deal deal_attention(const struct member *m)
{
	const struct decoder_shape *s = &m->d->weights.shape;
	struct deal l = { .group = s->heads / s->kv_heads, .parts = 1, .tokens = 1, .chunks = 1 };
	if (m->count == 1) {
		l.parts = (m->all + s->kv_heads - 1) / s->kv_heads;
		if (l.parts > l.group) l.parts = l.group;
	} else {
		l.tokens = l.group < 64 ? 64 / l.group : 1;
		l.chunks = (m->count + l.tokens - 1) / l.tokens;
	}
	return l;
}

static void attend_unit(const struct member *m, size_t layer, const struct deal *l, size_t unit)
{
	struct decoder *d = m->d;
	const struct decoder_shape *s = &d->weights.shape;
	size_t part = unit % l->parts, chunk = unit / l->parts % l->chunks;
	size_t kv_head = unit / l->parts / l->chunks;
	size_t head = l->group * part / l->parts, head_end = l->group * (part + 1) / l->parts;
	size_t token = chunk * l->tokens, left = m->count - token;
	size_t tokens = left < l->tokens ? left : l->tokens, pitch = s->heads * s->head_dim;
	size_t at = token * pitch + (kv_head * l->group + head) * s->head_dim;
	d->kernels->attention(&(struct attention_call){
	    .head_dim = s->head_dim,
	    .group = head_end - head,
	    .tokens = tokens,
	    .context = d->position + token + tokens,
	    .stride = s->head_dim,
	    .pitch = pitch,
	    .query = d->query + at,
	    .keys = d->keys + cache_at(d, layer, kv_head),
	    .values = d->values + cache_at(d, layer, kv_head),
	    .out = d->attended.f32 + at,
	});
}

static void attend(const struct member *m, size_t layer)
{
	struct deal l = deal_attention(m);
	size_t units = m->d->weights.shape.kv_heads * l.chunks * l.parts;
	for (size_t u = m->me; u < units; u += m->all) attend_unit(m, layer, &l, u);
	meet();
	round_off(m, &m->d->attended);
}

static void feed_forward(const struct member *m, const struct layer_weights *w)
{
	struct decoder *d = m->d;
	struct range r = multiply(m, d->gated.f32, &w->gate, &d->normed);
	multiply(m, d->up, &w->up, &d->normed);
	for (size_t t = 0; t < m->count; t++) {
		size_t at = t * w->gate.rows + r.first;
		d->kernels->swiglu(d->gated.f32 + at, d->up + at, r.count);
	}
	meet();
	round_off(m, &d->gated);
	add_product(m, &w->down, &d->gated);
}

static void compute_layer(const struct member *m, size_t layer)
{
	struct decoder *d = m->d;
	const struct layer_weights *w = &d->weights.layer[layer];
	norm(m, w->attention_gain);
	multiply(m, d->qkv, &w->qkv, &d->normed);
	meet();
	turn_and_store(m, layer);
	attend(m, layer);
	add_product(m, &w->out, &d->attended);
	norm(m, w->ffn_gain);
	feed_forward(m, w);
}

static void compute_logits(const struct member *m)
{
	struct decoder *d = m->d;
	const struct matrix *head = weights_head(&d->weights);
	size_t hidden = d->weights.shape.hidden;
	if (m->me == 0) {
		d->kernels->rmsnorm(d->last.f32, d->stream + (m->count - 1) * hidden,
		    d->weights.gain, hidden, epsilon);
		if (format_quantised(head->format)) d->kernels->quantise(&d->last, 0, 1);
	}
	meet();
	struct range r = share_rows(m, head->rows);
	if (r.count) d->kernels->gemv[head->format](d->logits, head, r.first, r.count, &d->last);
}

static struct member member_of(struct decoder *d, size_t count)
{
	struct member m = { .d = d, .count = count, .me = 0, .all = 1 };
#ifdef _OPENMP
	m.me = (size_t)omp_get_thread_num();
	m.all = (size_t)omp_get_num_threads();
#endif
	return m;
}

void decoder_pass(struct decoder *d, const int32_t *token, size_t count, bool logits)
{
	assert(count >= 1 && count <= DECODER_BLOCK && d->position + count <= d->context_max);
	d->normed.count = d->attended.count = d->gated.count = count;
#pragma omp parallel num_threads(d->threads)
	{
		struct member m = member_of(d, count);
		embed(&m, token);
		meet();
		for (size_t i = 0; i < d->weights.shape.layers; i++) compute_layer(&m, i);
		if (logits) compute_logits(&m);
	}
	d->position += count;
	if (d->filled < d->position) d->filled = d->position;
}
