#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_X86

const struct kernels kernels_avx2 = {
	.isa = ISA_AVX2,
	.name = "avx2",
	.sum = sum_portable,
	.copy = copy_portable,
	.triad = triad_portable,
	.quantise = quantise_portable,
	.gemv = {
		[FORMAT_F32] = gemv_f32_portable,
		[FORMAT_F16] = gemv_f16_portable,
		[FORMAT_BF16] = gemv_bf16_portable,
		[FORMAT_Q8] = gemv_q8_portable,
		[FORMAT_Q4] = gemv_q4_portable,
	},
	.gemm = {
		[FORMAT_Q8] = gemm_q8_portable,
		[FORMAT_Q4] = gemm_q4_portable,
	},
	.attention = attention_avx2,
	.softmax = softmax_avx2,
	.rmsnorm = rmsnorm_avx2,
	.swiglu = swiglu_avx2,
};

#endif
