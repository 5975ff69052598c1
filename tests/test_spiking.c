/* Spiking kernels against their plain twins and closed forms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/spiking/snn.h"
#include "tests/unit.h"

static const struct lif_par exponential = {
	.kind = LIF_EXP, .tau_m_s = 19e-3, .tau_s = { 4.7e-3, 11e-3 },
	.rest_v = -49.3e-3, .threshold_v = -50.7e-3, .reset_v = -61e-3, .refractory_steps = 7,
};
static const struct lif_par delta = {
	.kind = LIF_DELTA, .tau_m_s = 23e-3, .rest_v = 0.13, .threshold_v = 1.1, .reset_v = -0.2,
	.subtracts = true, .refractory_steps = 3,
};

static struct pcg64 stream(uint64_t seed)
{
	return rng_stream(seed, 0, rng_entity("test_spiking"), RNG_TEST);
}

static struct graph weighted(size_t sources, size_t targets, double p, uint64_t seed)
{
	struct pcg64 g = stream(seed);
	struct graph graph = graph_random(sources, targets, p, &g);
	graph_weigh(&graph, &g);
	return graph;
}

/* Mean p n, standard deviation sqrt(n p (1 - p)): five of them, for each pair of sizes. */
Test(spiking, graph_has_the_density_asked_for)
{
	static const struct {
		size_t sources, targets;
		double p;
	} row[] = { { 311, 1777, 0.0313 }, { 1201, 97, 0.47 }, { 13, 29, 1 } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct pcg64 g = stream(17 + i);
		struct graph graph = graph_random(row[i].sources, row[i].targets, row[i].p, &g);
		double n = (double)(row[i].sources * row[i].targets), p = row[i].p;
		double off = fabs((double)graph_synapses(&graph) - n * p);
		cr_assert(le(dbl, off, 5 * sqrt(n * p * (1 - p))), "row %zu", i);
		for (size_t s = 0; s < graph.sources; s++)
			for (size_t k = graph.row[s]; k < graph.row[s + 1]; k++) {
				cr_assert(lt(u32, graph.to[k], (uint32_t)graph.targets));
				if (k > graph.row[s]) cr_assert(lt(u32, graph.to[k - 1], graph.to[k]));
			}
		graph_free(&graph);
	}
}

/* Largest difference of two sums, relative to what was added at most: 1 a synapse. */
static double delivered_apart(const struct graph *g, enum synapse_format f, size_t parts)
{
	enum { FIRST_ROW = 5, OFFSET = 31 };
	const size_t sources = g->sources - 2 * FIRST_ROW;
	struct pcg64 rng = stream(71);
	struct synapses *s = synapses_new(g, FIRST_ROW, sources, f, 0.37, parts);
	double *got = mem_new(g->targets, sizeof *got), *want = mem_new(g->targets, sizeof *want);
	uint32_t *spike = mem_new(sources, sizeof *spike);
	double apart = 0;
	for (int round = 0; round < 11; round++) {
		size_t n = 0, ops = 0;
		for (size_t i = 0; i < sources; i++)
			if (pcg64_unit(&rng) < 0.01 * (round * round)) spike[n++] = (uint32_t)(i + OFFSET);
		for (size_t p = 0; p < s->parts; p++)
			ops += synapses_deliver(s, p, spike, n, OFFSET, got);
		cr_assert(eq(sz, ops, synapses_deliver_plain(s, g, FIRST_ROW, spike, n, OFFSET, want)));
		for (size_t i = 0; i < g->targets; i++)
			apart = fmax(apart, fabs(got[i] - want[i]) / (0.37 * (double)(n + 1)));
	}
	for (size_t i = 0, zeros = 0; i < g->targets; i++) {
		zeros += want[i] == 0;
		cr_assert(lt(sz, zeros, g->targets / 2), "hardly anything was delivered");
	}
	synapses_free(s);
	free(got);
	free(want);
	free(spike);
	return apart;
}

/* Lists have the twin's order of additions, so its bits; matrices add in f32 first, whose
 * rounding is 6e-8 of each of up to `sources` terms at worst. */
