/* Group "digits": the classifier as a perceptron and as spiking networks, on the same images. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/spiking/ann.h"
#include "bench/spiking/classifier.h"
#include "bench/spiking/digits_table.h"
#include "bench/spiking/neurobench.h"
#include "bench/suite/suite.h"

enum {
	IMAGES = 64,     /* of the test, answered in a call */
	PLAIN_IMAGES = 3 /* compared with the twins */
};

/* What the cases share; freed with the last of them. */
struct bed {
	struct classifier classifier;
	double ann_accuracy[CLASSIFIER_NETS];
	struct neurobench ann[CLASSIFIER_NETS];
	float image[IMAGES * DIGITS_PIXELS];
	int users;
};

static void bed_release(struct bed *b)
{
	if (--b->users > 0) return;
	classifier_free(&b->classifier);
	free(b);
}

static const double *image(const struct bed *b, size_t i)
{
	return samples_input(&b->classifier.digits.test, i);
}

static void put_key(struct bench_case *c, const char *name, double value)
{
	c->key[c->keys++] = (struct bench_key){ name, value };
}

/* ---- the perceptron ---- */

struct ann_run {
	struct bed *bed;
	struct ann *ann;
};

static void ann_run(void *ctx)
{
	struct ann_run *r = ctx;
	for (size_t i = 0; i < IMAGES; i += r->ann->batch)
		ann_forward(r->ann, r->bed->image + i * DIGITS_PIXELS, r->ann->batch);
}

static double ann_error(void *ctx)
{
	struct ann_run *r = ctx;
	const struct mlp *m = r->bed->classifier.net[0];
	const size_t last = m->layers - 1, batch = r->ann->batch;
	struct mlp_pass *p = mlp_pass_new(m);
	double apart = 0, largest = 0;
	for (size_t i = 0; i < IMAGES; i += batch) {
		const float *got = ann_forward(r->ann, r->bed->image + i * DIGITS_PIXELS, batch);
		for (size_t k = 0; k < batch; k++, got += r->ann->layer[last].stride) {
			mlp_forward(m, image(r->bed, i + k), p);
			for (size_t o = 0; o < m->layer[last].out; o++) {
				apart = fmax(apart, fabs((double)got[o] - p->unit[last][o]));
				largest = fmax(largest, fabs(p->unit[last][o]));
			}
		}
	}
	mlp_pass_free(m, p);
	return apart / largest;
}

static void ann_end(void *ctx)
{
	struct ann_run *r = ctx;
	ann_free(r->ann);
	bed_release(r->bed);
	free(r);
}

static void add_ann(struct suite *s, struct bed *b, size_t batch)
{
	struct ann_run *r = mem_new(1, sizeof *r);
	const struct neurobench *n = &b->ann[0];
	*r = (struct ann_run){ b, ann_new(b->classifier.net[0], batch) };
	struct bench_case c = { .kernel = DIGITS_ANN,
		.threads = 1,
		.pages = "",
		.flops = IMAGES * ann_flops(r->ann),
		.bytes = IMAGES * ann_bytes(r->ann, batch),
		.items = IMAGES * n->dense_ops,
		.item = "MAC",
		.ctx = r,
		.run = ann_run,
		.error = ann_error,
		.error_max = 1e-5,
		.free = ann_end };
	snprintf(c.shape, sizeof c.shape, CLASSIFIER_WIDTHS ", %d in %zus", IMAGES, batch);
	put_key(&c, "images", IMAGES);
	put_key(&c, "batch", (double)batch);
	put_key(&c, "tested", (double)b->classifier.digits.test.n);
	put_key(&c, "accuracy", b->ann_accuracy[0]);
	put_key(&c, "connection_sparsity", n->connection_sparsity);
	put_key(&c, "activation_sparsity", n->activation_sparsity);
	put_key(&c, "footprint", n->footprint_bytes);
	put_key(&c, "dense_ops", n->dense_ops);
	put_key(&c, "eff_macs", n->eff_macs);
	b->users++;
	suite_add(s, &c);
}

/* ---- spiking networks ---- */

struct snn_run {
	struct bed *bed;
	struct converted net;
	size_t steps;
};

