/* Products of many tokens: f32 through BLAS, q8 and q4 by our own kernels, and BLAS as others call
 * it. */
#include "bench/kernels/group_products.h"

/* A small model's feed-forward matrix beside square ones of a large one. */
enum { SIDE = 2048, NARROW = 320, NARROW_ROWS = 896 };

/* The library's routine on the whole matrix, in one call. */
static void run_direct(void *ctx)
{
	struct product_case *p = ctx;
	blas_sgemm(p->blas, p->y, p->w.rows, p->x.f32, p->x.cols, p->w.data, p->w.cols, p->x.count,
	    p->w.rows, p->w.cols);
}

static void add_case(struct suite *s, struct weights *w, size_t rows, size_t cols, size_t tokens,
    int threads)
{
	struct product_case *p = product_new(w, rows, cols, tokens, threads);
	if (!format_quantised(w->all.format)) p->blas = blas_open(BLAS_LIBRARY);
	struct bench_case c = product_declared(p);
	c.kernel = p->blas ? blas_is_library(p->blas) ? "gemm_f32" : "gemm_plain_f32" :
	    w->all.format == FORMAT_Q8 ? "gemm_q8" : "gemm_q4";
	suite_add(s, &c);
}

static void add_direct(struct suite *s, struct weights *w, size_t tokens)
{
	struct product_case *p = product_new(w, SIDE, SIDE, tokens, 1);
	p->blas = blas_open(BLAS_LIBRARY);
	if (!blas_is_library(p->blas)) {
		product_free(p);
		return;
	}
	struct bench_case c = product_declared(p);
	c.kernel = "cblas_sgemm";
	c.run = run_direct;
	suite_add(s, &c);
}

/* In all formats. */
static void add_shape(struct suite *s, struct weights *const *w, size_t rows, size_t cols,
    size_t tokens)
{
	int most = suite_threads(s);
	for (int i = 0; i < 3; i++) {
		if (!suite_quick(s) || most == 1) add_case(s, w[i], rows, cols, tokens, 1);
		if (most > 1) add_case(s, w[i], rows, cols, tokens, most);
	}
}

static void add(struct suite *s)
{
	static const size_t tokens[] = { 8, 128, 512 };
	static const enum format formats[] = { FORMAT_F32, FORMAT_Q8, FORMAT_Q4 };
	struct weights *w[3];
	struct blas *b = blas_open(BLAS_LIBRARY);
	suite_note(s, "f32 by %s", blas_name(b));
	blas_close(b);
	for (int i = 0; i < 3; i++) w[i] = product_weights_new(formats[i], SIDE, SIDE * SIDE * 4);
	for (int i = 0; i < 3; i++) {
		if (suite_quick(s) && tokens[i] != 128) continue;
		add_shape(s, w, SIDE, SIDE, tokens[i]);
		if (!suite_quick(s)) add_direct(s, w[0], tokens[i]);
	}
	add_shape(s, w, NARROW_ROWS, NARROW, 128);
	for (int i = 0; i < 3; i++) product_weights_free(w[i]);
}

const struct bench_group bench_gemm = {
	.name = "gemm",
	.about = "many tokens' products, f32 through BLAS and called directly, 8 and 4 bits",
	.add = add,
	.weight = 2,
};
