/* Products through BLAS, where it is installed, and without. */
#include "base/mem.h"
#include "base/rng.h"
#include "bench/kernels/blas.h"
#include "bench/kernels/twin.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

static void fill(float *x, size_t n, unsigned stream)
{
	struct pcg64 g;
	pcg64_seed(&g, 77, stream);
	for (size_t i = 0; i < n; i++) x[i] = (float)(2 * pcg64_unit(&g) - 1);
}

/* Rows [first, first + count) of rows x cols against the twin, and nothing else written. */
static double gemm_error(const struct blas *b, enum format f, size_t rows, size_t first,
    size_t count, size_t cols, size_t tokens)
{
	struct matrix w = matrix_new(f, rows, cols);
	struct tokens x = tokens_new(tokens, cols);
	float *row = mem_new(cols, sizeof *row), *y = mem_new(tokens * (rows + 3), sizeof *y);
	double *want = mem_new(count, sizeof *want), worst = 0;
	for (size_t r = 0; r < rows; r++) {
		fill(row, cols, (unsigned)r);
		matrix_put(&w, r, row);
	}
	fill(x.f32, tokens * cols, 1000);
	blas_gemm(b, y, rows + 3, &w, first, count, &x);
	for (size_t t = 0; t < tokens; t++) {
		const float *line = y + t * (rows + 3);
		twin_product(want, &w, first, count, &x, t);
		double error = twin_error(line + first, want, count);
		worst = error > worst ? error : worst;
		for (size_t r = 0; r < rows + 3; r++)
			if ((r < first || r >= first + count) && line[r] != 0) worst = 1;
	}
	free(want);
	free(row);
	free(y);
	tokens_free(&x);
	matrix_free(&w);
	return worst;
}

static const char *const libraries[] = { BLAS_LIBRARY, "libnot-there.so.7" };

Test(blas, products_are_the_twins)
{
	const enum format formats[] = { FORMAT_F32, FORMAT_F16, FORMAT_BF16 };
	for (int l = 0; l < 2; l++) {
		struct blas *b = blas_open(libraries[l]);
		for (int i = 0; i < 3; i++) {
			cr_expect(le(dbl, gemm_error(b, formats[i], 48, 16, 32, 192, 7), 1e-6));
			cr_expect(le(dbl, gemm_error(b, formats[i], 608, 16, 560, 64, 3), 1e-6));
			cr_expect(le(dbl, gemm_error(b, formats[i], 16, 0, 16, 1088, 35), 1e-6));
		}
		blas_close(b);
	}
}

Test(blas, its_name_says_which)
{
	static const char plain[] = "plain C (";
	for (int l = 0; l < 2; l++) {
		struct blas *b = blas_open(libraries[l]);
		int is_plain = strncmp(blas_name(b), plain, strlen(plain)) == 0;
		cr_expect(eq(int, is_plain, !blas_is_library(b)), "%s", blas_name(b));
		if (l == 1) cr_expect(eq(int, is_plain, 1));
		blas_close(b);
	}
}