Test(spiking, delivery_agrees_with_its_twin)
{
	static const struct {
		size_t sources, targets;
		double p;
	} row[] = { { 311, 777, 0.13 }, { 97, 1021, 0.011 }, { 203, 64, 1 }, { 40, 131, 0.5 } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct graph g = weighted(row[i].sources, row[i].targets, row[i].p, 3 + i);
		for (int f = 0; f < SYNAPSE_FORMATS; f++)
			for (size_t parts = 1; parts < 4; parts++) {
				bool list = f == SYNAPSES_F32 || f == SYNAPSES_I8;
				double apart = delivered_apart(&g, (enum synapse_format)f, parts);
				cr_assert(le(dbl, apart, list ? 0 : 1e-6), "%s, row %zu, %zu parts: %g",
				    synapse_format_word((enum synapse_format)f), i, parts, apart);
			}
		graph_free(&g);
	}
}

/* 2-byte targets reach 65536 neurons of a part: more need more parts. */
Test(spiking, short_targets_reach_beyond_65536)
{
	struct graph g = weighted(17, 70001, 0.4, 23);
	struct synapses *s = synapses_new(&g, 0, 17, SYNAPSES_I8, 1, 1);
	cr_assert(eq(sz, s->parts, 2));
	cr_assert(le(sz, s->part[0].count, 65536));
	cr_assert(eq(sz, s->part[0].count + s->part[1].count, 70001));
	synapses_free(s);
	cr_assert(eq(dbl, delivered_apart(&g, SYNAPSES_I8, 1), 0));
	graph_free(&g);
}

/* 8 bits: half of a 127th of the largest weight at most; whole numbers are kept. */
Test(spiking, eight_bit_weights_are_near)
{
	struct graph g = weighted(1, 353, 1, 29);
	const uint32_t spike = 0;
	double *got = mem_new(353, sizeof *got), largest = 0;
	struct synapses *s = synapses_new(&g, 0, 1, SYNAPSES_I8, 2.5, 1);
	synapses_deliver(s, 0, &spike, 1, 0, got);
	for (size_t i = 0; i < 353; i++) largest = fmax(largest, fabs((double)g.weight[i]));
	for (size_t i = 0; i < 353; i++)
		cr_assert(epsilon_eq(dbl, got[i], 2.5 * (double)g.weight[i],
		    2.5 * largest * (0.5 / 127 + 1e-9)));
	synapses_free(s);
	for (size_t i = 0; i < 353; i++) g.weight[i] = (float)((int)(i % 255) - 127);
	memset(got, 0, 353 * sizeof *got);
	s = synapses_new(&g, 0, 1, SYNAPSES_I8, 0.1, 1);
	synapses_deliver(s, 0, &spike, 1, 0, got);
	for (size_t i = 0; i < 353; i++) cr_assert(eq(dbl, got[i], 0.1 * (double)g.weight[i]));
	synapses_free(s);
	free(got);
	graph_free(&g);
}

/* Two banks under the same random input: one by the kernel, one by the twin. */
static size_t banks_agree(const struct lif_par *par, size_t n, double kick)
{
	struct lif l = lif_make(par, 1e-4);
	struct lif_bank a, b;
	struct pcg64 g = stream(7);
	lif_bank_init(&a, &l, n);
	lif_bank_init(&b, &l, n);
	uint32_t *got = mem_new(a.room, sizeof *got), *want = mem_new(a.room, sizeof *want);
	size_t fired = 0;
	for (size_t i = 0; i < n; i++) a.bias[i] = b.bias[i] = 0.01 * pcg64_unit(&g);
	for (int step = 0; step < 301; step++) {
		for (size_t i = 0; i < n; i++)
			for (int r = 0; r < (par->kind == LIF_EXP ? 2 : 1); r++) {
				double in = kick * (pcg64_unit(&g) - 0.45);
				a.in[r][i] += in;
				b.in[r][i] += in;
			}
		size_t m = lif_update(&l, &a, 0, a.room, step, got);
		cr_assert(eq(sz, m, lif_update_plain(&l, &b, 0, n, step, want)), "step %d", step);
		cr_assert(eq(int, memcmp(got, want, m * sizeof *got), 0));
		cr_assert(eq(int, memcmp(a.v, b.v, n * sizeof *a.v), 0), "step %d", step);
		for (int r = 0; r < LIF_RECEPTORS; r++)
			cr_assert(eq(int, memcmp(a.in[r], b.in[r], n * sizeof *a.v), 0));
		fired += m;
	}
	cr_assert(eq(int, memcmp(a.spikes, b.spikes, n * sizeof *a.spikes), 0));
	lif_bank_fini(&a);
	lif_bank_fini(&b);
	free(got);
	free(want);
	return fired;
}

