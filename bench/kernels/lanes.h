/* Floats side by side: one vocabulary for the vectors of each instruction set, in which
 * attention and the norms are written once (attention_lanes.h, norms_lanes.h).
 *
 * Before including it a file says which: LANES_AVX2 (8 floats), LANES_AVX512 (16), LANES_NEON
 * (4), or nothing for the compiler's own vectors of 4, which every machine has. The file's
 * functions then carry VECTORED, or the marks of vector.h where others call them. */
#ifndef HEARTH_BENCH_KERNELS_LANES_H
#define HEARTH_BENCH_KERNELS_LANES_H

#include "bench/kernels/vector.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define INLINED static inline __attribute__((always_inline, unused))

#if defined(LANES_AVX2)

#define VECTORED INLINED VECTOR_AVX2
enum { LANES = 8 };
typedef __m256 lanes;

#define lanes_load    _mm256_loadu_ps
#define lanes_store   _mm256_storeu_ps
#define lanes_all     _mm256_set1_ps
#define lanes_add     _mm256_add_ps
#define lanes_mul     _mm256_mul_ps
#define lanes_div     _mm256_div_ps
#define lanes_min     _mm256_min_ps
#define lanes_max     _mm256_max_ps
#define lanes_mul_add _mm256_fmadd_ps

/* As integers, lane by lane: a + (b << 23), which multiplies the floats a by 2^b. */
VECTORED lanes lanes_raise(lanes a, lanes b)
{
	__m256i raised = _mm256_slli_epi32(_mm256_castps_si256(b), 23);
	return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a), raised));
}

VECTORED __m128 sums_of(__m256 a, __m256 b, __m256 c, __m256 d)
{
	__m256 sum = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
	return _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1));
}

/* The sum of each vector's lanes. */
VECTORED void lanes_sums(float *to, lanes a, lanes b, lanes c, lanes d)
{
	_mm_storeu_ps(to, sums_of(a, b, c, d));
}

#elif defined(LANES_AVX512)

#define VECTORED INLINED VECTOR_AVX512
enum { LANES = 16 };
typedef __m512 lanes;

#define lanes_load    _mm512_loadu_ps
#define lanes_store   _mm512_storeu_ps
#define lanes_all     _mm512_set1_ps
#define lanes_add     _mm512_add_ps
#define lanes_mul     _mm512_mul_ps
#define lanes_div     _mm512_div_ps
#define lanes_min     _mm512_min_ps
#define lanes_max     _mm512_max_ps
#define lanes_mul_add _mm512_fmadd_ps

VECTORED lanes lanes_raise(lanes a, lanes b)
{
	__m512i raised = _mm512_slli_epi32(_mm512_castps_si512(b), 23);
	return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), raised));
}

VECTORED __m256 halves_sum(__m512 a)
{
	__m256d upper = _mm512_extractf64x4_pd(_mm512_castps_pd(a), 1);
	return _mm256_add_ps(_mm512_castps512_ps256(a), _mm256_castpd_ps(upper));
}

VECTORED void lanes_sums(float *to, lanes a, lanes b, lanes c, lanes d)
{
	__m256 ab = _mm256_hadd_ps(halves_sum(a), halves_sum(b));
	__m256 cd = _mm256_hadd_ps(halves_sum(c), halves_sum(d));
	__m256 sum = _mm256_hadd_ps(ab, cd);
	_mm_storeu_ps(to, _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1)));
}

#elif defined(LANES_NEON)

#define VECTORED INLINED
enum { LANES = 4 };
typedef float32x4_t lanes;

#define lanes_load             vld1q_f32
#define lanes_store            vst1q_f32
#define lanes_all              vdupq_n_f32
#define lanes_add              vaddq_f32
#define lanes_mul              vmulq_f32
#define lanes_div(a, b)        ((a) / (b))
#define lanes_min              vminq_f32
#define lanes_max              vmaxq_f32
#define lanes_mul_add(a, b, c) vfmaq_f32(c, a, b)

VECTORED lanes lanes_raise(lanes a, lanes b)
{
	int32x4_t raised = vshlq_n_s32(vreinterpretq_s32_f32(b), 23);
	return vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(a), raised));
}

