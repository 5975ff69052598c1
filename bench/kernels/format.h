/* Matrices of weights as a decoder keeps them, and the activations that meet them.
 *
 *   f32, f16, bf16   one number a weight
 *   q8               8-bit integers, symmetric, with an f32 scale for 64 of a row: 68/64 bytes
 *   q4               4-bit integers, offset 8, with an f16 scale for 32 of a row: 18/32 bytes
 *
 * How a format lies in memory is its kernels' business: write rows with matrix_put and
 * read them with matrix_get. Quantised products take activations rounded to 8 bits, with
 * an f32 scale for 64 of them (Dettmers et al. 2022, "LLM.int8()": symmetric, absmax). */
#ifndef HEARTH_BENCH_KERNELS_FORMAT_H
#define HEARTH_BENCH_KERNELS_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#define FORMAT_LIST(X) \
	X(FORMAT_F32, "f32", 4.0) \
	X(FORMAT_F16, "f16", 2.0) \
	X(FORMAT_BF16, "bf16", 2.0) \
	X(FORMAT_Q8, "q8", 68.0 / 64) \
	X(FORMAT_Q4, "q4", 18.0 / 32)

enum format {
#define X(id, word, bytes) id,
	FORMAT_LIST(X)
#undef X
	FORMATS
};

const char *format_word(enum format f);
double format_bytes(enum format f);       /* of one weight, scales counted */
static inline int format_quantised(enum format f)
{
	return f == FORMAT_Q8 || f == FORMAT_Q4;
}

/* Rows are dealt to threads in multiples of ROW_BLOCK, columns of quantised matrices are
 * multiples of GROUP. */
enum { ROW_BLOCK = 16, GROUP = 64 };

struct matrix {
	enum format format;
	size_t rows, cols;
	void *data;   /* the format's layout */
	float *scale; /* q8: of each group; else NULL */
};

/* rows a multiple of ROW_BLOCK, cols of GROUP. The memory is one block, aligned to 64
 * bytes, on huge pages where the machine gives them when asked (madvise). */
struct matrix matrix_new(enum format f, size_t rows, size_t cols);
void matrix_free(struct matrix *m); /* takes one that is all zero */

/* The same in memory of matrix_bytes_of, aligned to 64 bytes and the caller's: not for
 * matrix_free. */
struct matrix matrix_at(enum format f, size_t rows, size_t cols, void *memory);

size_t matrix_bytes(const struct matrix *m);
size_t matrix_bytes_of(enum format f, size_t rows, size_t cols); /* a multiple of 64 */
void matrix_put(struct matrix *m, size_t row, const float *value); /* rounds cols values */
void matrix_get(const struct matrix *m, size_t row, float *value); /* what it holds */

/* Activations of `count` tokens, each `cols` long, row by row. Products with quantised
 * matrices read q and scale, the others f32. */
struct tokens {
	size_t count, cols;
	float *f32;
	int8_t *q;
	float *scale; /* count * cols / GROUP */
};

struct tokens tokens_new(size_t count, size_t cols);
void tokens_free(struct tokens *t);

#endif
