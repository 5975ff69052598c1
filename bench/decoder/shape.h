/* Shapes that the decoder computes: dense decoder-only transformers with grouped queries, a
 * gated feed-forward layer and rotary positions (Touvron et al. 2023, "LLaMA"). */
#ifndef HEARTH_BENCH_DECODER_SHAPE_H
#define HEARTH_BENCH_DECODER_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/kernels/format.h"
#include "models/compute/llm.h"

struct decoder_shape {
	const char *name;
	size_t layers;
	size_t hidden, ffn;     /* multiples of GROUP */
	size_t heads, kv_heads; /* kv_heads divides heads */
	size_t head_dim;        /* multiple of 8; times heads one of GROUP, times kv_heads of ROW_BLOCK */
	size_t vocabulary;      /* multiple of ROW_BLOCK */
	bool tied;              /* the head is the matrix of the embeddings */
};

/* About 15M, 110M, 0.5B and 1.1B parameters; a row without a name at the end. The second has the
 * shape of the TinyStories models of that size, the last two those of Qwen2.5-0.5B and
 * TinyLlama-1.1B. */
extern const struct decoder_shape decoder_shapes[];

/* NULL: no such name. */
const struct decoder_shape *decoder_shape_find(const char *name);

/* The shape of a catalogue's model, with its name's lifetime. NULL, or why the decoder
 * cannot compute it, which is also said of a shape made by hand. */
const char *decoder_shape_of(struct decoder_shape *s, const struct llm_par *p);
const char *decoder_shape_fault(const struct decoder_shape *s);

double decoder_parameters(const struct decoder_shape *s);

/* Bytes of weights that a step reads: all matrices but, of the embeddings, only what the head
 * shares, and the norms' gains, which are f32. */
double decoder_weight_bytes(const struct decoder_shape *s, enum format f);

/* Bytes of keys and values of so many positions, f32. */
double decoder_kv_bytes(const struct decoder_shape *s, double positions);

/* Multiply-adds of a token outside of attention, without and with the head. */
double decoder_core_macs(const struct decoder_shape *s);
double decoder_head_macs(const struct decoder_shape *s);

/* Of attention: of one token that sees `positions`. */
double decoder_attention_macs(const struct decoder_shape *s, double positions);

#endif
