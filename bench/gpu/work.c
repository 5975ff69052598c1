#include "bench/gpu/work.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/gpu/data.h"

enum {
	TILE_ROWS = 64,          /* rows that are drawn, the rest repeats them */
	TILE_PAIRS = 4,
	TILE_WORDS = 1 << 18,
	KV_HEADS = 8,            /* of each sequence, as in Llama 3 models */
	CHUNK = 256,             /* positions of a piece of attention */
	SLICES = 4,              /* rows of one group, ROWS in kernels.cl */
	BUFFERS = 6,
	NUMBERS = 5,
	SEED = 20240229
};

struct work {
	struct gpu *g;
	void *buffer[BUFFERS]; /* the first is the result */
	int number[NUMBERS];
	uint64_t count;
	struct gpu_launch launch[2];
	size_t launches;
	size_t outputs;        /* of the first buffer, in elements */
	struct gpu_rows rows;
	struct gpu_vector x;
	struct gpu_cache cache;
	uint32_t *words;
};

static void free_work(void *ctx)
{
	struct work *w = ctx;
	for (size_t i = 0; i < BUFFERS; i++) w->g->ops->release(w->g, w->buffer[i]);
	gpu_rows_free(&w->rows);
	gpu_vector_free(&w->x);
	gpu_cache_free(&w->cache);
	free(w->words);
	free(w);
}

static double run_work(void *ctx, int times)
{
	struct work *w = ctx;
	return w->g->ops->run(w->g, w->launch, w->launches, times);
}

static struct work *new_work(struct gpu *g, enum gpu_kernel kernel, size_t groups)
{
	struct work *w = mem_new(1, sizeof *w);
	w->g = g;
	w->launches = 1;
	w->launch[0].kernel = kernel;
	w->launch[0].groups = groups;
	return w;
}

static void add_arg(struct gpu_launch *l, size_t size, const void *value)
{
	l->arg[l->args++] = (struct gpu_arg){ size, value };
}

static void add_buffers(struct work *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_arg(&w->launch[0], sizeof w->buffer[i], &w->buffer[i]);
}

/* Makes the i-th buffer, of `times` copies of the bytes at `from`; NULL: of not-a-numbers,
 * so that no result is right before a kernel wrote it. */
static bool fill(struct work *w, size_t i, const void *from, size_t bytes, size_t times)
{
	struct gpu *g = w->g;
	void *none = from ? NULL : memset(mem_new(bytes, 1), 0xff, bytes);
	w->buffer[i] = g->ops->alloc(g, bytes * times);
	bool good = w->buffer[i];
	for (size_t t = 0; good && t < times; t++)
		good = g->ops->put(g, w->buffer[i], t * bytes, from ? from : none, bytes);
	free(none);
	return good;
}

/* The result's numbers, or NULL with a fault; the caller frees. */
static float *result(struct work *w)
{
	float *y = mem_new(w->outputs, sizeof *y);
	if (!*w->g->fault && w->g->ops->get(w->g, y, w->buffer[0], 0, w->outputs * sizeof *y))
		return y;
	free(y);
	return NULL;
}

static double worse(double worst, double off)
{
	return isnan(off) ? INFINITY : fmax(worst, off);
}

void gpu_case_key(struct gpu_case *c, const char *name, double value)
{
	c->key[c->keys].name = name;
	c->key[c->keys++].value = value;
}

/* Bytes that lie in memory: cycled through, they leave nothing of themselves in the
 * cache. At most a thirty-second of the memory, for all cases are there at once. */
static size_t cold_bytes(const struct gpu *g)
{
	double least = g->processor ? 8 << 20 : 64 << 20;
	double cold = fmax((g->processor ? 4 : 16) * g->cache_bytes, least);
	return (size_t)fmin(cold, fmin(g->memory_bytes / 32, g->buffer_bytes));
}


/* Hands the case on when all of its buffers were made. */
static bool give(struct gpu_case *c, struct work *w, bool made, gpu_take *take, void *to)
{
	c->ctx = w;
	c->run = run_work;
	c->free = free_work;
	if (made) take(to, c);
	else free_work(w);
	return made;
}

/* ---- memory ---- */

static double read_error(void *ctx)
{
	struct work *w = ctx;
	uint32_t sum = 0, *part = (uint32_t *)result(w);
	if (!part) return INFINITY;
	for (size_t i = 0; i < w->outputs; i++) sum += part[i];
	for (uint64_t i = 0; i < 4 * w->count; i++) sum -= w->words[i % TILE_WORDS];
	free(part);
	return sum ? 1 : 0;
}

static double copy_error(void *ctx)
{
	struct work *w = ctx;
	size_t bytes = TILE_WORDS * sizeof *w->words;
	uint32_t *here = mem_new(1, bytes);
	bool same = !*w->g->fault;
	for (size_t at = 0; same && at < 16 * w->count; at += bytes)
		same = w->g->ops->get(w->g, here, w->buffer[0], at, bytes) && !memcmp(here, w->words, bytes);
	free(here);
	return *w->g->fault ? INFINITY : same ? 0 : 1;
}

