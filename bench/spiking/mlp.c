#include "bench/spiking/mlp.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/sort.h"

static size_t weights(const struct mlp_layer *l)
{
	return l->in * l->out;
}

static struct mlp *zeros(const size_t *width, size_t layers)
{
	struct mlp *m = mem_new(1, sizeof *m);
	assert(layers > 0 && layers <= MLP_LAYERS_MAX);
	m->layers = layers;
	for (size_t k = 0; k < layers; k++) {
		struct mlp_layer *l = &m->layer[k];
		*l = (struct mlp_layer){ .in = width[k], .out = width[k + 1] };
		l->weight = mem_new(weights(l), sizeof *l->weight);
		l->bias = mem_new(l->out, sizeof *l->bias);
	}
	return m;
}

static struct mlp *zeros_like(const struct mlp *m)
{
	size_t width[MLP_LAYERS_MAX + 1] = { m->layer[0].in };
	for (size_t k = 0; k < m->layers; k++) width[k + 1] = m->layer[k].out;
	return zeros(width, m->layers);
}

struct mlp *mlp_new(const size_t *width, size_t layers, uint64_t seed)
{
	struct mlp *m = zeros(width, layers);
	struct pcg64 g = rng_stream(seed, 0, rng_entity("mlp/weights"), RNG_WEIGHTS);
	for (size_t k = 0; k < layers; k++) {
		struct mlp_layer *l = &m->layer[k];
		double reach = sqrt(6 / (double)l->in); /* a uniform's variance is reach^2 / 3 */
		for (size_t i = 0; i < weights(l); i++)
			l->weight[i] = reach * (2 * pcg64_open(&g) - 1);
	}
	return m;
}

struct mlp *mlp_copy(const struct mlp *m)
{
	struct mlp *c = zeros_like(m);
	for (size_t k = 0; k < m->layers; k++) {
		const struct mlp_layer *l = &m->layer[k];
		memcpy(c->layer[k].weight, l->weight, weights(l) * sizeof *l->weight);
		memcpy(c->layer[k].bias, l->bias, l->out * sizeof *l->bias);
	}
	return c;
}

void mlp_free(struct mlp *m)
{
	if (!m) return;
	for (size_t k = 0; k < m->layers; k++) {
		free(m->layer[k].weight);
		free(m->layer[k].bias);
	}
	free(m);
}

struct mlp_pass *mlp_pass_new(const struct mlp *m)
{
	struct mlp_pass *p = mem_new(1, sizeof *p);
	for (size_t k = 0; k < m->layers; k++) {
		p->unit[k] = mem_new(m->layer[k].out, sizeof *p->unit[k]);
		p->error[k] = mem_new(m->layer[k].out, sizeof *p->error[k]);
	}
	return p;
}

void mlp_pass_free(const struct mlp *m, struct mlp_pass *p)
{
	for (size_t k = 0; k < m->layers; k++) {
		free(p->unit[k]);
		free(p->error[k]);
	}
	free(p);
}

/* y += a x. */
CLONES static void add_scaled(double *restrict y, double a, const double *restrict x, size_t n)
{
	for (size_t i = 0; i < n; i++) y[i] += a * x[i];
}

void mlp_forward(const struct mlp *m, const double *input, struct mlp_pass *p)
{
	for (size_t k = 0; k < m->layers; k++) {
		const struct mlp_layer *l = &m->layer[k];
		const double *x = k > 0 ? p->unit[k - 1] : input;
		double *y = p->unit[k];
		memcpy(y, l->bias, l->out * sizeof *y);
		for (size_t i = 0; i < l->in; i++)
			if (x[i] != 0) add_scaled(y, x[i], l->weight + i * l->out, l->out);
		for (size_t o = 0; o < l->out && k + 1 < m->layers; o++) y[o] = fmax(y[o], 0);
	}
}

size_t mlp_answer(const double *unit, size_t n)
{
	size_t best = 0;
	for (size_t i = 1; i < n; i++)
		if (unit[i] > unit[best]) best = i;
	return best;
}

double mlp_accuracy(const struct mlp *m, const struct samples *s)
{
	struct mlp_pass *p = mlp_pass_new(m);
	const size_t last = m->layers - 1;
	size_t right = 0;
	for (size_t i = 0; i < s->n; i++) {
		mlp_forward(m, samples_input(s, i), p);
		right += mlp_answer(p->unit[last], m->layer[last].out) == s->label[i];
	}
	mlp_pass_free(m, p);
	return (double)right / (double)s->n;
}

/* ---- learning ---- */

/* Loss, and its error by the last sums: probability less 1 for the right class. */
static double softmax_error(const double *sum, double *error, size_t n, size_t right)
{
	const double largest = sum[mlp_answer(sum, n)];
	double all = 0;
	for (size_t i = 0; i < n; i++) all += error[i] = exp(sum[i] - largest);
	for (size_t i = 0; i < n; i++) error[i] = error[i] / all - (i == right);
	return log(all) - (sum[right] - largest);
}

static double dot(const double *a, const double *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
	return sum;
}

