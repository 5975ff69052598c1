/* Attention in blocks of positions, for whichever vectors the including file chose (lanes.h).
 *
 * A block's keys meet all queries, then its values do, so that each is read from memory once
 * however many query heads and tokens share them. Each query keeps the largest score so far;
 * sums and outputs are scaled down when a block brings a larger one (Milakov, Gimelshein 2018,
 * "Online normalizer calculation for softmax"). */
#ifndef HEARTH_BENCH_KERNELS_ATTENTION_LANES_H
#define HEARTH_BENCH_KERNELS_ATTENTION_LANES_H

#include "bench/kernels/kernels.h"
#include "bench/kernels/lanes.h"

#include <math.h>

/* 64 positions of 64 values are half of a first-level cache of 32 kB. */
enum { BLOCK_POSITIONS = 64, BLOCK_QUERIES = 64 };

/* Some queries, in the order of tokens, that meet a block of positions. */
struct attending {
	const struct attention_call *call;
	size_t first, count;                             /* queries */
	size_t at[BLOCK_QUERIES];                        /* of a query and its output, floats */
	size_t seen[BLOCK_QUERIES];                      /* positions, from 0 on */
	float most[BLOCK_QUERIES], total[BLOCK_QUERIES]; /* score, sum of weights */
	float weight[BLOCK_QUERIES][BLOCK_POSITIONS];
};

/* Asks for a row of the next block while queries meet this one: without it the memory rests
 * where several share a key. Each pass over a block asks for other rows. */
INLINED void ask_ahead(const struct attending *a, const float *row, size_t position)
{
	const struct attention_call *c = a->call;
	if (position + BLOCK_POSITIONS >= c->context) return;
	for (size_t d = 0; d < c->head_dim; d += 16)
		__builtin_prefetch(row + BLOCK_POSITIONS * c->stride + d, 0, 2);
}

/* Scores of `queries` (a constant) x 4 positions. */
VECTORED void score_four(struct attending *a, size_t query, size_t queries, size_t from, size_t at)
{
	const struct attention_call *c = a->call;
	const float *key = c->keys + (from + at) * c->stride, *q[3];
	lanes sum[3][4];
	for (size_t i = 0; i < queries; i++) {
		q[i] = c->query + a->at[query + i];
		for (size_t p = 0; p < 4; p++) sum[i][p] = lanes_all(0);
	}
	for (size_t d = 0; d < c->head_dim; d += LANES)
		for (size_t p = 0; p < 4; p++) {
			lanes k = lanes_load(key + p * c->stride + d);
			for (size_t i = 0; i < queries; i++)
				sum[i][p] = lanes_mul_add(lanes_load(q[i] + d), k, sum[i][p]);
		}
	for (size_t i = 0; i < queries; i++)
		lanes_sums(a->weight[query + i] + at, sum[i][0], sum[i][1], sum[i][2], sum[i][3]);
}

VECTORED void score_one(struct attending *a, size_t query, size_t from, size_t at)
{
	const struct attention_call *c = a->call;
	const float *q = c->query + a->at[query], *key = c->keys + (from + at) * c->stride;
	lanes sum = lanes_all(0);
	for (size_t d = 0; d < c->head_dim; d += LANES)
		sum = lanes_mul_add(lanes_load(key + d), lanes_load(q + d), sum);
	a->weight[query][at] = lanes_sum(sum);
}

/* weight[query][position - from] = query . key */
VECTORED void score_block(struct attending *a, size_t from, size_t positions)
{
	const struct attention_call *c = a->call;
	size_t fours = positions / 4 * 4, q = 0;
	for (; q + 3 <= a->count; q += 3)
		for (size_t p = 0; p < fours; p += 4) {
			ask_ahead(a, c->keys + (from + p + q / 3 % 4) * c->stride, from + p + 3);
			score_four(a, q, 3, from, p);
		}
	for (; q < a->count; q++)
		for (size_t p = 0; p < fours; p += 4) {
			ask_ahead(a, c->keys + (from + p + q % 3) * c->stride, from + p + 3);
			score_four(a, q, 1, from, p);
		}
	for (q = 0; q < a->count; q++)
		for (size_t p = fours; p < positions; p++) score_one(a, q, from, p);
}

/* Scores become weights e^(score - most); what was summed before is scaled to a new largest. */
VECTORED void weigh_row(struct attending *a, size_t query, size_t positions)
{
	const struct attention_call *c = a->call;
	float *w = a->weight[query], *out = c->out + a->at[query];
	float scale = 1 / sqrtf((float)c->head_dim);
	lanes largest = lanes_all(a->most[query] / scale), total = lanes_all(0);
	for (size_t p = positions; p < BLOCK_POSITIONS; p++) w[p] = -INFINITY;
	size_t end = (positions + LANES - 1) / LANES * LANES;
	for (size_t p = 0; p < end; p += LANES) largest = lanes_max(largest, lanes_load(w + p));
	float most = lanes_most(largest) * scale;
	for (size_t p = 0; p < end; p += LANES) {
		lanes x = lanes_mul_add(lanes_load(w + p), lanes_all(scale), lanes_all(-most));
		lanes_store(w + p, lanes_exp(x));
	}
	for (size_t p = positions; p < BLOCK_POSITIONS; p++) w[p] = 0;
	for (size_t p = 0; p < end; p += LANES) total = lanes_add(total, lanes_load(w + p));
	float before = most > a->most[query] ? expf(a->most[query] - most) : 1;
	a->total[query] = a->total[query] * before + lanes_sum(total);
	a->most[query] = most;
	for (size_t d = 0; d < c->head_dim && before != 1; d += LANES)
		lanes_store(out + d, lanes_mul(lanes_load(out + d), lanes_all(before)));
}