static bool add_memory(struct gpu *g, bool copy, size_t bytes, gpu_take *take, void *to)
{
	size_t tile = TILE_WORDS * sizeof(uint32_t), tiles = bytes / tile ? bytes / tile : 1;
	size_t groups = 16 * (size_t)g->units;
	struct work *w = new_work(g, copy ? GPU_copy_all : GPU_read_sum, groups);
	w->words = gpu_words_new(TILE_WORDS, SEED);
	w->count = tiles * tile / 16;
	w->outputs = groups * GPU_GROUP;
	add_buffers(w, 2);
	add_arg(&w->launch[0], sizeof w->count, &w->count);
	struct gpu_case c = { .kernel = copy ? "copy" : "read", .error_max = 0,
		.error = copy ? copy_error : read_error };
	c.bytes = (copy ? 2.0 : 1.0) * (double)(tiles * tile);
	snprintf(c.shape, sizeof c.shape, "%zu MiB", tiles * tile >> 20);
	gpu_case_key(&c, "size_bytes", (double)(tiles * tile));
	if (g->memory_bytes > 0) gpu_case_key(&c, "memory_bytes", g->memory_bytes);
	if (g->cache_bytes > 0) gpu_case_key(&c, "cache_bytes", g->cache_bytes);
	bool made = fill(w, 0, NULL, copy ? tile : 4 * w->outputs, copy ? tiles : 1) &&
	    fill(w, 1, w->words, tile, tiles);
	return give(&c, w, made, take, to);
}

/* ---- products ---- */

static double gemv_error(void *ctx)
{
	struct work *w = ctx;
	double expected[TILE_ROWS], worst = 0, largest = 0;
	float *y = result(w);
	if (!y) return INFINITY;
	for (size_t r = 0; r < TILE_ROWS; r++) {
		expected[r] = gpu_rows_times(&w->rows, r, &w->x);
		largest = fmax(largest, fabs(expected[r]));
	}
	for (size_t r = 0; r < w->outputs; r++)
		worst = worse(worst, fabs(y[r] - expected[r % TILE_ROWS]));
	free(y);
	return worst / largest;
}

static bool fill_gemv(struct work *w, size_t tiles)
{
	struct gpu_rows *r = &w->rows;
	struct gpu_vector *x = &w->x;
	size_t n = 1;
	bool good = fill(w, 0, NULL, 4 * w->outputs, 1) &&
	    fill(w, n++, r->data, TILE_ROWS * r->data_bytes, tiles);
	if (good && r->scale) good = fill(w, n++, r->scale, TILE_ROWS * r->scale_bytes, tiles);
	if (good && r->scale)
		good = fill(w, n++, x->q, x->cols, 1) && fill(w, n++, x->scale, x->cols / 64 * 4, 1);
	else if (good) good = fill(w, n++, x->f32, x->cols * 4, 1);
	if (good && r->format == GPU_Q4) good = fill(w, n++, x->sum, x->cols / 32 * 4, 1);
	add_buffers(w, n);
	add_arg(&w->launch[0], sizeof(int), &w->number[0]);
	return good;
}

static bool add_gemv(struct gpu *g, enum gpu_format f, size_t cols, gpu_take *take, void *to)
{
#define X(id, word, bytes, kernel) { "gemv_" word, bytes, kernel },
	static const struct {
		const char *kernel;
		double bytes;
		enum gpu_kernel id;
	} formats[] = { GPU_FORMAT_LIST(X) };
#undef X
	double tile = formats[f].bytes * (double)(TILE_ROWS * cols);
	size_t tiles = (size_t)fmax(1, (double)cold_bytes(g) / tile), rows = tiles * TILE_ROWS;
	struct work *w = new_work(g, formats[f].id, rows / SLICES);
	w->rows = gpu_rows_new(f, TILE_ROWS, cols, SEED + 1);
	w->x = gpu_vector_new(cols, SEED + 2);
	w->outputs = rows;
	w->number[0] = (int)cols;
	struct gpu_case c = { .kernel = formats[f].kernel, .item = "weight", .error = gemv_error,
		.error_max = 1e-5 };
	c.items = (double)rows * (double)cols;
	c.flops = 2 * c.items;
	c.bytes = formats[f].bytes * c.items + 4.0 * (double)(rows + cols);
	snprintf(c.shape, sizeof c.shape, "%zu x %zu", rows, cols);
	gpu_case_key(&c, "rows", (double)rows);
	gpu_case_key(&c, "cols", (double)cols);
	return give(&c, w, fill_gemv(w, tiles), take, to);
}

/* ---- attention ---- */

static double attention_error(void *ctx)
{
	struct work *w = ctx;
	const struct gpu_cache *c = &w->cache;
	size_t period = c->pairs * c->group * c->head_dim;
	double *expected = mem_new(period, sizeof *expected), worst = 0, largest = 0;
	for (size_t i = 0; i < c->pairs * c->group; i++)
		gpu_cache_attend(c, i / c->group, i % c->group, expected + i * c->head_dim);
	for (size_t i = 0; i < period; i++) largest = fmax(largest, fabs(expected[i]));
	float *out = result(w);
	for (size_t i = 0; out && i < w->outputs; i++)
		worst = worse(worst, fabs(out[i] - expected[i % period]));
	worst = out ? worst / largest : INFINITY;
	free(out);
	free(expected);
	return worst;
}