double mlp_gradient(
    const struct mlp *m, const struct samples *s, size_t i, struct mlp_pass *p, struct mlp *g)
{
	const size_t last = m->layers - 1;
	const double *input = samples_input(s, i);
	mlp_forward(m, input, p);
	double loss = softmax_error(p->unit[last], p->error[last], m->layer[last].out, s->label[i]);
	for (size_t k = m->layers; k-- > 0;) {
		const struct mlp_layer *l = &m->layer[k];
		const double *x = k > 0 ? p->unit[k - 1] : input, *error = p->error[k];
		add_scaled(g->layer[k].bias, 1, error, l->out);
		for (size_t j = 0; j < l->in; j++) {
			bool on = x[j] != 0; /* else nothing flows through it, either way */
			if (on) add_scaled(g->layer[k].weight + j * l->out, x[j], error, l->out);
			if (k == 0) continue;
			p->error[k - 1][j] = on ? dot(l->weight + j * l->out, error, l->out) : 0;
		}
	}
	return loss;
}

/* Momentum (Polyak 1964): v = momentum v - rate gradient, then w += v where w is not 0. The
 * gradient is zeroed. */
CLONES static void descend(double *restrict w, double *restrict v, double *restrict g, size_t n,
    double rate, double momentum)
{
	for (size_t i = 0; i < n; i++) {
		v[i] = momentum * v[i] - rate * g[i];
		w[i] += w[i] == 0 ? 0 : v[i];
		g[i] = 0;
	}
}

/* Biases begin at 0 and are no connections: they move. */
CLONES static void descend_bias(double *restrict w, double *restrict v, double *restrict g,
    size_t n, double rate, double momentum)
{
	for (size_t i = 0; i < n; i++) {
		v[i] = momentum * v[i] - rate * g[i];
		w[i] += v[i];
		g[i] = 0;
	}
}

/* Fisher and Yates, as in Knuth 1997, "The Art of Computer Programming" 2, algorithm 3.4.2P. */
static void shuffle(size_t *order, size_t n, struct pcg64 *g)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)(pcg64_unit(g) * (double)i), was = order[i - 1];
		order[i - 1] = order[j];
		order[j] = was;
	}
}

struct learner {
	struct mlp *m, *velocity, *gradient;
	struct mlp_pass *pass;
	const struct mlp_training *t;
};

static void step(struct learner *l, double rate)
{
	for (size_t k = 0; k < l->m->layers; k++) {
		struct mlp_layer *w = &l->m->layer[k], *v = &l->velocity->layer[k];
		struct mlp_layer *g = &l->gradient->layer[k];
		descend(w->weight, v->weight, g->weight, weights(w), rate, l->t->momentum);
		descend_bias(w->bias, v->bias, g->bias, w->out, rate, l->t->momentum);
	}
}

void mlp_train(struct mlp *m, const struct samples *s, const struct mlp_training *t)
{
	struct learner l = { m, zeros_like(m), zeros_like(m), mlp_pass_new(m), t };
	struct pcg64 g = rng_stream(t->seed, 0, rng_entity("mlp/order"), RNG_WEIGHTS);
	const size_t batch = (size_t)t->batch;
	const double steps = (double)t->epochs * (double)((s->n + batch - 1) / batch);
	size_t *order = mem_new(s->n, sizeof *order), done = 0;
	assert(t->epochs > 0 && t->batch > 0);
	for (size_t i = 0; i < s->n; i++) order[i] = i;
	for (int epoch = 0; epoch < t->epochs; epoch++) {
		shuffle(order, s->n, &g);
		for (size_t from = 0; from < s->n; from += batch, done++) {
			size_t n = s->n - from < batch ? s->n - from : batch;
			for (size_t i = from; i < from + n; i++)
				mlp_gradient(m, s, order[i], l.pass, l.gradient);
			step(&l, t->rate * (1 - (double)done / steps) / (double)n);
		}
	}
	free(order);
	mlp_pass_free(m, l.pass);
	mlp_free(l.velocity);
	mlp_free(l.gradient);
}

/* ---- connections ---- */

void mlp_prune(struct mlp *m, double share)
{
	assert(share >= 0 && share < 1);
	for (size_t k = 0; k < m->layers; k++) {
		struct mlp_layer *l = &m->layer[k];
		const size_t n = weights(l), gone = (size_t)(share * (double)n);
		double *size = mem_new(n, sizeof *size);
		for (size_t i = 0; i < n; i++) size[i] = fabs(l->weight[i]);
		sort_f64(size, n);
		for (size_t i = 0; i < n && gone > 0; i++)
			if (fabs(l->weight[i]) <= size[gone - 1]) l->weight[i] = 0;
		free(size);
	}
}

double mlp_weights(const struct mlp *m)
{
	size_t n = 0;
	for (size_t k = 0; k < m->layers; k++) n += weights(&m->layer[k]);
	return (double)n;
}

double mlp_connections(const struct mlp *m)
{
	size_t n = 0;
	for (size_t k = 0; k < m->layers; k++)
		for (size_t i = 0; i < weights(&m->layer[k]); i++) n += m->layer[k].weight[i] != 0;
	return (double)n;
}

double mlp_units(const struct mlp *m)
{
	size_t n = 0;
	for (size_t k = 0; k < m->layers; k++) n += m->layer[k].out;
	return (double)n;
}
