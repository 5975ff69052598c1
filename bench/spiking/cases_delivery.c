#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/spiking/cases.h"

const struct delivery_net delivery_nets[] = {
	{ 1000, 100 }, { 1000, 1000 }, { 4000, 100 }, { 4000, 1000 }, { 16000, 100 }, { 16000, 1000 },
};
const size_t delivery_net_count = sizeof delivery_nets / sizeof *delivery_nets;

const double spiking_rates[SPIKING_RATES_MAX] = { 0.001, 0.01, 0.05, 0.1, 0.2, 0.5 };

const char *const spiking_kernel[SYNAPSE_FORMATS] = {
	[SYNAPSES_F32] = "spikes_csr_f32",
	[SYNAPSES_I8] = "spikes_csr_i8",
	[SYNAPSES_ROWS] = "spikes_rows",
	[SYNAPSES_DENSE] = "spikes_dense",
};

enum {
	SETS = 8,            /* of sources that spike, delivered in turns */
	STRIP = 128000000 / 4 /* most weights of a matrix: beyond the caches, quick to make */
};

/* What the cases of a network share; freed with the last of them. */
struct bed {
	const struct delivery_net *net;
	struct graph graph;
	struct synapses *synapses[SYNAPSE_FORMATS], *shared_out; /* shared_out: csr-f32 by threads */
	int users;
};

static void bed_release(struct bed *b)
{
	if (--b->users > 0) return;
	for (int f = 0; f < SYNAPSE_FORMATS; f++) synapses_free(b->synapses[f]);
	synapses_free(b->shared_out);
	graph_free(&b->graph);
	free(b);
}

static struct synapses *make(const struct bed *b, enum synapse_format format, int threads)
{
	return synapses_new(&b->graph, 0, b->net->neurons, format, 1e-3, (size_t)threads);
}

struct delivery {
	struct bed *bed;
	const struct synapses *synapses;
	int threads;
	uint32_t *spike; /* SETS of n */
	size_t n, set;   /* the set to come */
	double *target;
};

static void deliver_set(const struct delivery *d, const uint32_t *spike, double *target)
{
	const int parts = (int)d->synapses->parts;
	if (d->threads == 1) {
		for (int p = 0; p < parts; p++)
			synapses_deliver(d->synapses, (size_t)p, spike, d->n, 0, target);
		return;
	}
#ifdef _OPENMP
#pragma omp parallel for num_threads(d->threads) schedule(static)
#endif
	for (int p = 0; p < parts; p++)
		synapses_deliver(d->synapses, (size_t)p, spike, d->n, 0, target);
}

static void delivery_run(void *ctx)
{
	struct delivery *d = ctx;
	deliver_set(d, d->spike + d->set * d->n, d->target);
	d->set = (d->set + 1) % SETS;
}

/* The last set once more, from zero, beside the twin's. */
static double delivery_error(void *ctx)
{
	struct delivery *d = ctx;
	const size_t targets = d->synapses->targets;
	const uint32_t *spike = d->spike + (d->set + SETS - 1) % SETS * d->n;
	double *want = mem_new(targets, sizeof *want), apart = 0, largest = 0;
	memset(d->target, 0, targets * sizeof *d->target);
	deliver_set(d, spike, d->target);
	synapses_deliver_plain(d->synapses, &d->bed->graph, 0, spike, d->n, 0, want);
	for (size_t i = 0; i < targets; i++) {
		apart = fmax(apart, fabs(d->target[i] - want[i]));
		largest = fmax(largest, fabs(want[i]));
	}
	free(want);
	return largest > 0 ? apart / largest : INFINITY;
}

static void delivery_free(void *ctx)
{
	struct delivery *d = ctx;
	bed_release(d->bed);
	free(d->spike);
	free(d->target);
	free(d);
}

/* n distinct sources in ascending order, each set as likely as any (Knuth 1997, "The Art of
 * Computer Programming" 2, algorithm 3.4.2S). */
static void draw_set(uint32_t *spike, size_t n, size_t sources, struct pcg64 *g)
{
	for (size_t i = 0, have = 0; have < n; i++)
		if (pcg64_unit(g) * (double)(sources - i) < (double)(n - have))
			spike[have++] = (uint32_t)i;
}

static struct delivery *delivery_new(struct bed *b, const struct synapses *s, double rate,
    int threads)
{
	struct delivery *d = mem_new(1, sizeof *d);
	struct pcg64 g = rng_stream(1, 0, rng_entity("bench/spikes"), RNG_NETWORK);
	const size_t n = b->net->neurons, targets = b->graph.targets;
	*d = (struct delivery){ .bed = b, .synapses = s, .threads = threads };
	d->n = (size_t)fmax(1, round(rate * (double)n));
	d->spike = mem_new(SETS * d->n, sizeof *d->spike);
	d->target = mem_lines(targets, sizeof *d->target);
	memset(d->target, 0, targets * sizeof *d->target);
	for (size_t i = 0; i < SETS; i++) draw_set(d->spike + i * d->n, d->n, n, &g);
	b->users++;
	return d;
}

