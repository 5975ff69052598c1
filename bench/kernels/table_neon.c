#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_NEON

const struct kernels kernels_neon = {
	.isa = ISA_NEON,
	.name = "neon",
	.sum = sum_portable,
	.sum_plain = sum_portable,
	.copy = copy_portable,
	.triad = triad_portable,
	.quantise = quantise_portable,
	.gemv = {
		[FORMAT_F32] = gemv_f32_neon,
		[FORMAT_F16] = gemv_f16_neon,
		[FORMAT_BF16] = gemv_bf16_neon,
		[FORMAT_Q8] = gemv_q8_neon,
		[FORMAT_Q4] = gemv_q4_neon,
	},
	.gemm = {
		[FORMAT_Q8] = gemm_q8_neon,
		[FORMAT_Q4] = gemm_q4_neon,
	},
	.attention = attention_neon,
	.softmax = softmax_neon,
	.rmsnorm = rmsnorm_neon,
	.swiglu = swiglu_neon,
};

#endif
