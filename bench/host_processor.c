/* A processor, from the rows of the machine's own kernels. */
#include <math.h>
#include <string.h>

#include "bench/host_parts.h"
#include "models/compute/streamed.h"

enum { CACHE_ROWS_MAX = 64, MANY_TOKENS = 64, GROUPED = 4 };

static const struct err_pos nowhere;

static bool is_read(const struct bench_row *r)
{
	return !strcmp(r->group, "memory") && !strcmp(r->kernel, "read");
}

static double span_of(const struct bench_row *r)
{
	double span = bench_row_key(r, "span");
	return span > 0 ? span : r->bytes;
}

static double tokens_of(const struct bench_row *r)
{
	double tokens = bench_row_key(r, "tokens");
	return tokens > 0 ? tokens : 1;
}

/* ---- memory ---- */

/* The largest span that was read, and the pages that a decoder's weights lie on: huge ones
 * where they were had. */
static double largest_read(const struct source *s, const char **pages)
{
	double largest = 0;
	*pages = "";
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (!is_read(r) || !host_counts(s, r) || !strcmp(r->pages, "file")) continue;
		bool better = !strcmp(r->pages, "huge") && strcmp(*pages, "huge");
		bool same = !strcmp(r->pages, *pages);
		if (!better && !(same && span_of(r) > largest) && largest > 0) continue;
		*pages = r->pages;
		largest = span_of(r);
	}
	return largest;
}

static bool find_bandwidth(const struct source *s, struct err_list *e)
{
	const char *pages;
	double largest = largest_read(s, &pages);
	struct spread p = { 0 };
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (is_read(r) && host_counts(s, r) && !strcmp(r->pages, pages) &&
		    span_of(r) > 0.99 * largest)
			spread_add(&p, r, r->bytes);
	}
	host_put(s->host, HOST_BANDWIDTH, host_estimate(&p, 1));
	if (s->host->device.bandwidth_bytes_s > 0) return true;
	err_at(e, nowhere,
	    "no case of group memory with %d threads is fit for use; run hearth bench memory gemv "
	    "gemm attention rest -o FILE.json on a quiet machine", s->host->threads);
	return false;
}

/* The context of the cache's fit. */
struct curve {
	double span[CACHE_ROWS_MAX], byte_s[CACHE_ROWS_MAX]; /* seconds a byte */
	double memory_bytes_s;
};

static double curve_byte_s(const void *ctx, const double *value, size_t row)
{
	const struct curve *c = ctx;
	double hit = streamed_hit_frac(c->span[row], value[0]);
	return 1 / streamed_bytes_s(hit, value[1], c->memory_bytes_s);
}

/* Twice the second-level caches of so many threads; 2 MB where they are not known. */
static double beyond_second_level(const struct source *s)
{
	double bytes = 0;
	for (size_t i = 0; i < s->file->context.caches; i++) {
		const struct bench_cache *c = &s->file->context.cache[i];
		if (c->level == 2 && c->bytes > 0) bytes = c->bytes;
	}
	return bytes > 0 ? 2 * bytes * s->host->threads : 2e6;
}

static size_t collect_curve(const struct source *s, struct curve *c)
{
	const char *pages;
	size_t n = 0;
	largest_read(s, &pages);
	for (size_t i = 0; i < s->file->rows && n < CACHE_ROWS_MAX; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (!is_read(r) || !host_counts(s, r) || strcmp(r->pages, pages)) continue;
		if (span_of(r) < beyond_second_level(s)) continue;
		c->span[n] = span_of(r);
		c->byte_s[n++] = bench_row_s(r) / r->bytes;
	}
	return n;
}

/* Left out where the sizes that were read do not show a cache. */
static void find_cache(const struct source *s)
{
	double memory = s->host->device.bandwidth_bytes_s;
	struct curve c = { .memory_bytes_s = memory };
	size_t rows = collect_curve(s, &c);
	const struct fit_constant constant[] = {
		{ "cache", "B", 1e5, 1e10, { 8e6, 24e6, 1e6 }, "", false },
		{ "cache-bandwidth", "B/s", memory, 100 * memory, { 3 * memory, 8 * memory,
		    1.5 * memory }, "", false },
	};
	struct fit_problem p = { constant, 2, 3, c.byte_s, rows, curve_byte_s, &c };
	struct fit f;
	struct err_list *unseen = err_new();
	if (fit_solve(&f, &p) && fit_identifies(&f, &p, nowhere, unseen)) {
		host_put(s->host, HOST_CACHE, host_fitted(&f, 0, rows));
		struct host_constant rate = host_fitted(&f, 1, rows);
		rate.low = fmax(rate.low, memory);
		host_put(s->host, HOST_CACHE_BANDWIDTH, rate);
	}
	err_free(unseen);
}

