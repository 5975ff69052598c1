#include "bench/decoder/weights.h"

#include "base/mem.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

/* n values, uniform within `size` of 0, four to a draw: 16 bits are more than any format but
 * f32 keeps. */
static void draw(float *value, size_t n, double size, struct pcg64 *g)
{
	float step = (float)(size / 32768);
	for (size_t i = 0; i < n; i += 4) {
		uint64_t bits = pcg64_next(g);
		for (size_t j = 0; j < 4; j++)
			value[i + j] = (float)(int16_t)(bits >> 16 * j) * step;
	}
}

/* What numbers the streams: every matrix and every vector of gains has a name of its own. */
struct source {
	uint64_t seed, next;
	int threads;
	char *memory; /* where the next matrix goes */
};

static struct matrix drawn(struct source *from, enum format f, size_t rows, size_t cols,
    double variance)
{
	struct matrix m = matrix_at(f, rows, cols, from->memory);
	from->memory += matrix_bytes(&m);
	uint64_t seed = from->seed, name = from->next++;
	double size = sqrt(3 * variance);
#pragma omp parallel num_threads(from->threads)
	{
		float *row = mem_new(cols, sizeof *row);
#pragma omp for schedule(static)
		for (size_t block = 0; block < rows; block += ROW_BLOCK)
			for (size_t r = block; r < block + ROW_BLOCK; r++) {
				struct pcg64 g = rng_stream(seed, name, r, RNG_WEIGHTS);
				draw(row, cols, size, &g);
				matrix_put(&m, r, row);
			}
		free(row);
	}
	return m;
}

static float *drawn_gains(struct source *from, size_t n)
{
	float *gain = mem_lines(n, sizeof *gain);
	struct pcg64 g = rng_stream(from->seed, from->next++, 0, RNG_WEIGHTS);
	draw(gain, n, 0.25, &g);
	for (size_t i = 0; i < n; i++) gain[i] += 1;
	return gain;
}

static struct layer_weights drawn_layer(struct source *from, const struct decoder_shape *s,
    enum format f)
{
	size_t queries = s->heads * s->head_dim, keys = s->kv_heads * s->head_dim;
	double inner = 1 / (double)s->hidden, residual = 1 / (2 * (double)s->layers);
	struct layer_weights l;
	l.attention_gain = drawn_gains(from, s->hidden);
	l.ffn_gain = drawn_gains(from, s->hidden);
	l.qkv = drawn(from, f, queries + 2 * keys, s->hidden, inner);
	l.out = drawn(from, f, s->hidden, queries, residual / (double)queries);
	l.gate = drawn(from, f, s->ffn, s->hidden, inner);
	l.up = drawn(from, f, s->ffn, s->hidden, inner);
	l.down = drawn(from, f, s->hidden, s->ffn, residual / (double)s->ffn);
	return l;
}

/* Of all matrices, as they are drawn below. */
static size_t all_bytes(const struct decoder_shape *s, enum format f)
{
	size_t queries = s->heads * s->head_dim, keys = s->kv_heads * s->head_dim;
	size_t layer = matrix_bytes_of(f, queries + 2 * keys, s->hidden) +
	    matrix_bytes_of(f, s->hidden, queries) + 2 * matrix_bytes_of(f, s->ffn, s->hidden) +
	    matrix_bytes_of(f, s->hidden, s->ffn);
	return s->layers * layer + (s->tied ? 1 : 2) * matrix_bytes_of(f, s->vocabulary, s->hidden);
}

struct weights weights_new(const struct decoder_shape *s, enum format f, uint64_t seed, int threads)
{
	struct weights w = { .shape = *s, .format = f, .memory = mem_lines(all_bytes(s, f), 1) };
	struct source from = { .seed = seed, .threads = threads, .memory = w.memory };
	double variance = 1 / (double)s->hidden;
	w.embedding = drawn(&from, f, s->vocabulary, s->hidden, variance);
	w.layer = mem_new(s->layers, sizeof *w.layer);
	for (size_t i = 0; i < s->layers; i++) w.layer[i] = drawn_layer(&from, s, f);
	w.gain = drawn_gains(&from, s->hidden);
	if (!s->tied) w.head = drawn(&from, f, s->vocabulary, s->hidden, variance);
	return w;
}

void weights_free(struct weights *w)
{
	for (size_t i = 0; i < w->shape.layers; i++) {
		struct layer_weights *l = &w->layer[i];
		free(l->attention_gain);
		free(l->ffn_gain);
	}
	free(w->layer);
	free(w->gain);
	free(w->memory);
	*w = (struct weights){ 0 };
}
