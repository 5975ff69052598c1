/* The CUBA network against a plain program in doubles that shares nothing with it but what
 * was drawn, and against the published rate. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/spiking/cuba.h"
#include "tests/unit.h"

/* One array a variable, one neuron after the other, one synapse after the other, and the
 * response in the terms in which it is usually printed. */
struct plain {
	size_t n;
	double *v, *ge, *gi;
	int *held;
	uint32_t *spikes;
};

static struct plain plain_new(const struct cuba *c)
{
	size_t n = c->graph.sources;
	struct plain p = { n, mem_new(n, sizeof(double)), mem_new(n, sizeof(double)),
		mem_new(n, sizeof(double)), mem_new(n, sizeof(int)), mem_new(n, sizeof(uint32_t)) };
	memcpy(p.v, c->v, n * sizeof *p.v);
	return p;
}

static void plain_free(struct plain *p)
{
	free(p->v);
	free(p->ge);
	free(p->gi);
	free(p->held);
	free(p->spikes);
}

static bool plain_update(struct plain *p, size_t i)
{
	const double dt = 0.1, taum = 20, taue = 5, taui = 10; /* ms */
	const double decay = exp(-dt / taum);
	const double by_e = taue / (taue - taum) * (exp(-dt / taue) - decay);
	const double by_i = taui / (taui - taum) * (exp(-dt / taui) - decay);
	double v = -49e-3 * (1 - decay) + by_e * p->ge[i] + by_i * p->gi[i] + decay * p->v[i];
	p->ge[i] *= exp(-dt / taue);
	p->gi[i] *= exp(-dt / taui);
	if (p->held[i] > 0) {
		p->held[i]--;
		return false;
	}
	p->v[i] = v;
	if (v <= -50e-3) return false;
	p->v[i] = -60e-3;
	p->held[i] = 49; /* 5 ms from the spike to the next update */
	p->spikes[i]++;
	return true;
}

static void plain_step(struct plain *p, const struct cuba *c, bool *fired)
{
	for (size_t i = 0; i < p->n; i++) fired[i] = plain_update(p, i);
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = c->graph.row[i]; fired[i] && k < c->graph.row[i + 1]; k++) {
			if (i < c->excitatory) p->ge[c->graph.to[k]] += 1.62e-3;
			else p->gi[c->graph.to[k]] += -9e-3;
		}
}

/* Rounding differs, and a spike moves by a step where it crosses the threshold by less than
 * rounding: about 1e-11 of them. So all are the same. */
Test(cuba, spikes_are_those_of_a_plain_program)
{
	static const enum synapse_format format[] = { SYNAPSES_F32, SYNAPSES_I8 };
	struct cuba c = cuba_draw(1000, 11);
	struct plain p = plain_new(&c);
	bool *fired = mem_new(p.n, sizeof *fired);
	uint64_t total = 0;
	for (int step = 0; step < 5000; step++) plain_step(&p, &c, fired);
	for (size_t i = 0; i < p.n; i++) total += p.spikes[i];
	for (size_t f = 0; f < 2; f++) {
		struct snn *s = cuba_network(&c, format[f], 1);
		snn_run(s, 5000);
		const struct lif_bank *b = &s->population[0].bank;
		cr_assert(eq(u64, s->count.spikes, total));
		cr_assert(eq(int, memcmp(b->spikes, p.spikes, p.n * sizeof *p.spikes), 0));
		for (size_t i = 0; i < p.n; i++) cr_assert(epsilon_eq(dbl, b->v[i], p.v[i], 1e-12));
		snn_free(s);
	}
	cr_assert(gt(u64, total, 1000));
	plain_free(&p);
	free(fired);
	cuba_free(&c);
}