/* ---- products ---- */

/* Of a format: the word in kernels' names, and its constants. */
struct product {
	const char *word;
	enum host_id flops, vector, share;
};

static const struct product products[] = {
	{ "f32", HOST_FP32_FLOPS, HOST_FP32_VECTOR, HOST_FP32_SHARE },
	{ "f16", HOST_FP16_FLOPS, HOST_FP16_VECTOR, HOST_FP16_SHARE },
	{ "q8", HOST_Q8_FLOPS, HOST_Q8_VECTOR, HOST_Q8_SHARE },
	{ "q4", HOST_Q4_FLOPS, HOST_Q4_VECTOR, HOST_Q4_SHARE },
};

static bool is_product(const struct bench_row *r, const char *kind, const char *word)
{
	size_t n = strlen(kind);
	return !strcmp(r->group, kind) && !strncmp(r->kernel, kind, n) && r->kernel[n] == '_' &&
	    !strcmp(r->kernel + n + 1, word);
}

/* Whether weights of that span were in the cache (1), in memory (0), or a part of them. */
static int where(const struct source *s, double span)
{
	double cache = s->host->device.cache_bytes;
	if (!(cache > 0)) return 0;
	return span <= cache / 2 ? 1 : span >= 4 * cache ? 0 : -1;
}

static void find_vector(const struct source *s, const struct product *k)
{
	struct spread cached = { 0 }, read = { 0 };
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (!is_product(r, "gemv", k->word) || !host_counts(s, r)) continue;
		int place = where(s, span_of(r));
		if (place == 1) spread_add(&cached, r, r->flops);
		if (place == 0) spread_add(&read, r, r->bytes);
	}
	host_put(s->host, k->vector, host_estimate(&cached, 1));
	host_put(s->host, k->share, host_estimate(&read, 1 / s->host->device.bandwidth_bytes_s));
}

static double best_gemm(const struct source *s, const char *word)
{
	double best = NAN;
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (is_product(r, "gemm", word) && host_counts(s, r))
			best = fmax(best, r->flops / bench_row_s(r));
	}
	return best;
}

static void find_flops(const struct source *s, const struct product *k)
{
	struct spread p = { 0 };
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (is_product(r, "gemm", k->word) && host_counts(s, r) && tokens_of(r) >= MANY_TOKENS)
			spread_add(&p, r, r->flops);
	}
	host_put(s->host, k->flops, host_estimate(&p, 1));
}

/* Weights in f16 are unpacked to f32: without cases of their own they have its peak. */
static bool find_peaks(const struct source *s, struct err_list *e)
{
	struct host *h = s->host;
	double fp32 = best_gemm(s, "f32"), fp16 = best_gemm(s, "f16");
	host_put(h, HOST_FP32, host_best(fp32));
	host_put(h, HOST_FP16, host_best(isnan(fp16) ? fp32 : fp16));
	if (fp32 > 0) return true;
	err_at(e, nowhere,
	    "no case gemm_f32 with %d threads is fit for use; run hearth bench memory gemv gemm "
	    "attention rest -o FILE.json on a quiet machine", h->threads);
	return false;
}

/* ---- attention ---- */

static bool is_attention(const struct source *s, const struct bench_row *r, bool decode)
{
	return !strncmp(r->kernel, "attention", strlen("attention")) && host_counts(s, r) &&
	    (tokens_of(r) < 2) == decode && bench_row_key(r, "group") > 0;
}

static double fewest_heads(const struct source *s)
{
	double fewest = INFINITY;
	for (size_t i = 0; i < s->file->rows; i++)
		if (is_attention(s, &s->file->row[i], true))
			fewest = fmin(fewest, bench_row_key(&s->file->row[i], "group"));
	return fewest;
}

static void find_attention(const struct source *s)
{
	struct spread bytes = { 0 }, flops = { 0 }, prefill = { 0 };
	struct device_par *d = &s->host->device;
	double fewest = fewest_heads(s);
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		double group = bench_row_key(r, "group");
		if (is_attention(s, r, false)) spread_add(&prefill, r, r->flops);
		if (!is_attention(s, r, true)) continue;
		if (group <= fewest && where(s, span_of(r)) != 1) spread_add(&bytes, r, r->bytes);
		if (group >= GROUPED) spread_add(&flops, r, r->flops);
	}
	host_put(s->host, HOST_ATTENTION_BW, host_estimate(&bytes, 1 / d->bandwidth_bytes_s));
	host_put(s->host, HOST_ATTENTION_FLOPS, host_estimate(&flops, 1));
	host_put(s->host, HOST_ATTENTION_SHARE, host_estimate(&prefill, 1 / d->fp16_flops_s));
	if (isnan(d->attention_bw_share)) d->attention_bw_share = d->bandwidth_share;
	if (isnan(d->attention_share)) d->attention_share = d->flops_share;
}

