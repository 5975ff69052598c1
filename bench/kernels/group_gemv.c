/* Products of one token with matrices of every format, from memory and from cache, by length of
 * row. */
#include "bench/kernels/area.h"
#include "bench/kernels/group_products.h"

static const size_t cache_bytes = 4 << 20; /* beyond the second level, within the third */

/* Six times the last cache level: nothing of it stays until it is read again. */
static size_t memory_bytes(void)
{
	const size_t least = (size_t)192 << 20, most = (size_t)1 << 30;
	size_t six = 6 * last_cache_bytes();
	return six < least ? least : six > most ? most : six;
}

static const char *const kernel_of[FORMATS] = { "gemv_f32", "gemv_f16", "gemv_bf16", "gemv_q8",
	"gemv_q4" };

static void add_case(struct suite *s, struct weights *w, size_t bytes, size_t cols, int threads)
{
	enum format f = w->all.format;
	size_t rows = (size_t)((double)bytes / format_bytes(f) / (double)cols);
	rows = rows / ROW_BLOCK * ROW_BLOCK;
	struct bench_case c = product_declared(product_new(w, rows, cols, 1, threads));
	c.kernel = kernel_of[f];
	suite_add(s, &c);
}

/* Long rows from memory and from the cache, and from the cache short ones too. */
static void add_format(struct suite *s, enum format f, size_t bytes)
{
	static const size_t cols[] = { 320, 1024, 4096, 8192 };
	struct weights *w = product_weights_new(f, 8192, bytes);
	int most = suite_threads(s);
	for (int i = 0; i < 4; i++) {
		bool narrow = cols[i] == 320, usual = cols[i] == 4096;
		if (suite_quick(s) && !usual) continue;
		if (!narrow) add_case(s, w, bytes, cols[i], 1);
		if (!suite_quick(s)) add_case(s, w, cache_bytes, cols[i], 1);
		if (most > 1 && usual) add_case(s, w, bytes, cols[i], most);
		if (most > 1 && (usual || narrow)) add_case(s, w, cache_bytes, cols[i], most);
	}
	product_weights_free(w);
}

static void add(struct suite *s)
{
	for (int f = 0; f < FORMATS; f++)
		if (!suite_quick(s) || (f != FORMAT_F16 && f != FORMAT_BF16))
			add_format(s, (enum format)f, memory_bytes());
}

const struct bench_group bench_gemv = {
	.name = "gemv",
	.about = "one token's products, f32, f16, bf16, 8 and 4 bits, from memory and from cache",
	.add = add,
	.weight = 2,
};