/* Buffers: out, part, query, keys, values. Numbers: head_dim, context, chunk, group, pieces. */
static bool fill_attention(struct work *w, size_t tiles)
{
	const struct gpu_cache *c = &w->cache;
	struct gpu_launch *piece = &w->launch[0], *join = &w->launch[1];
	size_t cached = c->pairs * c->context * c->head_dim;
	for (size_t i = 1; i < 5; i++) add_arg(piece, sizeof w->buffer[i], &w->buffer[i]);
	for (size_t i = 0; i < 3; i++) add_arg(piece, sizeof(int), &w->number[i]);
	for (size_t i = 0; i < 2; i++) add_arg(join, sizeof w->buffer[i], &w->buffer[i]);
	add_arg(join, sizeof(int), &w->number[3]);
	add_arg(join, sizeof(int), &w->number[0]);
	add_arg(join, sizeof(int), &w->number[4]);
	return fill(w, 0, NULL, 4 * w->outputs, 1) &&
	    fill(w, 1, NULL, piece->groups * c->group * (c->head_dim + 2) * 4, 1) &&
	    fill(w, 2, c->query, c->pairs * c->group * c->head_dim * 4, tiles) &&
	    fill(w, 3, c->keys, cached * 2, tiles) && fill(w, 4, c->values, cached * 2, tiles);
}

bool gpu_attention(struct gpu *g, size_t head_dim, size_t group, size_t context, size_t batch,
    gpu_take *take, void *to)
{
	size_t pair_bytes = 4 * context * head_dim; /* f16, keys and values */
	if (!batch) batch = cold_bytes(g) / (pair_bytes * KV_HEADS);
	if (!batch) batch = 1;
	size_t pairs = batch * KV_HEADS, pieces = (context + CHUNK - 1) / CHUNK;
	enum gpu_kernel kernel = group == 1 ? GPU_attention_1 : group == 4 ? GPU_attention_4
	                                                                   : GPU_attention_8;
	struct work *w = new_work(g, kernel, pairs * pieces);
	w->launches = 2;
	w->launch[1].kernel = GPU_attention_join;
	w->launch[1].groups = pairs * group;
	w->cache = gpu_cache_new(TILE_PAIRS, group, head_dim, context, SEED + 3);
	w->outputs = pairs * group * head_dim;
	int numbers[NUMBERS] = { (int)head_dim, (int)context, CHUNK, (int)group, (int)pieces };
	memcpy(w->number, numbers, sizeof numbers);
	struct gpu_case c = { .kernel = "attention_f16", .error = attention_error, .error_max = 1e-4 };
	c.flops = 4.0 * (double)(pairs * group * head_dim * context);
	c.bytes = (double)(pairs * pair_bytes);
	snprintf(c.shape, sizeof c.shape, "head %zu x %zu, %zu, batch %zu", head_dim, group, context,
	    batch);
	gpu_case_key(&c, "head_dim", (double)head_dim);
	gpu_case_key(&c, "group", (double)group);
	gpu_case_key(&c, "context", (double)context);
	gpu_case_key(&c, "kv_heads", KV_HEADS);
	gpu_case_key(&c, "batch", (double)batch);
	return give(&c, w, fill_attention(w, pairs / TILE_PAIRS), take, to);
}

/* ---- all of them ---- */

/* In a cache a buffer is short, and a call over before it began: a quarter of it, no less
 * than a tile, where the device tells its size. */
static bool add_all_memory(struct gpu *g, bool quick, gpu_take *take, void *to)
{
	bool good = add_memory(g, false, cold_bytes(g), take, to);
	if (!quick && g->cache_bytes > 0)
		good = add_memory(g, false, (size_t)g->cache_bytes / 4, take, to) && good;
	return add_memory(g, true, cold_bytes(g) / 2, take, to) && good;
}

bool gpu_cases(struct gpu *g, bool quick, gpu_take *take, void *to)
{
	static const size_t cols[] = { 4096, 8192 };
	static const struct {
		size_t head_dim, group;
	} heads[] = { { 128, 4 }, { 64, 1 }, { 64, 8 } };
	static const size_t contexts[] = { 2048, 512 };
	bool good = add_all_memory(g, quick, take, to);
	for (int f = 0; good && f < GPU_FORMATS; f++)
		for (int k = 0; good && k < (quick ? 1 : 2); k++)
			good = add_gemv(g, (enum gpu_format)f, cols[k], take, to);
	for (int h = 0; good && h < (quick ? 1 : 3); h++)
		for (int t = 0; good && t < (quick ? 1 : 2); t++)
			good = gpu_attention(g, heads[h].head_dim, heads[h].group, contexts[t], 0, take, to);
	/* One request alone is over soon, and tells what a call costs. */
	return good && (quick || gpu_attention(g, 128, 4, 512, 1, take, to));
}
