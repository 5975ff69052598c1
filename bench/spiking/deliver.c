#include "bench/spiking/deliver.h"

#include "base/clones.h"

enum {
	LINE = 64,    /* bytes of a cache line */
	AHEAD = 8,    /* lines of the next source's lists that are asked for early */
	TOGETHER = 8, /* rows added in one pass over the sums */
	LANES = 8     /* floats of a vector, which narrower machines take in pieces */
};

typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), may_alias));

/* The lists of the next source that spikes lie far from the last one's, where no hardware
 * looks ahead. */
static inline void ask_for(const void *begin, const void *end)
{
	const char *p = begin, *stop = end;
	for (int i = 0; i < AHEAD && p < stop; i++, p += LINE) __builtin_prefetch(p);
}

#define DELIVER_LIST(name, target_t, to_of, weight_t, weight_of)                                  \
	size_t name(const struct synapse_part *p, double gain, const struct spiked *s, double *sum) \
	{                                                                                         \
		const target_t *to = p->to_of;                                                    \
		const weight_t *weight = p->weight_of;                                            \
		size_t done = 0;                                                                  \
		for (size_t i = 0; i < s->n; i++) {                                               \
			const size_t *row = p->row + (s->spike[i] - s->first);                    \
			if (i + 1 < s->n) {                                                       \
				const size_t *next = p->row + (s->spike[i + 1] - s->first);       \
				ask_for(to + next[0], to + next[1]);                              \
				ask_for(weight + next[0], weight + next[1]);                      \
			}                                                                         \
			for (size_t k = row[0]; k < row[1]; k++)                                  \
				sum[to[k]] += gain * (double)weight[k];                           \
			done += row[1] - row[0];                                                  \
		}                                                                                 \
		return done;                                                                      \
	}

DELIVER_LIST(deliver_f32, uint32_t, to, float, weight)
DELIVER_LIST(deliver_i8, uint16_t, to2, int8_t, weight1)

/* sum += gain * (the sum of TOGETHER rows). */
CLONES static void add_rows(size_t n, double gain, const float *const restrict *row,
    double *restrict sum)
{
	const float *r0 = row[0], *r1 = row[1], *r2 = row[2], *r3 = row[3];
	const float *r4 = row[4], *r5 = row[5], *r6 = row[6], *r7 = row[7];
	PASSES_APART
	for (size_t i = 0; i < n; i++) {
		float low = (r0[i] + r1[i]) + (r2[i] + r3[i]);
		float high = (r4[i] + r5[i]) + (r6[i] + r7[i]);
		sum[i] += gain * (double)(low + high);
	}
}

CLONES static void add_row(size_t n, double gain, const float *restrict row, double *restrict sum)
{
	for (size_t i = 0; i < n; i++) sum[i] += gain * (double)row[i];
}

void deliver_rows(const struct synapse_part *p, double gain, const struct spiked *s, double *sum)
{
	size_t i = 0;
	for (; i + TOGETHER <= s->n; i += TOGETHER) {
		const float *row[TOGETHER];
		for (size_t k = 0; k < TOGETHER; k++)
			row[k] = p->matrix + (s->spike[i + k] - s->first) * p->stride;
		add_rows(p->count, gain, row, sum);
	}
	for (; i < s->n; i++)
		add_row(p->count, gain, p->matrix + (s->spike[i] - s->first) * p->stride, sum);
}

static inline float lanes_sum(const lanes *v)
{
	float sum = 0;
	for (int i = 0; i < LANES; i++) sum += (*v)[i];
	return sum;
}

/* Two rows by x at once: x is loaded once for both. */
CLONES static void dots(size_t n, const void *first, const void *second, const void *by,
    float out[2])
{
	const lanes *a = first, *b = second, *x = by; /* aligned as whole rows are */
	lanes a0 = { 0 }, a1 = { 0 }, b0 = { 0 }, b1 = { 0 };
	lanes a2 = { 0 }, a3 = { 0 }, b2 = { 0 }, b3 = { 0 };
	for (size_t i = 0; i < n / LANES; i += 4) {
		a0 += a[i] * x[i];
		b0 += b[i] * x[i];
		a1 += a[i + 1] * x[i + 1];
		b1 += b[i + 1] * x[i + 1];
		a2 += a[i + 2] * x[i + 2];
		b2 += b[i + 2] * x[i + 2];
		a3 += a[i + 3] * x[i + 3];
		b3 += b[i + 3] * x[i + 3];
	}
	a0 = (a0 + a1) + (a2 + a3);
	b0 = (b0 + b1) + (b2 + b3);
	out[0] = lanes_sum(&a0);
	out[1] = lanes_sum(&b0);
}

void deliver_dense(const struct synapse_part *p, double gain, const struct spiked *s, double *sum)
{
	for (size_t i = 0; i < s->n; i++) p->spiked[s->spike[i] - s->first] = 1;
	for (size_t t = 0; t < p->count; t += MATRIX_PAIR) {
		const float *row = p->matrix + t * p->stride;
		float out[MATRIX_PAIR];
		dots(p->stride, row, row + p->stride, p->spiked, out);
		sum[t] += gain * (double)out[0];
		if (t + 1 < p->count) sum[t + 1] += gain * (double)out[1];
	}
	for (size_t i = 0; i < s->n; i++) p->spiked[s->spike[i] - s->first] = 0;
}
