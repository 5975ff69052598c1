#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/spiking/cases.h"
#include "bench/spiking/cuba.h"

struct neurons {
	struct lif lif;
	struct lif_bank bank;
	uint32_t *fired;
	double now;
	int threads;
};

/* Rate units of a converted network: 1 ms steps, a spike for each unit of charge. */
static const struct lif_par integrator = {
	.kind = LIF_DELTA, .tau_m_s = 20e-3, .threshold_v = 1, .subtracts = true,
};

static void neurons_run(void *ctx)
{
	struct neurons *n = ctx;
	const size_t blocks = n->bank.room / LIF_BLOCK, threads = (size_t)n->threads;
	if (threads == 1) {
		lif_update(&n->lif, &n->bank, 0, n->bank.room, n->now++, n->fired);
		return;
	}
#ifdef _OPENMP
#pragma omp parallel for num_threads(n->threads) schedule(static)
#endif
	for (size_t t = 0; t < threads; t++) {
		size_t first = blocks * t / threads * LIF_BLOCK;
		size_t end = blocks * (t + 1) / threads * LIF_BLOCK;
		lif_update(&n->lif, &n->bank, first, end - first, n->now, n->fired + first);
	}
	n->now++;
}

static void bank_copy(struct lif_bank *to, const struct lif_bank *from)
{
	const size_t size = from->room * sizeof *from->v;
	memcpy(to->v, from->v, size);
	memcpy(to->wake, from->wake, size);
	memcpy(to->bias, from->bias, size);
	for (int r = 0; r < LIF_RECEPTORS; r++) memcpy(to->in[r], from->in[r], size);
}

/* One step more, beside the twin's from the same state. */
static double neurons_error(void *ctx)
{
	struct neurons *n = ctx;
	struct lif_bank plain;
	double apart = 0;
	lif_bank_init(&plain, &n->lif, n->bank.n);
	bank_copy(&plain, &n->bank);
	uint32_t *fired = mem_new(plain.room, sizeof *fired);
	lif_update_plain(&n->lif, &plain, 0, plain.n, n->now, fired);
	neurons_run(n);
	for (size_t i = 0; i < plain.n; i++)
		apart = fmax(apart, fabs(n->bank.v[i] - plain.v[i]) / fabs(n->lif.par.threshold_v));
	lif_bank_fini(&plain);
	free(fired);
	return apart;
}

static void neurons_free(void *ctx)
{
	struct neurons *n = ctx;
	lif_bank_fini(&n->bank);
	free(n->fired);
	free(n);
}

/* Membranes and biases are spread, so that each step has some who fire. */
static struct neurons *neurons_new(const struct lif_par *par, double dt_s, size_t count, int threads)
{
	struct neurons *n = mem_new(1, sizeof *n);
	struct pcg64 g = rng_stream(1, 0, rng_entity("bench/neurons"), RNG_NETWORK);
	n->lif = lif_make(par, dt_s);
	n->threads = threads;
	lif_bank_init(&n->bank, &n->lif, count);
	n->fired = mem_lines(n->bank.room, sizeof *n->fired);
	for (size_t i = 0; i < count; i++) {
		double at = pcg64_unit(&g);
		n->bank.v[i] = par->reset_v + at * (par->threshold_v - par->reset_v);
		n->bank.bias[i] = par->kind == LIF_DELTA ? 0.1 * pcg64_unit(&g) : 0;
	}
	return n;
}

static void add_case(struct suite *s, enum lif_kind kind, size_t count, int threads)
{
	const struct lif_par par = kind == LIF_EXP ? cuba_par() : integrator;
	const double n = (double)count;
	struct bench_case c = { .kernel = kind == LIF_EXP ? "lif_exp" : "lif_delta", .pages = "",
		.threads = threads, .key = { { "neurons", n } }, .keys = 1,
		.flops = n * lif_flops(kind), .bytes = n * lif_bytes(kind), .items = n,
		.item = "neuron", .run = neurons_run, .error = neurons_error, .error_max = 0,
		.free = neurons_free };
	c.ctx = neurons_new(&par, kind == LIF_EXP ? CUBA_DT_S : 1e-3, count, threads);
	snprintf(c.shape, sizeof c.shape, "%zu", count);
	suite_add(s, &c);
}

void spiking_add_neurons(struct suite *s)
{
	const int threads = suite_threads(s);
	for (enum lif_kind k = LIF_DELTA; k <= LIF_EXP; k++) {
		add_case(s, k, 4096, 1);
		if (suite_quick(s)) continue;
		add_case(s, k, 1 << 20, 1);
		if (threads > 1) add_case(s, k, 1 << 20, threads);
	}
}
