/* Every instruction set's functions by name, e.g. gemv_q8_avx2, and its table. Those that an
 * instruction set lacks are not defined; its table (table_*.c) then takes another's. */
#ifndef HEARTH_BENCH_KERNELS_FUNCTIONS_H
#define HEARTH_BENCH_KERNELS_FUNCTIONS_H

#include "bench/kernels/kernels.h"

#define PRODUCT(name) \
	void gemv_##name(float *y, const struct matrix *w, size_t first, size_t count, \
	    const struct tokens *x); \
	void gemm_##name(float *y, size_t stride, const struct matrix *w, size_t first, \
	    size_t count, const struct tokens *x);
#define FUNCTIONS(id, isa) \
	extern const struct kernels kernels_##isa; \
	double sum_##isa(const double *a, size_t n); \
	double sum_plain_##isa(const double *a, size_t n); \
	void copy_##isa(double *to, const double *from, size_t n); \
	void triad_##isa(double *a, const double *b, const double *c, double s, size_t n); \
	void quantise_##isa(struct tokens *t, size_t first, size_t count); \
	PRODUCT(f32_##isa) \
	PRODUCT(f16_##isa) \
	PRODUCT(bf16_##isa) \
	PRODUCT(q8_##isa) \
	PRODUCT(q4_##isa) \
	void attention_##isa(const struct attention_call *c); \
	void softmax_##isa(float *x, size_t n); \
	void rmsnorm_##isa(float *y, const float *x, const float *gain, size_t n, float epsilon); \
	void swiglu_##isa(float *gate, const float *up, size_t n);
ISA_LIST(FUNCTIONS)
#undef FUNCTIONS
#undef PRODUCT

#endif
