/* 16-bit floating point, in integer arithmetic: what the vector units' conversions give, for
 * machines and places without them.
 *
 * f16 is IEEE 754-2019 binary16 (1+5+10 bits); bf16 is the upper half of a binary32 (1+8+7).
 * Rounding is to nearest, ties to even; beyond the largest is infinite; NaN stays NaN. */
#ifndef HEARTH_BENCH_KERNELS_HALF_H
#define HEARTH_BENCH_KERNELS_HALF_H

#include <stdint.h>
#include <string.h>

static inline uint32_t float_bits(float x)
{
	uint32_t u;
	memcpy(&u, &x, sizeof u);
	return u;
}

static inline float bits_float(uint32_t u)
{
	float x;
	memcpy(&x, &u, sizeof x);
	return x;
}

static inline float f16_float(uint16_t h)
{
	uint32_t sign = (uint32_t)(h & 0x8000) << 16, rest = (uint32_t)(h & 0x7fff) << 13;
	if (rest >= 0x7c00u << 13) return bits_float(sign | 0x70000000u | rest); /* Inf, NaN */
	/* 2^112 moves the exponent's bias from 15 to 127, and subnormals where they belong. */
	return bits_float(sign | float_bits(bits_float(rest) * 0x1p112f));
}

static inline uint16_t f16_of(float x)
{
	uint32_t u = float_bits(x), sign = u >> 16 & 0x8000, rest = u & 0x7fffffff;
	if (rest > 0x7f800000) return (uint16_t)(sign | 0x7e00);
	if (rest >= 0x477ff000) return (uint16_t)(sign | 0x7c00); /* 65520 on: to infinity */
	if (rest < 0x38800000) { /* below 2^-14: adding 0.5 leaves units of 2^-24 in the last bit */
		uint32_t shifted = float_bits(bits_float(rest) + 0.5f);
		return (uint16_t)(sign | (shifted - 0x3f000000));
	}
	rest += 0xfff + (rest >> 13 & 1);
	return (uint16_t)(sign | (rest - (112u << 23)) >> 13);
}

static inline float bf16_float(uint16_t b)
{
	return bits_float((uint32_t)b << 16);
}

static inline uint16_t bf16_of(float x)
{
	uint32_t u = float_bits(x);
	if ((u & 0x7fffffff) > 0x7f800000) return (uint16_t)(u >> 16 | 0x40);
	return (uint16_t)((u + 0x7fff + (u >> 16 & 1)) >> 16);
}

#endif
