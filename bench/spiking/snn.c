#include "bench/spiking/snn.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"

struct snn *snn_new(double dt_s, int threads)
{
	struct snn *s = mem_new(1, sizeof *s);
	assert(dt_s > 0 && threads > 0);
	s->dt_s = dt_s;
#ifdef _OPENMP
	s->threads = threads;
#else
	s->threads = 1;
#endif
	s->ops = mem_new((size_t)s->threads, sizeof *s->ops);
	return s;
}

void snn_free(struct snn *s)
{
	if (!s) return;
	for (size_t i = 0; i < s->populations; i++) {
		struct population *p = &s->population[i];
		if (!p->input) lif_bank_fini(&p->bank);
		free(p->fired);
		free(p->fed);
	}
	for (size_t i = 0; i < s->projections; i++) synapses_free(s->projection[i].synapses);
	free(s->population);
	free(s->projection);
	free(s->segment);
	free(s->ops);
	free(s);
}

static struct population *population_add(struct snn *s, size_t n)
{
	s->population = mem_grow(s->population, s->populations, &s->populations_cap,
	    sizeof *s->population);
	struct population *p = &s->population[s->populations++];
	*p = (struct population){ .n = n };
	s->segment = mem_resize(s->segment, s->populations * (size_t)s->threads, sizeof *s->segment);
	return p;
}

size_t snn_inputs(struct snn *s, size_t n)
{
	struct population *p = population_add(s, n);
	p->input = true;
	p->fired = mem_new(n, sizeof *p->fired);
	p->fed = mem_new(n, sizeof *p->fed);
	return s->populations - 1;
}

size_t snn_neurons(struct snn *s, const struct lif_par *par, size_t n)
{
	struct population *p = population_add(s, n);
	p->lif = lif_make(par, s->dt_s);
	lif_bank_init(&p->bank, &p->lif, n);
	p->fired = mem_new(p->bank.room, sizeof *p->fired);
	return s->populations - 1;
}

void snn_connect(struct snn *s, size_t from, size_t first, size_t to, int receptor,
    struct synapses *synapses)
{
	const struct population *target = &s->population[to];
	assert(first + synapses->sources <= s->population[from].n);
	assert(!target->input && synapses->targets == target->n);
	assert(receptor >= 0 && receptor < (target->lif.par.kind == LIF_EXP ? LIF_RECEPTORS : 1));
	s->projection = mem_grow(s->projection, s->projections, &s->projections_cap,
	    sizeof *s->projection);
	s->projection[s->projections++] =
	    (struct projection){ from, to, first, receptor, synapses };
}

void snn_feed(struct snn *s, size_t inputs, const uint32_t *neuron, size_t n)
{
	struct population *p = &s->population[inputs];
	assert(p->input && n <= p->n);
	if (n > 0) memcpy(p->fed, neuron, n * sizeof *neuron);
	p->fed_count = n;
}

/* Neurons [first, end) that thread t updates. */
struct range {
	size_t first, end;
};
static struct range own(const struct snn *s, const struct population *p, int t)
{
	const size_t blocks = p->bank.room / LIF_BLOCK, threads = (size_t)s->threads;
	return (struct range){ blocks * (size_t)t / threads * LIF_BLOCK,
		blocks * ((size_t)t + 1) / threads * LIF_BLOCK };
}

/* Who fires is written from the first of the thread's neurons on. */
static void update(struct snn *s, int t)
{
	for (size_t i = 0; i < s->populations; i++) {
		struct population *p = &s->population[i];
		if (p->input) continue;
		struct range r = own(s, p, t);
		s->segment[i * (size_t)s->threads + (size_t)t] =
		    lif_update(&p->lif, &p->bank, r.first, r.end - r.first, s->now, p->fired + r.first);
	}
}

/* Brings together what the threads have fired, and the inputs. */
static void gather(struct snn *s)
{
	for (size_t i = 0; i < s->populations; i++) {
		struct population *p = &s->population[i];
		const size_t *segment = s->segment + i * (size_t)s->threads;
		if (p->input) {
			uint32_t *spare = p->fired;
			p->fired = p->fed;
			p->fed = spare;
			p->fired_count = p->fed_count;
			p->fed_count = 0;
		} else {
			p->fired_count = segment[0];
			s->count.updates += p->n;
		}
		for (int t = 1; t < s->threads && !p->input; t++) {
			memmove(p->fired + p->fired_count, p->fired + own(s, p, t).first,
			    segment[t] * sizeof *p->fired);
			p->fired_count += segment[t];
		}
		s->count.spikes += p->fired_count;
	}
	s->count.steps++;
	s->now++;
}

/* The first of the ascending n at a that is at least `from`. */
static size_t lower(const uint32_t *a, size_t n, size_t from)
{
	size_t low = 0;
	while (low < n) {
		size_t middle = low + (n - low) / 2;
		if (a[middle] < from) low = middle + 1;
		else n = middle;
	}
	return low;
}

/* Each part of the targets by one thread. */
static void deliver(struct snn *s, int t)
{
	for (size_t i = 0; i < s->projections; i++) {
		const struct projection *j = &s->projection[i];
		const struct population *from = &s->population[j->from];
		const size_t begin = lower(from->fired, from->fired_count, j->first);
		const size_t end =
		    lower(from->fired, from->fired_count, j->first + j->synapses->sources);
		if (begin == end && j->synapses->format != SYNAPSES_DENSE) continue;
		for (size_t p = (size_t)t; p < j->synapses->parts; p += (size_t)s->threads)
			s->ops[t] += synapses_deliver(j->synapses, p, from->fired + begin, end - begin,
			    j->first, s->population[j->to].bank.in[j->receptor]);
	}
}

/* A thread does the work of several where the system gives fewer than are asked for. Nobody
 * delivers before all have fired, nor updates before all have delivered. */
static void run_share(struct snn *s, uint64_t steps, int thread, int threads)
{
	for (uint64_t i = 0; i < steps; i++) {
		for (int t = thread; t < s->threads; t += threads) update(s, t);
#pragma omp barrier
#pragma omp master
		gather(s);
#pragma omp barrier
		for (int t = thread; t < s->threads; t += threads) deliver(s, t);
#pragma omp barrier
	}
}

void snn_run(struct snn *s, uint64_t steps)
{
	memset(s->ops, 0, (size_t)s->threads * sizeof *s->ops);
#ifdef _OPENMP
#pragma omp parallel num_threads(s->threads) if (s->threads > 1)
	run_share(s, steps, omp_get_thread_num(), omp_get_num_threads());
#else
	run_share(s, steps, 0, 1);
#endif
	for (int t = 0; t < s->threads; t++) s->count.synaptic_ops += s->ops[t];
}

void snn_clear(struct snn *s)
{
	for (size_t i = 0; i < s->populations; i++) {
		struct population *p = &s->population[i];
		if (!p->input) lif_bank_clear(&p->bank, &p->lif);
		p->fired_count = p->fed_count = 0;
	}
	s->now = 0;
}