Test(spiking, neurons_agree_with_their_twin)
{
	static const size_t sizes[] = { 1, 63, 64, 197 };
	size_t fired[2] = { 0, 0 };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		fired[0] += banks_agree(&exponential, sizes[i], 3e-3);
		fired[1] += banks_agree(&delta, sizes[i], 0.3);
	}
	cr_assert(gt(sz, fired[0], 1000));
	cr_assert(gt(sz, fired[1], 1000));
}

/* v(t) - rest = (v0 - rest) e^(-t/tm)
 *     + sum of I_r tau_r / (tau_r - tau_m) (e^(-t/tau_r) - e^(-t/tau_m)):
 * the solution of the two equations, to rounding after any number of steps. */
Test(spiking, exponential_update_is_exact)
{
	static const double dt_s[] = { 1e-6, 1e-4, 3e-3 };
	static const double in_v[] = { 1.7e-3, -4.1e-3 };
	struct lif_par par = exponential;
	par.threshold_v = 1;
	for (size_t k = 0; k < 3; k++) {
		struct lif l = lif_make(&par, dt_s[k]);
		struct lif_bank b;
		uint32_t none[LIF_BLOCK];
		lif_bank_init(&b, &l, 1);
		b.v[0] = -57e-3;
		for (int r = 0; r < 2; r++) b.in[r][0] = in_v[r];
		for (int step = 1; step <= 211; step++) {
			lif_update(&l, &b, 0, b.room, step, none);
			double t = step * dt_s[k], want = par.rest_v;
			want += (-57e-3 - par.rest_v) * exp(-t / par.tau_m_s);
			for (int r = 0; r < 2; r++)
				want += in_v[r] * par.tau_s[r] / (par.tau_s[r] - par.tau_m_s) *
				    (exp(-t / par.tau_s[r]) - exp(-t / par.tau_m_s));
			cr_assert(epsilon_eq(dbl, b.v[0], want, 1e-15), "dt %g, step %d", dt_s[k], step);
		}
		lif_bank_fini(&b);
	}
}

/* With equal time constants the response is I (t / tau) e^(-t / tau). */
Test(spiking, equal_time_constants_have_their_limit)
{
	struct lif_par par = exponential;
	par.threshold_v = 1;
	par.tau_s[0] = par.tau_m_s;
	struct lif l = lif_make(&par, 1e-4);
	struct lif_bank b;
	uint32_t none[LIF_BLOCK];
	lif_bank_init(&b, &l, 1);
	b.in[0][0] = 2.3e-3;
	for (int step = 1; step <= 300; step++) lif_update(&l, &b, 0, b.room, step, none);
	double t = 300 * 1e-4 / par.tau_m_s;
	cr_assert(epsilon_eq(dbl, b.v[0], par.rest_v + 2.3e-3 * t * exp(-t), 1e-15));
	lif_bank_fini(&b);
}

/* Driven above its threshold a neuron with reset v0 and no noise fires each
 * tau ln((drive - v0) / (drive - threshold)) after refractoriness, in whole steps up. */
Test(spiking, refractory_period_counts_from_the_spike)
{
	static const int refractory[] = { 0, 1, 2, 50 };
	for (size_t k = 0; k < 4; k++) {
		struct lif_par par = exponential;
		par.refractory_steps = refractory[k];
		struct lif l = lif_make(&par, 1e-4);
		struct lif_bank b;
		uint32_t fired[LIF_BLOCK];
		int last = -1, gap = 0;
		lif_bank_init(&b, &l, 1);
		for (int step = 0; step < 2000; step++) {
			if (lif_update(&l, &b, 0, b.room, step, fired) == 0) continue;
			if (last >= 0) gap = step - last;
			last = step;
		}
		double rise_s = par.tau_m_s *
		    log((par.rest_v - par.reset_v) / (par.rest_v - par.threshold_v));
		int held = refractory[k] > 1 ? refractory[k] - 1 : 0;
		cr_assert(eq(int, gap, (int)ceil(rise_s / 1e-4) + held), "%d", refractory[k]);
		lif_bank_fini(&b);
	}
}

/* Without leak and with a spike taking the threshold away, no charge is lost: after k steps
 * of bias x there were floor(k x / threshold) spikes (Rueckauer et al. 2017, Frontiers in
 * Neuroscience 11, 682, reset by subtraction). */
