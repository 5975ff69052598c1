#include "bench/kernels/functions.h"

const struct kernels kernels_portable = {
	.isa = ISA_PORTABLE,
	.name = "portable",
	.sum = sum_portable,
	.sum_plain = sum_portable,
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
	.attention = attention_portable,
	.softmax = softmax_portable,
	.rmsnorm = rmsnorm_portable,
	.swiglu = swiglu_portable,
};