static void snn_run_images(void *ctx)
{
	struct snn_run *r = ctx;
	for (size_t i = 0; i < IMAGES; i++) converted_run(&r->net, image(r->bed, i), r->steps);
}

/* Membranes of the last layer beside the twins'. */
static double snn_error(void *ctx)
{
	struct snn_run *r = ctx;
	const struct lif_bank *last = &r->net.snn->population[r->net.layers].bank;
	double apart = 0;
	for (size_t i = 0; i < PLAIN_IMAGES; i++) {
		double got[DIGITS_CLASSES];
		converted_run(&r->net, image(r->bed, i), r->steps);
		for (size_t o = 0; o < DIGITS_CLASSES; o++) got[o] = last->v[o];
		converted_run_plain(&r->net, image(r->bed, i), r->steps);
		for (size_t o = 0; o < DIGITS_CLASSES; o++)
			apart = fmax(apart, fabs(got[o] - last->v[o]));
	}
	return apart;
}

static void snn_end(void *ctx)
{
	struct snn_run *r = ctx;
	converted_free(&r->net);
	bed_release(r->bed);
	free(r);
}

struct variant {
	size_t net, steps;
	double leak_steps;
	enum synapse_format format;
	bool quick; /* measured in a short run, too */
};

static const struct variant variants[] = {
	{ 0, 1, INFINITY, SYNAPSES_F32, false },
	{ 0, 2, INFINITY, SYNAPSES_F32, false },
	{ 0, 4, INFINITY, SYNAPSES_F32, true },
	{ 0, 8, INFINITY, SYNAPSES_F32, false },
	{ 0, 16, INFINITY, SYNAPSES_F32, true },
	{ 0, 32, INFINITY, SYNAPSES_F32, false },
	{ 0, 64, INFINITY, SYNAPSES_F32, true },
	{ 0, 128, INFINITY, SYNAPSES_F32, false },
	{ 0, 256, INFINITY, SYNAPSES_F32, false },
	{ 0, 16, 20, SYNAPSES_F32, false },
	{ 1, 16, INFINITY, SYNAPSES_F32, false },
	{ 2, 16, INFINITY, SYNAPSES_F32, false },
	{ 3, 16, INFINITY, SYNAPSES_F32, false },
	{ 0, 4, INFINITY, SYNAPSES_I8, false },
	{ 0, 16, INFINITY, SYNAPSES_I8, false },
	{ 0, 64, INFINITY, SYNAPSES_I8, false },
	{ 3, 16, INFINITY, SYNAPSES_I8, false },
};

static size_t weight_bytes(const struct variant *v)
{
	return v->format == SYNAPSES_I8 ? sizeof(int8_t) : sizeof(float);
}

/* Measured on the whole test. */
static void put_score(
    struct bench_case *c, const struct bed *b, const struct variant *v, struct converted *net)
{
	const struct mlp *m = b->classifier.net[v->net];
	const struct samples *test = &b->classifier.digits.test;
	const struct spiking_score s = converted_score(net, test, v->steps);
	const struct neurobench n = neurobench_snn(m, &s, v->steps, weight_bytes(v));
	put_key(c, "images", IMAGES);
	put_key(c, "steps", (double)v->steps);
	if (!isinf(v->leak_steps)) put_key(c, "leak_steps", v->leak_steps);
	put_key(c, "weight_bits", 8 * (double)weight_bytes(v));
	put_key(c, "tested", (double)test->n);
	put_key(c, "accuracy", s.accuracy);
	put_key(c, "ann_accuracy", b->ann_accuracy[v->net]);
	put_key(c, "ann_eff_macs", b->ann[v->net].eff_macs);
	put_key(c, "connection_sparsity", n.connection_sparsity);
	put_key(c, "activation_sparsity", n.activation_sparsity);
	put_key(c, "footprint", n.footprint_bytes);
	put_key(c, "dense_ops", n.dense_ops);
	put_key(c, "eff_acs", n.eff_acs);
	put_key(c, "updates", n.updates);
	for (size_t k = 0; k < net->layers; k++) put_key(c, digits_rate_key[k], s.rate[k]);
}

