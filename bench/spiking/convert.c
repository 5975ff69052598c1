#include "bench/spiking/convert.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"

static const double threshold_v = 1, half_v = 0.5;

const struct conversion conversion_usual = { 0.999, INFINITY, SYNAPSES_F32 };

/* The quantile of the outputs of each layer above 0; 1 for inputs, and where a layer is mute. */
static void find_scales(
    const struct mlp *m, const struct samples *s, double quantile, double scale[SPIKE_LAYERS_MAX])
{
	struct mlp_pass *p = mlp_pass_new(m);
	double *out[MLP_LAYERS_MAX];
	size_t outs[MLP_LAYERS_MAX] = { 0 };
	for (size_t k = 0; k < m->layers; k++)
		out[k] = mem_new(s->n * m->layer[k].out, sizeof *out[k]);
	for (size_t i = 0; i < s->n; i++) {
		mlp_forward(m, samples_input(s, i), p);
		for (size_t k = 0; k < m->layers; k++)
			for (size_t o = 0; o < m->layer[k].out; o++)
				if (p->unit[k][o] > 0) out[k][outs[k]++] = p->unit[k][o];
	}
	scale[0] = 1;
	for (size_t k = 0; k < m->layers; k++) {
		sort_f64(out[k], outs[k]);
		size_t at = (size_t)ceil(quantile * (double)outs[k]);
		scale[k + 1] = outs[k] > 0 ? out[k][at > 0 ? at - 1 : 0] : 1;
		free(out[k]);
	}
	mlp_pass_free(m, p);
}

/* Connections of a layer in units of both sides' scales. */
static struct graph graph_of(const struct mlp_layer *l, double from, double to)
{
	struct graph g = { .sources = l->in, .targets = l->out };
	size_t n = 0;
	g.row = mem_new(l->in + 1, sizeof *g.row);
	g.to = mem_new(l->in * l->out, sizeof *g.to);
	g.weight = mem_new(l->in * l->out, sizeof *g.weight);
	for (size_t i = 0; i < l->in; i++) {
		for (size_t o = 0; o < l->out; o++) {
			double w = l->weight[i * l->out + o];
			if (w == 0) continue;
			g.to[n] = (uint32_t)o;
			g.weight[n++] = (float)(w * from / to);
		}
		g.row[i + 1] = n;
	}
	return g;
}

struct converted convert(
    const struct mlp *m, const struct samples *learnt, const struct conversion *c)
{
	const struct lif_par encoder = { .kind = LIF_DELTA,
		.tau_m_s = INFINITY,
		.threshold_v = threshold_v,
		.subtracts = true };
	struct lif_par hidden = encoder, last = encoder;
	struct converted n = { .snn = snn_new(1, 1), .layers = m->layers }; /* time in steps */
	double scale[SPIKE_LAYERS_MAX];
	assert(c->quantile > 0 && c->quantile <= 1 && c->leak_steps > 0);
	hidden.tau_m_s = c->leak_steps;
	last.threshold_v = INFINITY;
	find_scales(m, learnt, c->quantile, scale);
	snn_neurons(n.snn, &encoder, m->layer[0].in);
	for (size_t k = 0; k < m->layers; k++) {
		const struct mlp_layer *l = &m->layer[k];
		const size_t to = snn_neurons(n.snn, k + 1 < m->layers ? &hidden : &last, l->out);
		n.graph[k] = graph_of(l, scale[k], scale[k + 1]);
		for (size_t o = 0; o < l->out; o++)
			n.snn->population[to].bank.bias[o] = l->bias[o] / scale[k + 1];
		snn_connect(
		    n.snn, k, 0, to, 0, synapses_new(&n.graph[k], 0, l->in, c->format, 1, 1));
	}
	return n;
}

void converted_free(struct converted *c)
{
	snn_free(c->snn);
	for (size_t k = 0; k < c->layers; k++) graph_free(&c->graph[k]);
	*c = (struct converted){ 0 };
}

/* Membranes at half the threshold, each layer asleep until the first spikes can arrive. */
static void start(struct converted *c, const double *input)
{
	struct population *p = c->snn->population;
	snn_clear(c->snn);
	memcpy(p[0].bank.bias, input, p[0].n * sizeof *input);
	for (size_t k = 0; k <= c->layers; k++)
		for (size_t i = 0; i < p[k].n; i++) {
			p[k].bank.v[i] = k < c->layers ? half_v : 0;
			p[k].bank.wake[i] = (double)k;
		}
}

static void stop(struct population *p)
{
	for (size_t i = 0; i < p->n; i++) p->bank.wake[i] = INFINITY;
}

static void run_plain(struct converted *c, size_t steps)
{
	for (size_t i = 0; i < steps; i++, c->snn->now++) {
		for (size_t k = 0; k <= c->layers; k++) {
			struct population *p = &c->snn->population[k];
			p->fired_count =
			    lif_update_plain(&p->lif, &p->bank, 0, p->n, c->snn->now, p->fired);
		}
		for (size_t k = 0; k < c->layers; k++) {
			const struct population *p = &c->snn->population[k];
			synapses_deliver_plain(c->snn->projection[k].synapses, &c->graph[k], 0,
			    p->fired, p->fired_count, 0, p[1].bank.in[0]);
		}
	}
}

static void run_fast(struct converted *c, size_t steps)
{
	snn_run(c->snn, steps);
}

static size_t infer(struct converted *c, const double *input, size_t steps,
    void (*run)(struct converted *c, size_t steps))
{
	const struct population *last = &c->snn->population[c->layers];
	start(c, input);
	run(c, steps);
	for (size_t k = 0; k < c->layers; k++) {
		stop(&c->snn->population[k]);
		run(c, 1);
	}
	return mlp_answer(last->bank.v, last->n);
}

size_t converted_run(struct converted *c, const double *input, size_t steps)
{
	return infer(c, input, steps, run_fast);
}

size_t converted_run_plain(struct converted *c, const double *input, size_t steps)
{
	return infer(c, input, steps, run_plain);
}

struct spiking_score converted_score(struct converted *c, const struct samples *s, size_t steps)
{
	struct spiking_score r = { 0 };
	const double n = (double)s->n, t = (double)steps;
	const struct snn_count before = c->snn->count;
	size_t right = 0;
	for (size_t i = 0; i < s->n; i++) {
		right += converted_run(c, samples_input(s, i), steps) == s->label[i];
		for (size_t k = 0; k <= c->layers; k++) {
			const struct population *p = &c->snn->population[k];
			for (size_t j = 0; j < p->n; j++) r.rate[k] += p->bank.spikes[j];
		}
	}
	for (size_t k = 0; k <= c->layers; k++) {
		const double neurons = (double)c->snn->population[k].n;
		r.rate[k] /= n * t * neurons;
		r.updates += t * neurons;
	}
	r.accuracy = (double)right / n;
	r.spikes = (double)(c->snn->count.spikes - before.spikes) / n;
	r.synaptic_ops = (double)(c->snn->count.synaptic_ops - before.synaptic_ops) / n;
	return r;
}
