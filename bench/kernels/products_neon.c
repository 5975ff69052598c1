/* Products of every format with NEON: one token and, of quantised matrices, many. Dot products of
 * bytes (sdot) are used where the build may count on them; otherwise products are widened. */
#include "bench/kernels/functions.h"
#include "bench/kernels/layout.h"
#include "bench/kernels/sides.h"
#include "bench/kernels/vector.h"

#include <string.h>

#ifdef VECTORS_NEON

enum { ROWS = 4, VECTOR = 4, QUARTERS = ROW_BLOCK / 4, SIDE = 4 };

static inline float32x4_t of_f32(const float *p)
{
	return vld1q_f32(p);
}

static inline float32x4_t of_f16(const uint16_t *p)
{
	return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}

static inline float32x4_t of_bf16(const uint16_t *p)
{
	return vreinterpretq_f32_u32(vshlq_n_u32(vmovl_u16(vld1_u16(p)), 16));
}

#define GEMV(format, type, row_of) \
	void gemv_##format##_neon(float *y, const struct matrix *w, size_t first, size_t count, \
	    const struct tokens *x) \
	{ \
		size_t apart = count / ROWS; \
		for (size_t r = first; r < first + apart; r++) { \
			const type *row = row_of(w, r); \
			float32x4_t sum[ROWS][2]; \
			for (size_t i = 0; i < ROWS; i++) sum[i][0] = sum[i][1] = vdupq_n_f32(0); \
			for (size_t c = 0; c < w->cols; c += 2 * VECTOR) { \
				float32x4_t x0 = vld1q_f32(x->f32 + c); \
				float32x4_t x1 = vld1q_f32(x->f32 + c + VECTOR); \
				for (size_t i = 0; i < ROWS; i++) { \
					const type *p = row + i * apart * w->cols + c; \
					sum[i][0] = vfmaq_f32(sum[i][0], of_##format(p), x0); \
					sum[i][1] = vfmaq_f32(sum[i][1], of_##format(p + VECTOR), x1); \
				} \
			} \
			for (size_t i = 0; i < ROWS; i++) \
				y[r + i * apart] = vaddvq_f32(vaddq_f32(sum[i][0], sum[i][1])); \
		} \
	}

GEMV(f32, float, f32_row)
GEMV(f16, uint16_t, half_row)
GEMV(bf16, uint16_t, half_row)

/* sum + the products of signed bytes, four by four. */
static inline int32x4_t add_dots(int32x4_t sum, int8x16_t a, int8x16_t b)
{
#ifdef __ARM_FEATURE_DOTPROD
	return vdotq_s32(sum, a, b);
#else
	int32x4_t low = vpaddlq_s16(vmull_s8(vget_low_s8(a), vget_low_s8(b)));
	int32x4_t high = vpaddlq_s16(vmull_s8(vget_high_s8(a), vget_high_s8(b)));
	return vaddq_s32(sum, vpaddq_s32(low, high));
#endif
}

static inline int8x16_t four_of(const int8_t *p)
{
	int32_t four;
	memcpy(&four, p, sizeof four);
	return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

/* What a group adds to sums[token][quarter of the rows]. */
static inline void add_q8_tile(float32x4_t sum[][QUARTERS], const struct matrix *w, size_t row,
    size_t g, const struct tokens *x, size_t t, size_t side)
{
	const int8_t *tile = q8_tile(w, row, g), *q = x->q + t * x->cols + g * GROUP;
	const float *scale = q8_scales(w, row, g), *step = x->scale + t * (x->cols / GROUP) + g;
	for (size_t j = 0; j < QUARTERS; j++) {
		int32x4_t whole[SIDE];
		for (size_t i = 0; i < side; i++) whole[i] = vdupq_n_s32(0);
		for (size_t k = 0; k < GROUP / 4; k++) {
			int8x16_t line = vld1q_s8(tile + k * LINE + 16 * j);
			for (size_t i = 0; i < side; i++)
				whole[i] = add_dots(whole[i], line, four_of(q + i * x->cols + 4 * k));
		}
		for (size_t i = 0; i < side; i++) {
			float32x4_t factor = vmulq_n_f32(vld1q_f32(scale + 4 * j),
			    step[i * (x->cols / GROUP)]);
			sum[i][j] = vfmaq_f32(sum[i][j], vcvtq_f32_s32(whole[i]), factor);
		}
	}
}

static inline void add_q4_tile(float32x4_t sum[][QUARTERS], const struct matrix *w, size_t row,
    size_t g, const struct tokens *x, size_t t, size_t side)
{
	const uint8_t *tile = q4_tile(w, row, g);
	const int8_t *q = x->q + t * x->cols + g * GROUP;
	const float *step = x->scale + t * (x->cols / GROUP) + g;
	for (size_t j = 0; j < QUARTERS; j++) {
		int32x4_t a[SIDE], b[SIDE];
		for (size_t i = 0; i < side; i++) a[i] = b[i] = vdupq_n_s32(0);
		for (size_t k = 0; k < HALF_GROUP / 4; k++) {
			uint8x16_t both = vld1q_u8(tile + LINE + k * LINE + 16 * j);
			int8x16_t low = vreinterpretq_s8_u8(vandq_u8(both, vdupq_n_u8(15)));
			int8x16_t high = vreinterpretq_s8_u8(vshrq_n_u8(both, 4));
			low = vsubq_s8(low, vdupq_n_s8(8));
			high = vsubq_s8(high, vdupq_n_s8(8));
			for (size_t i = 0; i < side; i++) {
				const int8_t *four = q + i * x->cols + 4 * k;
				a[i] = add_dots(a[i], low, four_of(four));
				b[i] = add_dots(b[i], high, four_of(four + HALF_GROUP));
			}
		}
		float32x4_t scale0 = of_f16((const uint16_t *)(const void *)tile + 4 * j);
		float32x4_t scale1 = of_f16((const uint16_t *)(const void *)tile + ROW_BLOCK + 4 * j);
		for (size_t i = 0; i < side; i++) {
			float32x4_t all = vmulq_f32(vcvtq_f32_s32(a[i]), scale0);
			all = vfmaq_f32(all, vcvtq_f32_s32(b[i]), scale1);
			sum[i][j] = vfmaq_f32(sum[i][j], all, vdupq_n_f32(step[i * (x->cols / GROUP)]));
		}
	}
}

#define PRODUCTS(format) \
	static inline void side_##format(float *y, size_t stride, const struct matrix *w, size_t row, \
	    const struct tokens *x, size_t t, size_t side) \
	{ \
		float32x4_t sum[SIDE][QUARTERS]; \
		for (size_t i = 0; i < side; i++) \
			for (size_t j = 0; j < QUARTERS; j++) sum[i][j] = vdupq_n_f32(0); \
		for (size_t g = 0; g < w->cols / GROUP; g++) \
			add_##format##_tile(sum, w, row, g, x, t, side); \
		for (size_t i = 0; i < side; i++) \
			for (size_t j = 0; j < QUARTERS; j++) \
				vst1q_f32(y + (t + i) * stride + row + 4 * j, sum[i][j]); \
	} \
	void gemv_##format##_neon(float *y, const struct matrix *w, size_t first, size_t count, \
	    const struct tokens *x) \
	{ \
		for (size_t r = first; r < first + count; r += ROW_BLOCK) \
			side_##format(y, 0, w, r, x, 0, 1); \
	} \
	GEMM_BY_SIDES(format, neon)

PRODUCTS(q8)
PRODUCTS(q4)

#endif