/* Synapses that a set reaches, on average. */
static double reached(const struct delivery *d)
{
	const size_t *row = d->bed->graph.row;
	size_t sum = 0;
	for (size_t i = 0; i < SETS * d->n; i++) sum += row[d->spike[i] + 1] - row[d->spike[i]];
	return (double)sum / SETS;
}

static void add_case(struct suite *s, struct bed *b, enum synapse_format f,
    const struct synapses *synapses, double rate, int threads)
{
	struct delivery *d = delivery_new(b, synapses, rate, threads);
	const bool list = f == SYNAPSES_F32 || f == SYNAPSES_I8;
	const double n = (double)b->net->neurons, targets = (double)b->graph.targets;
	const double met = reached(d), pairs = targets * (f == SYNAPSES_DENSE ? n : (double)d->n);
	struct bench_case c = { .kernel = spiking_kernel[f], .threads = threads, .pages = "",
		.key = { { "neurons", n }, { "targets", targets },
		    { "fan_out", (double)b->net->fan_out }, { "rate", rate } },
		.keys = 4, .item = list ? "syn.op" : "weight", .items = list ? met : pairs,
		.flops = 2 * (list ? met : pairs),
		.bytes = synapses_bytes(synapses, (double)d->n, met), .ctx = d, .run = delivery_run,
		.error = delivery_error, .error_max = list ? 0 : 1e-5, .free = delivery_free };
	snprintf(c.shape, sizeof c.shape, "%zu %s %zu, %.3g %%", b->net->neurons, list ? "x" : "to",
	    list ? b->net->fan_out : b->graph.targets, 100 * rate);
	suite_add(s, &c);
}

static bool is_taken(const struct suite *s, double rate)
{
	return !suite_quick(s) || rate == 0.01 || rate == 0.1 || rate == 0.5;
}

static void add_lists(struct suite *s, struct bed *b)
{
	const int threads = suite_threads(s);
	for (enum synapse_format f = SYNAPSES_F32; f <= SYNAPSES_I8; f++) {
		b->synapses[f] = make(b, f, 1);
		for (size_t i = 0; i < SPIKING_RATES_MAX; i++)
			if (is_taken(s, spiking_rates[i]))
				add_case(s, b, f, b->synapses[f], spiking_rates[i], 1);
	}
	if (threads == 1 || b->net->fan_out < 1000) return;
	b->shared_out = make(b, SYNAPSES_F32, threads);
	add_case(s, b, SYNAPSES_F32, b->shared_out, 0.1, threads);
}

/* Of a big matrix the columns of the first targets only: time goes with their number. */
static size_t strip(size_t neurons)
{
	return neurons * neurons <= STRIP ? neurons : STRIP / neurons;
}

static void add_matrices(struct suite *s, struct bed *b)
{
	b->synapses[SYNAPSES_ROWS] = make(b, SYNAPSES_ROWS, 1);
	b->synapses[SYNAPSES_DENSE] = make(b, SYNAPSES_DENSE, 1);
	for (size_t i = 0; i < SPIKING_RATES_MAX; i++)
		if (is_taken(s, spiking_rates[i]))
			add_case(s, b, SYNAPSES_ROWS, b->synapses[SYNAPSES_ROWS], spiking_rates[i], 1);
	add_case(s, b, SYNAPSES_DENSE, b->synapses[SYNAPSES_DENSE], 0.1, 1);
}

static struct bed *bed_new(const struct delivery_net *net, size_t targets)
{
	struct bed *b = mem_new(1, sizeof *b);
	struct pcg64 g = rng_stream(1, net->neurons + net->fan_out, rng_entity("bench/synapses"),
	    RNG_NETWORK);
	b->net = net;
	b->graph = graph_random(net->neurons, targets,
	    (double)net->fan_out / (double)net->neurons, &g);
	graph_weigh(&b->graph, &g);
	return b;
}

void spiking_add_delivery(struct suite *s)
{
	for (size_t i = 0; i < delivery_net_count; i++) {
		const struct delivery_net *net = &delivery_nets[i];
		const size_t n = net->neurons;
		if (suite_quick(s) && (n > 1000 || net->fan_out * 10 < n)) continue;
		add_lists(s, bed_new(net, n));
		if (net->fan_out == 1000) /* what matrices hold does not matter */
			add_matrices(s, bed_new(net, strip(n)));
	}
}
