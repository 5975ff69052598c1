/* The arithmetic of a decoder on one thread, once for each instruction set.
 *
 * kernels_best() is what this machine runs fastest; kernels_of() lets tests and the
 * bench ask for each. Every function has a plain-C twin in double precision
 * (kernels/twin.h), which tests and the bench compare it with. Arrays do not overlap
 * unless said; pointers are aligned as their type. Threads share work by rows: a kernel
 * takes rows [first, first + count) of a matrix, both multiples of ROW_BLOCK.
 *
 * Declared work, where n tokens meet a matrix of rows x cols of b bytes a weight:
 *     product     2 n rows cols flops, b rows cols + 4 n (rows + cols) bytes
 *     attention   4 heads head_dim flops a pair of token and position that it sees, 8 kv_heads
 *                 head_dim context bytes (f32): keys and values once for all tokens
 * Bytes are compulsory ones only: each operand once. */
#ifndef HEARTH_BENCH_KERNELS_KERNELS_H
#define HEARTH_BENCH_KERNELS_KERNELS_H

#include "bench/kernels/format.h"

#define ISA_LIST(X) \
	X(ISA_PORTABLE, portable) \
	X(ISA_AVX2, avx2) \
	X(ISA_AVX512, avx512) \
	X(ISA_NEON, neon)

enum isa {
#define X(id, table) id,
	ISA_LIST(X)
#undef X
	ISAS
};

/* Attention of some tokens in a row, of their query heads that share a key-value head: token i
 * is at position context - tokens + i and sees all positions up to its own. */
struct attention_call {
	size_t head_dim;    /* multiple of 8 */
	size_t group;       /* query heads on this key-value head */
	size_t tokens;      /* 1 when decoding */
	size_t context;     /* cached positions, the last token's included */
	size_t stride;      /* floats from one position's keys (values) to the next's */
	size_t pitch;       /* floats from one token's queries (outputs) to the next's */
	const float *query; /* of a token: group x head_dim */
	const float *keys, *values;
	float *out;         /* as the queries lie */
};

struct kernels {
	enum isa isa;
	const char *name;

	/* Memory, of n doubles, n a multiple of 64. */
	double (*sum)(const double *a, size_t n);
	double (*sum_plain)(const double *a, size_t n); /* the same in one ascending loop */
	void (*copy)(double *to, const double *from, size_t n);
	void (*triad)(double *a, const double *b, const double *c, double s, size_t n); /* a = b + s c */

	/* Activations to 8 bits: fills q and scale of [first, first + count) tokens from f32. */
	void (*quantise)(struct tokens *t, size_t first, size_t count);

	/* y[r] = sum_c w[r][c] x[c] for the one token x. */
	void (*gemv[FORMATS])(float *y, const struct matrix *w, size_t first, size_t count,
	    const struct tokens *x);

	/* y[t * stride + r] for all tokens of x; the f32, f16 and bf16 ones are NULL: see
	 * kernels/blas.h. */
	void (*gemm[FORMATS])(float *y, size_t stride, const struct matrix *w, size_t first,
	    size_t count, const struct tokens *x);

	void (*attention)(const struct attention_call *c); /* softmax(q k / sqrt(head_dim)) v */
	void (*softmax)(float *x, size_t n);
	void (*rmsnorm)(float *y, const float *x, const float *gain, size_t n, float epsilon);
	void (*swiglu)(float *gate, const float *up, size_t n); /* gate = gate sigmoid(gate) up */
};

/* Both ask the processor, which takes tens of us where a hypervisor answers: whoever times
 * something asks before and keeps the table. */
const struct kernels *kernels_of(enum isa isa); /* NULL: not in this build or machine */
const struct kernels *kernels_best(void);

#endif
