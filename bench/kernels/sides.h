/* Many tokens at a time, where a kernel holds the sums of a few of them in registers.
 *
 * side_FORMAT(y, stride, w, row, x, t, side) computes ROW_BLOCK rows from `row` on of the `side`
 * tokens from t on; `side` is a constant at each call, so that its loops are unrolled. */
#ifndef HEARTH_BENCH_KERNELS_SIDES_H
#define HEARTH_BENCH_KERNELS_SIDES_H

/* gemm_FORMAT_ISA: SIDE tokens, then one by one those that are left. */
#define GEMM_BY_SIDES(format, isa)                                                                 \
	void gemm_##format##_##isa(float *y, size_t stride, const struct matrix *w, size_t first,  \
	    size_t count, const struct tokens *x)                                                  \
	{                                                                                          \
		for (size_t r = first; r < first + count; r += ROW_BLOCK) {                        \
			size_t t = 0;                                                              \
			for (; t + SIDE <= x->count; t += SIDE)                                    \
				side_##format(y, stride, w, r, x, t, SIDE);                        \
			for (; t < x->count; t++) side_##format(y, stride, w, r, x, t, 1);         \
		}                                                                                  \
	}

#endif