/* Work of a call: a delivery adds a weight to a sum, and reads it and where it goes. */
static void declare(struct bench_case *c, struct snn_run *r, enum synapse_format format)
{
	const struct snn_count before = r->net.snn->count;
	snn_run_images(r);
	const double ops = (double)(r->net.snn->count.synaptic_ops - before.synaptic_ops);
	const double updates = (double)(r->net.snn->count.updates - before.updates);
	const double i8 = sizeof(uint16_t) + sizeof(int8_t), f32 = sizeof(uint32_t) + sizeof(float);
	c->flops = ops + updates * lif_flops(LIF_DELTA);
	c->bytes = ops * (format == SYNAPSES_I8 ? i8 : f32) + updates * lif_bytes(LIF_DELTA);
	c->items = ops;
}

static void name_shape(struct bench_case *c, const struct variant *v)
{
	char leak[16] = "", zeros[16] = "";
	if (!isinf(v->leak_steps)) snprintf(leak, sizeof leak, ", leak %.0f", v->leak_steps);
	if (v->net > 0)
		snprintf(zeros, sizeof zeros, ", %.0f %% zeros", 100 * classifier_zeros[v->net]);
	char *name = mem_print(CLASSIFIER_WIDTHS ", %zu steps%s%s%s", v->steps, leak, zeros,
	    v->format == SYNAPSES_I8 ? ", i8" : "");
	assert(strlen(name) < sizeof c->shape);
	memcpy(c->shape, name, strlen(name) + 1);
	free(name);
}

static void add_snn(struct suite *s, struct bed *b, const struct variant *v)
{
	struct conversion how = conversion_usual;
	struct snn_run *r = mem_new(1, sizeof *r);
	struct bench_case c = { .kernel = DIGITS_SNN,
		.threads = 1,
		.pages = "",
		.item = "syn.op",
		.ctx = r,
		.run = snn_run_images,
		.error = snn_error,
		.error_max = 0,
		.free = snn_end };
	how.leak_steps = v->leak_steps;
	how.format = v->format;
	*r = (struct snn_run){ b,
		convert(b->classifier.net[v->net], &b->classifier.digits.train, &how), v->steps };
	put_score(&c, b, v, &r->net);
	declare(&c, r, v->format);
	name_shape(&c, v);
	b->users++;
	suite_add(s, &c);
}

/* ---- the group ---- */

/* Whole network first, pruned ones as they are asked for. */
static void prepare(struct bed *b, size_t net)
{
	const struct samples *test = &b->classifier.digits.test;
	if (net > 0 && !b->classifier.net[net]) classifier_prune(&b->classifier, net);
	b->ann_accuracy[net] = mlp_accuracy(b->classifier.net[net], test);
	b->ann[net] = neurobench_ann(b->classifier.net[net], test);
}

/* NULL after a note. */
static struct bed *bed_new(struct suite *s)
{
	const char *path = suite_digits(s) ? suite_digits(s) : DIGITS_PATH;
	struct bed *b = mem_new(1, sizeof *b);
	struct err_list *e = err_new();
	if (access(path, R_OK))
		suite_note(s,
		    "no %s: install python3-sklearn (apt install --no-install-recommends), "
		    "or name the file with --digits",
		    path);
	else if (!classifier_learn(&b->classifier, path, e))
		suite_note(s, "%s is no file of digits; --digits=%s says why", path, path);
	else if (b->classifier.digits.test.n < IMAGES)
		suite_note(s, "%s has fewer than %d digits", path, IMAGES * DIGITS_TEST_EACH);
	else {
		prepare(b, 0);
		for (size_t i = 0; i < IMAGES * DIGITS_PIXELS; i++)
			b->image[i] = (float)b->classifier.digits.test.input[i];
		err_free(e);
		return b;
	}
	err_free(e);
	classifier_free(&b->classifier);
	free(b);
	return NULL;
}

static void add(struct suite *s)
{
	struct bed *b = bed_new(s);
	if (!b) return;
	add_ann(s, b, 1);
	add_ann(s, b, IMAGES);
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
		const struct variant *v = &variants[i];
		if (suite_quick(s) && !v->quick) continue;
		if (!b->classifier.net[v->net]) prepare(b, v->net);
		add_snn(s, b, v);
	}
}

const struct bench_group bench_digits = {
	.name = "digits",
	.about =
	    "a trained classifier as a perceptron and as spiking networks, with their accuracy",
	.add = add,
	.weight = 0.5,
	.conclude = digits_print,
};
