#include "bench/spiking/lif.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/clones.h"
#include "base/mem.h"

/* Charge that a current decaying with tau_s leaves on the membrane after a step:
 *     tau_s / (tau_s - tau_m) (exp(-dt/tau_s) - exp(-dt/tau_m)),
 * written so that neither equal time constants nor short steps cancel. */
static double exp_gain(double tau_s, double tau_m_s, double dt_s)
{
	const double d = dt_s / tau_m_s - dt_s / tau_s;
	const double ratio = d == 0 ? 1 : expm1(d) / d;
	return exp(-dt_s / tau_m_s) * (dt_s / tau_m_s) * ratio;
}

struct lif lif_make(const struct lif_par *p, double dt_s)
{
	struct lif l = { .par = *p, .decay = exp(-dt_s / p->tau_m_s) };
	assert(p->reset_v < p->threshold_v && p->refractory_steps >= 0);
	l.base_v = -expm1(-dt_s / p->tau_m_s) * p->rest_v;
	for (int r = 0; r < LIF_RECEPTORS && p->kind == LIF_EXP; r++) {
		l.fade[r] = exp(-dt_s / p->tau_s[r]);
		l.gain[r] = exp_gain(p->tau_s[r], p->tau_m_s, dt_s);
	}
	return l;
}

void lif_bank_init(struct lif_bank *b, const struct lif *l, size_t n)
{
	const size_t room = (n + LIF_BLOCK - 1) / LIF_BLOCK * LIF_BLOCK;
	*b = (struct lif_bank){ .n = n, .room = room };
	b->v = mem_lines(room, sizeof *b->v);
	b->wake = mem_lines(room, sizeof *b->wake);
	b->bias = mem_lines(room, sizeof *b->bias);
	b->spikes = mem_new(room, sizeof *b->spikes);
	for (int r = 0; r < LIF_RECEPTORS; r++) b->in[r] = mem_lines(room, sizeof *b->in[r]);
	for (size_t i = 0; i < room; i++) b->bias[i] = 0;
	lif_bank_clear(b, l);
}

void lif_bank_fini(struct lif_bank *b)
{
	free(b->v);
	free(b->wake);
	free(b->bias);
	free(b->spikes);
	for (int r = 0; r < LIF_RECEPTORS; r++) free(b->in[r]);
}

void lif_bank_clear(struct lif_bank *b, const struct lif *l)
{
	for (size_t i = 0; i < b->room; i++) {
		b->v[i] = i < b->n ? l->par.rest_v : l->par.reset_v;
		b->wake[i] = i < b->n ? 0 : INFINITY;
		b->spikes[i] = 0;
		b->in[0][i] = b->in[1][i] = 0;
	}
}

/* Neurons of a block that are above the threshold and not refractory. */
static inline size_t fire(const struct lif *l, struct lif_bank *b, size_t first, double now,
    uint32_t *fired)
{
	const double threshold = l->par.threshold_v, reset = l->par.reset_v;
	const double wake = now + l->par.refractory_steps;
	size_t n = 0;
	for (size_t i = first; i < first + LIF_BLOCK; i++) {
		if (!(b->v[i] > threshold) || now < b->wake[i]) continue;
		b->v[i] = l->par.subtracts ? b->v[i] - (threshold - reset) : reset;
		b->wake[i] = wake;
		b->spikes[i]++;
		fired[n++] = (uint32_t)i;
	}
	return n;
}

/* Vectors by hand: compilers keep comparisons of doubles that select as branches. */
enum { LANES = 4 };
typedef double lanes __attribute__((vector_size(LANES * sizeof(double)), may_alias));
typedef int64_t lanes_mask __attribute__((vector_size(LANES * sizeof(double))));

static inline bool any(const lanes_mask *m)
{
	return ((*m)[0] | (*m)[1] | (*m)[2] | (*m)[3]) != 0;
}

/* Both return whether a neuron of the block is above the threshold. The held keep their v:
 * v + (next - v) by bits, v ^ ((next ^ v) & awake). */
