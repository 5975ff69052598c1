#include "bench/decoder/shape.h"

#include "bench/kernels/kernels.h"

#include <string.h>

const struct decoder_shape decoder_shapes[] = {
	{ "15m", 6, 320, 896, 5, 5, 64, 32000, true },
	{ "110m", 12, 768, 2048, 12, 12, 64, 32000, true },
	{ "0.5b", 24, 896, 4864, 14, 2, 64, 151936, true },
	{ "1.1b", 22, 2048, 5632, 32, 4, 64, 32000, false },
	{ 0 },
};

const struct decoder_shape *decoder_shape_find(const char *name)
{
	const struct decoder_shape *s = decoder_shapes;
	while (s->name && strcmp(s->name, name) != 0) s++;
	return s->name ? s : NULL;
}

const char *decoder_shape_fault(const struct decoder_shape *s)
{
	if (!s->layers || !s->hidden || !s->ffn || !s->kv_heads || !s->head_dim || !s->vocabulary)
		return "a size is zero";
	if (s->hidden % GROUP || s->ffn % GROUP) return "widths must be multiples of 64";
	if (s->heads % s->kv_heads) return "the key-value heads must divide the heads";
	if (s->head_dim % 8) return "the heads' width must be a multiple of 8";
	if (s->heads * s->head_dim % GROUP) return "the heads' widths must add up to a multiple of 64";
	if (s->kv_heads * s->head_dim % ROW_BLOCK)
		return "the key-value heads' widths must add up to a multiple of 16";
	if (s->vocabulary % ROW_BLOCK) return "the vocabulary must be a multiple of 16";
	return NULL;
}

const char *decoder_shape_of(struct decoder_shape *s, const struct llm_par *p)
{
	if (p->attention != ATTENTION_GQA) return "its attention is latent";
	if (p->experts > 1) return "it is a mixture of experts";
	if (p->window_layers > 0) return "some layers see a window only";
	*s = (struct decoder_shape){ .name = p->name, .layers = (size_t)p->layers,
		.hidden = (size_t)p->hidden, .ffn = (size_t)p->ffn, .heads = (size_t)p->heads,
		.kv_heads = (size_t)p->kv_heads, .head_dim = (size_t)p->head_dim,
		.vocabulary = (size_t)p->vocabulary,
		.tied = p->embeddings == EMBEDDINGS_TIED };
	return decoder_shape_fault(s);
}

double decoder_core_macs(const struct decoder_shape *s)
{
	double heads = (double)(2 * s->heads + 2 * s->kv_heads) * (double)s->head_dim;
	return (double)s->layers * (double)s->hidden * (heads + 3 * (double)s->ffn);
}

double decoder_head_macs(const struct decoder_shape *s)
{
	return (double)s->vocabulary * (double)s->hidden;
}

double decoder_attention_macs(const struct decoder_shape *s, double positions)
{
	return 2 * (double)(s->layers * s->heads * s->head_dim) * positions;
}

static double gains(const struct decoder_shape *s)
{
	return (double)(2 * s->layers + 1) * (double)s->hidden;
}

double decoder_parameters(const struct decoder_shape *s)
{
	return decoder_core_macs(s) + decoder_head_macs(s) * (s->tied ? 1 : 2) + gains(s);
}

double decoder_weight_bytes(const struct decoder_shape *s, enum format f)
{
	double weights = decoder_core_macs(s) + decoder_head_macs(s);
	return weights * format_bytes(f) + gains(s) * (double)sizeof(float);
}

double decoder_kv_bytes(const struct decoder_shape *s, double positions)
{
	double values = 2 * (double)(s->layers * s->kv_heads * s->head_dim);
	return values * positions * (double)sizeof(float);
}
