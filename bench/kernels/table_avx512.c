#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_X86

const struct kernels kernels_avx512 = {
	.isa = ISA_AVX512,
	.name = "avx512",
	.sum = sum_avx2,
	.sum_plain = sum_plain_avx2,
	.copy = copy_avx2,
	.triad = triad_avx2,
	.quantise = quantise_avx2,
	.gemv = {
		[FORMAT_F32] = gemv_f32_avx512,
		[FORMAT_F16] = gemv_f16_avx512,
		[FORMAT_BF16] = gemv_bf16_avx512,
		[FORMAT_Q8] = gemv_q8_avx512,
		[FORMAT_Q4] = gemv_q4_avx512,
	},
	.gemm = {
		[FORMAT_Q8] = gemm_q8_avx512,
		[FORMAT_Q4] = gemm_q4_avx512,
	},
	.attention = attention_avx512,
	.softmax = softmax_avx512,
	.rmsnorm = rmsnorm_avx512,
	.swiglu = swiglu_avx512,
};

#endif