/* out[query .. query + queries][d .. d + vectors * LANES] += weights values; constants. */
VECTORED void add_tile(const struct attending *a, size_t query, size_t queries, size_t from,
    size_t positions, size_t d, size_t vectors)
{
	const struct attention_call *c = a->call;
	const float *value = c->values + from * c->stride + d, *w = a->weight[query];
	lanes sum[4][8];
	for (size_t i = 0; i < queries; i++)
		for (size_t v = 0; v < vectors; v++)
			sum[i][v] = lanes_load(c->out + a->at[query + i] + d + v * LANES);
	for (size_t p = 0; p < positions; p++, value += c->stride)
		for (size_t v = 0; v < vectors; v++) {
			lanes x = lanes_load(value + v * LANES);
			for (size_t i = 0; i < queries; i++)
				sum[i][v] = lanes_mul_add(
				    x, lanes_all(w[i * BLOCK_POSITIONS + p]), sum[i][v]);
		}
	for (size_t i = 0; i < queries; i++)
		for (size_t v = 0; v < vectors; v++)
			lanes_store(c->out + a->at[query + i] + d + v * LANES, sum[i][v]);
}

/* Of the block, what a query sees. */
INLINED size_t seen_of(const struct attending *a, size_t query, size_t from, size_t positions)
{
	size_t seen = a->seen[query] > from ? a->seen[query] - from : 0;
	return seen < positions ? seen : positions;
}

VECTORED void add_values(const struct attending *a, size_t from, size_t positions)
{
	size_t fours = a->count / 4 * 4, dim = a->call->head_dim, d;
	for (size_t q = 0; q < fours; q += 4) {
		size_t n = seen_of(a, q + 3, from, positions); /* the last sees most */
		for (d = 0; d + 3 * LANES <= dim; d += 3 * LANES) add_tile(a, q, 4, from, n, d, 3);
		for (; d + 2 * LANES <= dim; d += 2 * LANES) add_tile(a, q, 4, from, n, d, 2);
		for (; d < dim; d += LANES) add_tile(a, q, 4, from, n, d, 1);
	}
	for (size_t q = fours; q < a->count; q++) {
		size_t n = seen_of(a, q, from, positions);
		for (d = 0; d + 8 * LANES <= dim; d += 8 * LANES) add_tile(a, q, 1, from, n, d, 8);
		for (; d < dim; d += LANES) add_tile(a, q, 1, from, n, d, 1);
	}
}

VECTORED void begin(struct attending *a, const struct attention_call *c, size_t first)
{
	size_t queries = c->tokens * c->group - first;
	a->call = c;
	a->count = queries < BLOCK_QUERIES ? queries : BLOCK_QUERIES;
	for (size_t q = 0; q < a->count; q++) {
		size_t token = (first + q) / c->group, head = (first + q) % c->group;
		a->at[q] = token * c->pitch + head * c->head_dim;
		a->seen[q] = c->context - c->tokens + token + 1;
		a->most[q] = -INFINITY;
		a->total[q] = 0;
		memset(c->out + a->at[q], 0, c->head_dim * sizeof *c->out);
	}
}

VECTORED void attend_block(struct attending *a, size_t from, size_t positions)
{
	score_block(a, from, positions);
	for (size_t q = 0; q < a->count; q++) {
		size_t n = seen_of(a, q, from, positions);
		if (n)
			weigh_row(a, q, n);
		else
			memset(a->weight[q], 0, sizeof a->weight[q]);
	}
	add_values(a, from, positions);
}

VECTORED void end(const struct attending *a)
{
	const struct attention_call *c = a->call;
	for (size_t q = 0; q < a->count; q++) {
		float *out = c->out + a->at[q];
		lanes per = lanes_all(1 / a->total[q]);
		for (size_t d = 0; d < c->head_dim; d += LANES)
			lanes_store(out + d, lanes_mul(lanes_load(out + d), per));
	}
}

/* head_dim a multiple of LANES. */
VECTORED void attend(const struct attention_call *c)
{
	struct attending a;
	for (size_t first = 0; first < c->tokens * c->group; first += BLOCK_QUERIES) {
		begin(&a, c, first);
		size_t positions = a.seen[a.count - 1];
		for (size_t from = 0; from < positions; from += BLOCK_POSITIONS) {
			size_t left = positions - from;
			attend_block(&a, from, left < BLOCK_POSITIONS ? left : BLOCK_POSITIONS);
		}
		end(&a);
	}
}

#endif
