#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/spiking/cases.h"
#include "bench/spiking/cuba.h"

enum { STEPS = 100, CHECKED = 300 }; /* of a call; compared with the twins */

/* Brian2's time for the same networks from the same states, bench/peers/brian2_cuba.sh. */
static const char brian2_conditions[] =
    "2.5.1, C++ standalone, -O3 -march=native, processor time, median of 5 on a quiet Zen 3, one "
    "thread";
static const struct bench_peer brian2_4000[] = {
	{ "Brian2", 4e8 / 2.25, brian2_conditions }, { NULL },
};
static const struct bench_peer brian2_40000[] = {
	{ "Brian2", 4e8 / 2.38, brian2_conditions }, { NULL },
};

struct run {
	struct cuba cuba;
	struct snn *snn;
	int threads;
};

static void cuba_run(void *ctx)
{
	struct run *r = ctx;
	snn_run(r->snn, STEPS);
}

/* A step by the twins of all kernels. */
static void step_plain(struct snn *s, const struct cuba *c, double now)
{
	struct population *p = &s->population[0];
	size_t n = lif_update_plain(&p->lif, &p->bank, 0, p->n, now, p->fired), e = 0;
	while (e < n && p->fired[e] < c->excitatory) e++;
	synapses_deliver_plain(s->projection[0].synapses, &c->graph, 0, p->fired, e, 0,
	    p->bank.in[0]);
	synapses_deliver_plain(s->projection[1].synapses, &c->graph, c->excitatory, p->fired + e,
	    n - e, c->excitatory, p->bank.in[1]);
}

static double cuba_error(void *ctx)
{
	struct run *r = ctx;
	struct snn *s = cuba_network(&r->cuba, SYNAPSES_I8, r->threads);
	struct snn *plain = cuba_network(&r->cuba, SYNAPSES_I8, 1);
	double apart = 0;
	snn_run(s, CHECKED);
	for (int i = 0; i < CHECKED; i++) step_plain(plain, &r->cuba, i);
	for (size_t i = 0; i < s->population[0].n; i++) {
		const struct lif_bank *a = &s->population[0].bank, *b = &plain->population[0].bank;
		apart = fmax(apart, fabs(a->v[i] / b->v[i] - 1));
	}
	snn_free(s);
	snn_free(plain);
	return apart;
}

static void cuba_end(void *ctx)
{
	struct run *r = ctx;
	snn_free(r->snn);
	cuba_free(&r->cuba);
	free(r);
}

static void add_case(struct suite *s, size_t neurons, int threads, const struct bench_peer *peer)
{
	const double updates = (double)neurons * STEPS;
	struct run *r = mem_new(1, sizeof *r);
	r->cuba = cuba_draw(neurons, 1);
	r->threads = threads;
	r->snn = cuba_network(&r->cuba, SYNAPSES_I8, threads);
	/* Flops and bytes are those of the updates: deliveries, 5 spikes a neuron and second to
	 * 80 targets, are a twentieth of them. */
	struct bench_case c = { .kernel = "cuba", .threads = threads, .pages = "",
		.key = { { "neurons", (double)neurons }, { "steps", STEPS } }, .keys = 2,
		.flops = updates * lif_flops(LIF_EXP), .bytes = updates * lif_bytes(LIF_EXP),
		.items = updates, .item = "neuron", .ctx = r, .run = cuba_run, .error = cuba_error,
		.error_max = 0, .free = cuba_end, .peer = threads == 1 ? peer : NULL };
	snprintf(c.shape, sizeof c.shape, "%zu, %d steps", neurons, STEPS);
	suite_add(s, &c);
}

void spiking_add_cuba(struct suite *s)
{
	const int threads = suite_threads(s);
	add_case(s, 4000, 1, brian2_4000);
	if (suite_quick(s)) return;
	add_case(s, 40000, 1, brian2_40000);
	if (threads > 1) add_case(s, 40000, threads, NULL);
}