static inline bool advance_exp(const struct lif *l, double now, lanes *restrict v,
    lanes *restrict a, lanes *restrict b, const lanes *restrict wake)
{
	lanes_mask above = { 0 };
	for (int i = 0; i < LIF_BLOCK / LANES; i++) {
		lanes next = l->base_v + (l->gain[0] * a[i] + l->gain[1] * b[i] + l->decay * v[i]);
		lanes_mask awake = wake[i] <= now, was = (lanes_mask)v[i];
		v[i] = (lanes)(was ^ (((lanes_mask)next ^ was) & awake));
		a[i] *= l->fade[0];
		b[i] *= l->fade[1];
		above |= v[i] > l->par.threshold_v;
	}
	return any(&above);
}

static inline bool advance_delta(const struct lif *l, double now, lanes *restrict v,
    lanes *restrict in, const lanes *restrict bias, const lanes *restrict wake)
{
	lanes_mask above = { 0 };
	for (int i = 0; i < LIF_BLOCK / LANES; i++) {
		lanes next = l->base_v + l->decay * v[i] + (in[i] + bias[i]);
		lanes_mask awake = wake[i] <= now, was = (lanes_mask)v[i];
		v[i] = (lanes)(was ^ (((lanes_mask)next ^ was) & awake));
		in[i] = (lanes){ 0 };
		above |= v[i] > l->par.threshold_v;
	}
	return any(&above);
}

static inline lanes *at(double *x, size_t i)
{
	return __builtin_assume_aligned(x + i, sizeof(lanes));
}

CLONES static size_t update_exp(const struct lif *l, struct lif_bank *b, size_t first, size_t count,
    double now, uint32_t *fired)
{
	size_t n = 0;
	for (size_t i = first; i < first + count; i += LIF_BLOCK)
		if (advance_exp(l, now, at(b->v, i), at(b->in[0], i), at(b->in[1], i), at(b->wake, i)))
			n += fire(l, b, i, now, fired + n);
	return n;
}

CLONES static size_t update_delta(const struct lif *l, struct lif_bank *b, size_t first,
    size_t count, double now, uint32_t *fired)
{
	size_t n = 0;
	for (size_t i = first; i < first + count; i += LIF_BLOCK)
		if (advance_delta(l, now, at(b->v, i), at(b->in[0], i), at(b->bias, i), at(b->wake, i)))
			n += fire(l, b, i, now, fired + n);
	return n;
}

size_t lif_update(const struct lif *l, struct lif_bank *b, size_t first, size_t count, double now,
    uint32_t *fired)
{
	assert(first % LIF_BLOCK == 0 && count % LIF_BLOCK == 0 && first + count <= b->room);
	return (l->par.kind == LIF_EXP ? update_exp : update_delta)(l, b, first, count, now, fired);
}

/* The membrane after a step without a spike. */
static double next_plain(const struct lif *l, const struct lif_bank *b, size_t i)
{
	if (l->par.kind == LIF_DELTA)
		return l->base_v + l->decay * b->v[i] + (b->in[0][i] + b->bias[i]);
	double driven = l->gain[0] * b->in[0][i] + l->gain[1] * b->in[1][i];
	return l->base_v + (driven + l->decay * b->v[i]);
}

/* What has arrived fades, or has been taken. */
static void fade_plain(const struct lif *l, struct lif_bank *b, size_t i)
{
	for (int r = 0; r < LIF_RECEPTORS; r++)
		b->in[r][i] = l->par.kind == LIF_EXP ? l->fade[r] * b->in[r][i] : 0;
}

size_t lif_update_plain(const struct lif *l, struct lif_bank *b, size_t first, size_t count,
    double now, uint32_t *fired)
{
	size_t n = 0;
	for (size_t i = first; i < first + count; i++) {
		bool held = now < b->wake[i];
		if (!held) b->v[i] = next_plain(l, b, i);
		fade_plain(l, b, i);
		if (held || b->v[i] <= l->par.threshold_v) continue;
		fired[n++] = (uint32_t)i;
		b->spikes[i]++;
		b->wake[i] = now + l->par.refractory_steps;
		if (l->par.subtracts) b->v[i] -= l->par.threshold_v - l->par.reset_v;
		else b->v[i] = l->par.reset_v;
	}
	return n;
}

double lif_flops(enum lif_kind k)
{
	return k == LIF_EXP ? 8 : 4;
}

double lif_bytes(enum lif_kind k)
{
	return k == LIF_EXP ? 7 * sizeof(double) : 6 * sizeof(double);
}
