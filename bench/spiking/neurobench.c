#include "bench/spiking/neurobench.h"

static struct neurobench of_weights(const struct mlp *m, size_t weight_bytes)
{
	const double weights = (double)weight_bytes * mlp_weights(m);
	return (struct neurobench){ .footprint_bytes = weights + sizeof(float) * mlp_units(m),
		.connection_sparsity = 1 - mlp_connections(m) / mlp_weights(m),
		.dense_ops = mlp_weights(m) };
}

/* Weights of input i that are not 0. */
static double fan_out(const struct mlp_layer *l, size_t i)
{
	size_t n = 0;
	for (size_t o = 0; o < l->out; o++) n += l->weight[i * l->out + o] != 0;
	return (double)n;
}

struct neurobench neurobench_ann(const struct mlp *m, const struct samples *s)
{
	struct neurobench r = of_weights(m, sizeof(float));
	struct mlp_pass *p = mlp_pass_new(m);
	double macs = 0, zeros = 0, units = 0;
	for (size_t n = 0; n < s->n; n++) {
		mlp_forward(m, samples_input(s, n), p);
		for (size_t k = 0; k < m->layers; k++) {
			const struct mlp_layer *l = &m->layer[k];
			const double *x = k > 0 ? p->unit[k - 1] : samples_input(s, n);
			for (size_t i = 0; i < l->in; i++) {
				if (x[i] != 0) macs += fan_out(l, i);
				zeros += k > 0 && x[i] == 0;
				units += k > 0;
			}
		}
	}
	mlp_pass_free(m, p);
	r.activation_sparsity = units > 0 ? zeros / units : 0;
	r.eff_macs = macs / (double)s->n;
	r.executions = 1;
	return r;
}

struct neurobench neurobench_snn(
    const struct mlp *m, const struct spiking_score *score, size_t steps, size_t weight_bytes)
{
	struct neurobench r = of_weights(m, weight_bytes);
	double spikes = 0, units = 0;
	for (size_t k = 1; k < m->layers; k++) {
		spikes += score->rate[k] * (double)m->layer[k].in;
		units += (double)m->layer[k].in;
	}
	r.footprint_bytes += sizeof(double) * ((double)m->layer[0].in + mlp_units(m));
	r.activation_sparsity = units > 0 ? 1 - spikes / units : 0;
	r.eff_acs = score->synaptic_ops / (double)steps;
	r.executions = (double)steps;
	r.updates = score->updates;
	return r;
}
