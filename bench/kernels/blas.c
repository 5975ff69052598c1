#include "bench/kernels/blas.h"

#include "base/mem.h"
#include "bench/kernels/half.h"
#include "bench/kernels/layout.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* The C interface of BLAS (Blackford et al. 2002, "An updated set of basic linear algebra
 * subprograms", appendix B), with its constants. */
enum { CBLAS_ROW_MAJOR = 101, CBLAS_NO_TRANS = 111, CBLAS_TRANS = 112 };
typedef void sgemm_fn(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
    const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
typedef void set_threads_fn(int threads);
typedef char *get_config_fn(void);

struct blas {
	void *library;
	sgemm_fn *sgemm; /* NULL: plain */
	char *name;
};

/* POSIX has dlsym give functions as void *; ISO C has no cast for it, so bytes are copied. */
static void find(void *library, const char *symbol, void *function)
{
	void *p = dlsym(library, symbol);
	memcpy(function, &p, sizeof p);
}

struct blas *blas_open(const char *library)
{
	struct blas *b = mem_new(1, sizeof *b);
	set_threads_fn *set_threads = NULL;
	get_config_fn *get_config = NULL;
	b->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	const char *why = b->library ? "no cblas_sgemm in it" : dlerror();
	if (b->library) {
		find(b->library, "cblas_sgemm", &b->sgemm);
		find(b->library, "openblas_set_num_threads", &set_threads);
		find(b->library, "openblas_get_config", &get_config);
	}
	if (set_threads) set_threads(1);
	b->name = b->sgemm ? mem_text(get_config ? get_config() : "OpenBLAS") :
			     mem_print("plain C (%s)", why);
	return b;
}

void blas_close(struct blas *b)
{
	if (!b) return;
	if (b->library) dlclose(b->library);
	free(b->name);
	free(b);
}

const char *blas_name(const struct blas *b)
{
	return b->name;
}

int blas_is_library(const struct blas *b)
{
	return b->sgemm != NULL;
}

/* Blocks that stay in the first two cache levels; lanes that compilers make vectors of. */
enum { BLOCK_M = 32, BLOCK_N = 32, BLOCK_K = 512, LANES = 16 };

static float dot(const float *a, const float *b, size_t k)
{
	float lane[LANES] = { 0 }, sum = 0;
	size_t i = 0;
	for (; i + LANES <= k; i += LANES)
		for (size_t j = 0; j < LANES; j++) lane[j] += a[i + j] * b[i + j];
	for (size_t j = 0; j < LANES; j++) sum += lane[j];
	for (; i < k; i++) sum += a[i] * b[i];
	return sum;
}

static size_t less(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void plain_sgemm(float *c, size_t ldc, const float *a, size_t lda, const float *bt,
    size_t ldb, size_t m, size_t n, size_t k)
{
	for (size_t i = 0; i < m; i++) memset(c + i * ldc, 0, n * sizeof *c);
	for (size_t k0 = 0; k0 < k; k0 += BLOCK_K)
		for (size_t i0 = 0; i0 < m; i0 += BLOCK_M)
			for (size_t j0 = 0; j0 < n; j0 += BLOCK_N)
				for (size_t i = i0; i < less(m, i0 + BLOCK_M); i++)
					for (size_t j = j0; j < less(n, j0 + BLOCK_N); j++)
						c[i * ldc + j] += dot(a + i * lda + k0,
						    bt + j * ldb + k0, less(BLOCK_K, k - k0));
}

void blas_sgemm(const struct blas *b, float *c, size_t ldc, const float *a, size_t lda,
    const float *bt, size_t ldb, size_t m, size_t n, size_t k)
{
	if (b->sgemm)
		b->sgemm(CBLAS_ROW_MAJOR, CBLAS_NO_TRANS, CBLAS_TRANS, (int)m, (int)n, (int)k, 1, a,
		    (int)lda, bt, (int)ldb, 0, c, (int)ldc);
	else
		plain_sgemm(c, ldc, a, lda, bt, ldb, m, n, k);
}

/* Rows of halves that are widened at a time: some hundred, so that BLAS works at its full rate,
 * 4 MB at most for rows of 4096. */
enum { WIDENED = 256 };

static void widen(float *to, const struct matrix *w, size_t row)
{
	const uint16_t *from = half_row(w, row);
	if (w->format == FORMAT_F16)
		for (size_t c = 0; c < w->cols; c++) to[c] = f16_float(from[c]);
	else
		for (size_t c = 0; c < w->cols; c++) to[c] = bf16_float(from[c]);
}

void blas_gemm(const struct blas *b, float *y, size_t stride, const struct matrix *w, size_t first,
    size_t count, const struct tokens *x)
{
	assert(!format_quantised(w->format) && x->cols == w->cols);
	if (w->format == FORMAT_F32) {
		blas_sgemm(b, y + first, stride, x->f32, x->cols, f32_row(w, first), w->cols, x->count,
		    count, w->cols);
		return;
	}
	float *wide = mem_lines(less(count, WIDENED) * w->cols, sizeof *wide);
	for (size_t r = first; r < first + count; r += WIDENED) {
		size_t rows = less(WIDENED, first + count - r);
		for (size_t i = 0; i < rows; i++) widen(wide + i * w->cols, w, r + i);
		blas_sgemm(b, y + r, stride, x->f32, x->cols, wide, w->cols, x->count, rows, w->cols);
	}
	free(wide);
}