Test(spiking, integrator_fires_at_its_rate)
{
	struct lif_par par = { .kind = LIF_DELTA, .tau_m_s = INFINITY, .threshold_v = 1,
		.subtracts = true };
	static const double x[] = { 0.0371, 0.25, 0.613, 0.9999 };
	struct snn *s = snn_new(1e-3, 1);
	size_t id = snn_neurons(s, &par, 4);
	for (size_t i = 0; i < 4; i++) s->population[id].bank.bias[i] = x[i];
	snn_run(s, 997);
	for (size_t i = 0; i < 4; i++)
		cr_assert(le(dbl, fabs(s->population[id].bank.spikes[i] - floor(997 * x[i])), 1));
	snn_free(s);
}

/* Inputs, a hidden and an output population, in a ring of projections. */
static struct snn *ring(const struct graph *in, const struct graph *rest, int threads)
{
	struct snn *s = snn_new(1e-4, threads);
	size_t inputs = snn_inputs(s, 150), hidden = snn_neurons(s, &delta, 300);
	size_t out = snn_neurons(s, &exponential, 300), parts = (size_t)threads;
	snn_connect(s, inputs, 0, hidden, 0, synapses_new(in, 0, 150, SYNAPSES_DENSE, 0.21, parts));
	snn_connect(s, hidden, 0, out, 0, synapses_new(rest, 0, 200, SYNAPSES_F32, 8e-4, parts));
	snn_connect(s, hidden, 200, out, 1, synapses_new(rest, 200, 100, SYNAPSES_I8, 9e-4, parts));
	snn_connect(s, out, 0, hidden, 0, synapses_new(rest, 0, 300, SYNAPSES_ROWS, 0.02, parts));
	return s;
}

static void feed_and_run(struct snn *s, struct pcg64 *g)
{
	uint32_t spike[150];
	size_t n = 0;
	for (uint32_t i = 0; i < 150; i++)
		if (pcg64_unit(g) < 0.1) spike[n++] = i;
	snn_feed(s, 0, spike, n);
	snn_run(s, 1);
}

Test(spiking, threads_do_not_change_a_bit)
{
	struct graph in = weighted(150, 300, 0.4, 41), rest = weighted(300, 300, 0.2, 43);
	struct snn *one = ring(&in, &rest, 1);
	for (int threads = 2; threads < 5; threads++) {
		struct snn *many = ring(&in, &rest, threads);
		struct pcg64 g = stream(5), h = stream(5);
		snn_clear(one);
		memset(&one->count, 0, sizeof one->count);
		for (int step = 0; step < 400; step++) {
			feed_and_run(one, &g);
			feed_and_run(many, &h);
		}
		for (size_t p = 1; p < 3; p++) {
			const struct lif_bank *a = &one->population[p].bank, *b = &many->population[p].bank;
			cr_assert(eq(int, memcmp(a->v, b->v, 300 * sizeof *a->v), 0));
			cr_assert(eq(int, memcmp(a->spikes, b->spikes, 300 * sizeof *a->spikes), 0));
		}
		cr_assert(eq(int, memcmp(&one->count, &many->count, sizeof one->count), 0));
		cr_assert(gt(u64, one->count.spikes, 1000));
		snn_free(many);
	}
	snn_free(one);
	graph_free(&in);
	graph_free(&rest);
}

/* 3 spikes into all of 5 neurons: 15 operations where lists hold 15, and as many pairs. */
Test(spiking, counts_what_was_done)
{
	struct graph g = weighted(7, 5, 1, 3);
	static const uint32_t spike[] = { 1, 2, 6 };
	static const uint64_t want[] = { 15, 15, 15, 35 + 35 }; /* dense: every step, all pairs */
	for (int f = 0; f < SYNAPSE_FORMATS; f++) {
		struct snn *s = snn_new(1e-4, 1);
		size_t in = snn_inputs(s, 7), out = snn_neurons(s, &delta, 5);
		snn_connect(s, in, 0, out, 0, synapses_new(&g, 0, 7, (enum synapse_format)f, 0, 1));
		snn_feed(s, in, spike, 3);
		snn_run(s, 2);
		cr_assert(eq(u64, s->count.synaptic_ops, want[f]));
		cr_assert(eq(u64, s->count.steps, 2));
		cr_assert(eq(u64, s->count.updates, 10));
		cr_assert(eq(u64, s->count.spikes, 3));
		snn_free(s);
	}
	graph_free(&g);
}
