/* Where a weight lies in memory.
 *
 * f32, f16, bf16: row by row, as BLAS wants them.
 *
 * q8 and q4 lie in tiles of ROW_BLOCK (16) rows by GROUP (64) columns, a block's tiles one after
 * the other, so that a product reads one ascending stream and keeps each row's sum in a lane of
 * its own: no sum across lanes, a vector of scales at a time. Four neighbouring columns of a row
 * make the 32-bit word that dot-product instructions take; a line of 64 bytes holds such words of
 * the 16 rows.
 *
 *   q8   line k: columns 4k .. 4k+3; 16 lines. Scales apart: 16 f32 a tile.
 *   q4   a line of scales, f16: 16 for columns 0 .. 31, 16 for 32 .. 63; then 8 lines: line k has
 *        columns 4k .. 4k+3 in the low halves of its bytes, 32+4k .. 32+4k+3 in the high ones. */
#ifndef HEARTH_BENCH_KERNELS_LAYOUT_H
#define HEARTH_BENCH_KERNELS_LAYOUT_H

#include "bench/kernels/format.h"

enum {
	LINE = 64,
	HALF_GROUP = GROUP / 2,
	Q8_TILE = ROW_BLOCK * GROUP,
	Q4_TILE = LINE + ROW_BLOCK * GROUP / 2,
};

static inline size_t tile_at(const struct matrix *m, size_t row, size_t group)
{
	return row / ROW_BLOCK * (m->cols / GROUP) + group;
}

/* The tile of rows [row, row + 16), row a multiple of 16, and columns from group * 64. */
static inline int8_t *q8_tile(const struct matrix *m, size_t row, size_t group)
{
	return (int8_t *)m->data + tile_at(m, row, group) * Q8_TILE;
}
static inline float *q8_scales(const struct matrix *m, size_t row, size_t group)
{
	return m->scale + tile_at(m, row, group) * ROW_BLOCK;
}
static inline uint8_t *q4_tile(const struct matrix *m, size_t row, size_t group)
{
	return (uint8_t *)m->data + tile_at(m, row, group) * Q4_TILE;
}

/* Byte of a tile's lines that has this row and column; q4: column modulo 32. */
static inline size_t in_tile(size_t row, size_t col)
{
	return col / 4 * LINE + row % ROW_BLOCK * 4 + col % 4;
}

static inline const float *f32_row(const struct matrix *m, size_t row)
{
	return (const float *)m->data + row * m->cols;
}
static inline const uint16_t *half_row(const struct matrix *m, size_t row)
{
	return (const uint16_t *)m->data + row * m->cols;
}

#endif
