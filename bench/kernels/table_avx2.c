#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_X86

const struct kernels kernels_avx2 = {
	.isa = ISA_AVX2,
	.name = "avx2",
	.sum = sum_avx2,
	.sum_plain = sum_plain_avx2,
	.copy = copy_avx2,
	.triad = triad_avx2,
	.quantise = quantise_avx2,
	.gemv = {
		[FORMAT_F32] = gemv_f32_avx2,
		[FORMAT_F16] = gemv_f16_avx2,
		[FORMAT_BF16] = gemv_bf16_avx2,
		[FORMAT_Q8] = gemv_q8_avx2,
		[FORMAT_Q4] = gemv_q4_avx2,
	},
	.gemm = {
		[FORMAT_Q8] = gemm_q8_avx2,
		[FORMAT_Q4] = gemm_q4_avx2,
	},
	.attention = attention_avx2,
	.softmax = softmax_avx2,
	.rmsnorm = rmsnorm_avx2,
	.swiglu = swiglu_avx2,
};

#endif