/* ---- the rest of a layer ---- */

/* Shape of the model whose rest was measured. */
static struct llm_par shape_of(const struct bench_row *r)
{
	return (struct llm_par){ .layers = 1,
		.hidden = (int64_t)bench_row_key(r, "hidden"),
		.ffn = (int64_t)bench_row_key(r, "ffn"),
		.heads = (int64_t)bench_row_key(r, "heads"),
		.kv_heads = (int64_t)bench_row_key(r, "kv_heads"),
		.head_dim = (int64_t)bench_row_key(r, "head_dim"),
		.experts = 1,
		.experts_active = 1 };
}

static bool is_rest(const struct bench_row *r)
{
	return !strcmp(r->group, "rest") && bench_row_key(r, "layers") > 0 &&
	    bench_row_key(r, "hidden") > 0 && bench_row_key(r, "ffn") > 0 &&
	    bench_row_key(r, "heads") > 0 && bench_row_key(r, "kv_heads") > 0 &&
	    bench_row_key(r, "head_dim") > 0;
}

static double rest_bytes(const struct bench_row *r)
{
	struct llm_par shape = shape_of(r);
	return bench_row_key(r, "layers") * tokens_of(r) * llm_rest_bytes(&shape, 1);
}

/* What of a layer grows with its tokens, from prompts. */
static void find_rest(const struct source *s)
{
	struct spread p = { 0 };
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (is_rest(r) && host_counts(s, r) && tokens_of(r) >= MANY_TOKENS)
			spread_add(&p, r, rest_bytes(r));
	}
	host_put(s->host, HOST_REST_SHARE, host_estimate(&p, 1 / s->host->device.bandwidth_bytes_s));
}

/* What a single token's layer took, less that. */
static void find_layer_time(const struct source *s)
{
	struct host *h = s->host;
	struct spread p = { 0 };
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (!is_rest(r) || !host_counts(s, r) || tokens_of(r) >= 2) continue;
		double known_s = rest_bytes(r) / device_rest_bytes_s(&h->device);
		spread_put(&p, fmax(0, (bench_row_s(r) - known_s) / bench_row_key(r, "layers")));
	}
	h->layer = host_estimate(&p, 1);
	h->engine.layer_s = h->layer.value > 0 ? h->layer.value : 0;
}

/* ---- spikes ---- */

static bool is_delivery(const struct bench_row *r)
{
	return !strcmp(r->group, "spiking") && !strncmp(r->kernel, "spikes_csr_", 11) &&
	    r->items >= HOST_SYNOPS_MIN;
}

/* Seconds an operation, the inverse of what is pooled: the low quantile is of the high rate. */
static void find_synapse_time(const struct source *s)
{
	struct spread p = { 0 };
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (is_delivery(r) && host_counts(s, r)) spread_add(&p, r, r->items);
	}
	struct host_constant rate = host_estimate(&p, 1), time = rate;
	time.value = 1 / rate.value;
	time.low = 1 / rate.high;
	time.high = 1 / rate.low;
	host_put(s->host, HOST_SYNAPSE, time);
}

/* ---- all ---- */

static void start(struct host *h, double memory_bytes)
{
	struct device_par *d = &h->device;
	if (isnan(d->memory_bytes)) d->memory_bytes = memory_bytes;
	d->flops_share = d->bandwidth_share = 1;
	d->op_s = d->attention_s = d->attention_row_s = 0;
	d->roundness = 100;
	h->engine = (struct engine_par){ .name = "hearth-decoder",
		.source = "bench/decoder",
		.verify = VERIFY_DERIVED,
		.packed_share = NAN,
		.link_share = 1,
		.memory_frac = 0.9,
		.token_budget = HOST_BLOCK,
		.max_sequences = 1,
		.admission = ENGINE_ADMIT_CHUNK,
		.block_tokens = 16 };
}

bool host_processor(const struct source *s, struct err_list *e)
{
	start(s->host, s->file->context.memory_bytes);
	if (!find_bandwidth(s, e) || !find_peaks(s, e)) return false;
	find_cache(s);
	for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
		find_vector(s, &products[i]);
		find_flops(s, &products[i]);
	}
	find_attention(s);
	find_rest(s);
	find_layer_time(s);
	find_synapse_time(s);
	return true;
}