VECTORED void lanes_sums(float *to, lanes a, lanes b, lanes c, lanes d)
{
	vst1q_f32(to, vpaddq_f32(vpaddq_f32(a, b), vpaddq_f32(c, d)));
}

#else

#define VECTORED               INLINED
enum { LANES = 4 };
typedef float lanes __attribute__((vector_size(16)));
typedef uint32_t lanes_bits __attribute__((vector_size(16)));

VECTORED lanes lanes_load(const float *x)
{
	lanes a;
	memcpy(&a, x, sizeof a);
	return a;
}
VECTORED void lanes_store(float *x, lanes a)
{
	memcpy(x, &a, sizeof a);
}
VECTORED lanes lanes_all(float x)
{
	return (lanes){ x, x, x, x };
}
#define lanes_add(a, b)        ((a) + (b))
#define lanes_mul(a, b)        ((a) * (b))
#define lanes_div(a, b)        ((a) / (b))
#define lanes_mul_add(a, b, c) ((a) * (b) + (c))

VECTORED lanes lanes_pick(lanes_bits of_a, lanes a, lanes b)
{
	return (lanes)(((lanes_bits)a & of_a) | ((lanes_bits)b & ~of_a));
}
VECTORED lanes lanes_min(lanes a, lanes b)
{
	return lanes_pick((lanes_bits)(a < b), a, b);
}
VECTORED lanes lanes_max(lanes a, lanes b)
{
	return lanes_pick((lanes_bits)(a > b), a, b);
}

VECTORED lanes lanes_raise(lanes a, lanes b)
{
	return (lanes)((lanes_bits)a + ((lanes_bits)b << 23));
}

VECTORED void lanes_sums(float *to, lanes a, lanes b, lanes c, lanes d)
{
	lanes sum = { a[0], b[0], c[0], d[0] };
	for (int i = 1; i < LANES; i++) sum += (lanes){ a[i], b[i], c[i], d[i] };
	lanes_store(to, sum);
}

#endif

VECTORED float lanes_sum(lanes a)
{
	float sum[4];
	lanes_sums(sum, a, a, a, a);
	return sum[0];
}

VECTORED float lanes_most(lanes a)
{
	float x[LANES], most;
	lanes_store(x, a);
	most = x[0];
	for (int i = 1; i < LANES; i++) most = x[i] > most ? x[i] : most;
	return most;
}

/* The first n < LANES of x, and `rest` in the other lanes. */
VECTORED lanes lanes_load_part(const float *x, size_t n, float rest)
{
	float part[LANES];
	for (size_t i = 0; i < LANES; i++) part[i] = i < n ? x[i] : rest;
	return lanes_load(part);
}

VECTORED void lanes_store_part(float *x, lanes a, size_t n)
{
	float part[LANES];
	lanes_store(part, a);
	memcpy(x, part, n * sizeof *x);
}

/* e^x to 2e-7 of it, for x in -87 .. 88; outside, the value at the nearer end.
 *
 * x = n ln 2 + r with |r| <= ln 2 / 2 (Cody, Waite 1980, "Software Manual for the Elementary
 * Functions", chapter 6: ln 2 in two parts, of which the first has few bits). Adding 1.5 2^23
 * rounds to the whole number n and leaves it in the lowest bits. The polynomial 1 + r + ... has
 * coefficients 2 to 6 fitted for the least largest relative error, 4e-9 after their rounding. */
VECTORED lanes lanes_exp(lanes x)
{
	static const float power[] = { 0.00138145406f, 0.00836874545f, 0.041668389f, 0.166665211f,
		0.49999994f, 1, 1 };
	lanes shift = lanes_all(0x1.8p23f);
	x = lanes_min(lanes_max(x, lanes_all(-87)), lanes_all(88));
	lanes shifted = lanes_mul_add(x, lanes_all(0x1.715476p0f), shift); /* 1 / ln 2 */
	lanes n = lanes_add(shifted, lanes_all(-0x1.8p23f));
	lanes r = lanes_mul_add(n, lanes_all(-0x1.62ep-1f), x);
	r = lanes_mul_add(n, lanes_all(-0x1.0bfbe8p-15f), r);
	lanes p = lanes_all(power[0]);
	for (size_t i = 1; i < sizeof power / sizeof *power; i++)
		p = lanes_mul_add(p, r, lanes_all(power[i]));
	return lanes_raise(p, shifted);
}

#endif
