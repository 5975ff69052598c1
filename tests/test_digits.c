/* A classifier of handwritten digits: its data, its training, and what it is as a network of
 * spiking neurons. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "bench/spiking/ann.h"
#include "bench/spiking/classifier.h"
#include "bench/spiking/neurobench.h"
#include "tests/unit.h"

/* ---- the data ---- */

/* A file of n digits: digit i has i % 17 in pixel i % 64 and is an i % 10. */
static void write_digits(const char *path, int n, const char *more)
{
	FILE *f = fopen(path, "w");
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < DIGITS_PIXELS; k++)
			fprintf(f, "%d,", k == i % DIGITS_PIXELS ? i % 17 : 0);
		fprintf(f, "%d\n", i % 10);
	}
	fputs(more, f);
	fclose(f);
}

static char *scratch(const char *name)
{
	return mem_print("/tmp/hearth-digits-%ld-%s", (long)getpid(), name);
}

static void check_twenty_three(const char *path)
{
	struct err_list *e = err_new();
	struct digits d;
	cr_assert(digits_read(&d, path, e));
	cr_assert(eq(sz, d.train.n, 19));
	cr_assert(eq(sz, d.test.n, 4)); /* rows 5, 10, 15 and 20: digits 4, 9, 14, 19 */
	for (size_t i = 0; i < 4; i++) {
		size_t row = 5 * i + 4;
		cr_assert(eq(int, d.test.label[i], row % 10));
		cr_assert(eq(dbl, samples_input(&d.test, i)[row], (double)(row % 17) / 16));
	}
	cr_assert(eq(int, d.train.label[4], 5)); /* after 0, 1, 2, 3 */
	cr_assert(eq(dbl, samples_input(&d.train, 18)[22], 5.0 / 16));
	digits_free(&d);
	err_free(e);
}

Test(digits, files_are_read_plain_and_compressed)
{
	char *path = scratch("plain.csv"), *packed = scratch("packed.csv.gz");
	char *command = mem_print("gzip -c %s >%s", path, packed);
	write_digits(path, 23, "");
	check_twenty_three(path);
	cr_assert(eq(int, system(command), 0));
	check_twenty_three(packed);
	unlink(path);
	unlink(packed);
	free(command);
	free(packed);
	free(path);
}

/* What is told of a file, without the place. */
static void check_fault(const char *path, const char *told)
{
	struct err_list *e = err_new();
	struct digits d;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	cr_assert(not(digits_read(&d, path, e)));
	err_print(e, out);
	fclose(out);
	cr_assert(strstr(text, told) != NULL, "'%s' is not in: %s", told, text);
	digits_free(&d);
	err_free(e);
	free(text);
}

Test(digits, faults_are_told_with_their_place)
{
	char *path = scratch("faults.csv");
	write_digits(path, 11, "0,5,4\n");
	check_fault(path, ":12: error: 3 fields; a digit is 64 pixels and what it shows");
	write_digits(path, 3, "");
	check_fault(path, "3 digits; at least 10 are needed");
	unlink(path);
	check_fault(path, "cannot read: No such file");
	free(path);
}

Test(digits, pixels_and_answers_have_their_ranges)
{
	static const struct {
		const char *pixel, *label, *told;
	} row[] = {
		{ "17", "3", ":1:3: error: '17' is not a whole number from 0 to 16" },
		{ "-1", "3", "'-1' is not a whole" },
		{ "2.5", "3", "'2.5' is not a whole" },
		{ "ink", "3", "'ink' is not a whole" },
		{ "16", "10", "'10' is not a whole number from 0 to 9" },
	};
	char *path = scratch("ranges.csv");
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		FILE *f = fopen(path, "w");
		for (int k = 0; k < 64; k++) fprintf(f, "%s,", k == 1 ? row[i].pixel : "0");
		fprintf(f, "%s\n", row[i].label);
		fclose(f);
		check_fault(path, row[i].told);
	}
	unlink(path);
	free(path);
}

Test(digits, damaged_archives_are_refused)
{
	char *path = scratch("damaged.csv.gz");
	FILE *f = fopen(path, "w");
	fputs("\x1f\x8b\x08 and no more of it", f);
	fclose(f);
	check_fault(path, "gzip cannot decompress it");
	unlink(path);
	free(path);
}

/* ---- perceptrons ---- */

/* n samples of `inputs` numbers from -1 to 1, some of them 0. */
static struct samples drawn(size_t n, size_t inputs, size_t classes, uint64_t seed)
{
	struct pcg64 g = rng_stream(seed, 0, rng_entity("test"), RNG_TEST);
	double *x = mem_new(n * inputs, sizeof *x);
	uint8_t *label = mem_new(n, 1);
	for (size_t i = 0; i < n * inputs; i++) x[i] = i % 5 == 3 ? 0 : 2 * pcg64_unit(&g) - 1;
	for (size_t i = 0; i < n; i++) label[i] = (uint8_t)(pcg64_unit(&g) * (double)classes);
	return (struct samples){ n, inputs, x, label };
}

static void free_drawn(struct samples *s)
{
	free((void *)s->input);
	free((void *)s->label);
}

/* Cross-entropy of all samples, apart from the code under test but for the forward pass. */
static double loss(const struct mlp *m, const struct samples *s)
{
	struct mlp_pass *p = mlp_pass_new(m);
	const struct mlp_layer *last = &m->layer[m->layers - 1];
	double sum = 0;
	for (size_t i = 0; i < s->n; i++) {
		double all = 0;
		mlp_forward(m, samples_input(s, i), p);
		for (size_t o = 0; o < last->out; o++) all += exp(p->unit[m->layers - 1][o]);
		sum += log(all) - p->unit[m->layers - 1][s->label[i]];
	}
	mlp_pass_free(m, p);
	return sum;
}

/* The slope by central differences; their error is of the order of h^2. */
static double slope(const struct mlp *m, const struct samples *s, double *parameter)
{
	const double h = 1e-5, was = *parameter;
	*parameter = was + h;
	double above = loss(m, s);
	*parameter = was - h;
	double below = loss(m, s);
	*parameter = was;
	return (above - below) / (2 * h);
}

Test(digits, gradients_are_finite_differences)
{
	static const size_t width[] = { 3, 7, 5, 4 };
	struct mlp *m = mlp_new(width, 3, 11), *g = mlp_new(width, 3, 12);
	struct mlp_pass *p = mlp_pass_new(m);
	struct samples s = drawn(13, 3, 4, 5);
	double all = 0, largest = 0;
	for (size_t k = 0; k < 3; k++) {
		struct mlp_layer *l = &g->layer[k];
		memset(l->weight, 0, l->in * l->out * sizeof *l->weight);
		for (size_t o = 0; o < l->out; o++) m->layer[k].bias[o] = 0.1 * (double)(o + 1);
	}
	for (size_t i = 0; i < s.n; i++) all += mlp_gradient(m, &s, i, p, g);
	cr_assert(epsilon_eq(dbl, all, loss(m, &s), 1e-12 * all));
	for (size_t k = 0; k < 3; k++) {
		struct mlp_layer *l = &m->layer[k];
		for (size_t i = 0; i < l->in * l->out; i++) {
			double want = slope(m, &s, l->weight + i);
			cr_assert(epsilon_eq(dbl, g->layer[k].weight[i], want, 1e-7), "%zu %zu", k, i);
			largest = fmax(largest, fabs(want));
		}
		for (size_t o = 0; o < l->out; o++)
			cr_assert(epsilon_eq(dbl, g->layer[k].bias[o], slope(m, &s, l->bias + o), 1e-7));
	}
	cr_assert(gt(dbl, largest, 0.1));
	free_drawn(&s);
	mlp_pass_free(m, p);
	mlp_free(m);
	mlp_free(g);
}

/* 60 % of 7 x 5 weights and of 5 x 3: 21 and 9 are gone, and training does not bring them back;
 * the others move, but for those of units that are mute. */
Test(digits, pruned_weights_stay_away)
{
	static const size_t width[] = { 7, 5, 3 };
	static const struct mlp_training t = { .epochs = 3, .batch = 4, .rate = 0.1,
		.momentum = 0.9, .seed = 3 };
	struct mlp *m = mlp_new(width, 2, 1);
	struct samples s = drawn(31, 7, 3, 9);
	cr_assert(eq(dbl, mlp_connections(m), 50));
	mlp_prune(m, 0.6);
	cr_assert(eq(dbl, mlp_connections(m), 20));
	cr_assert(eq(dbl, mlp_weights(m), 50));
	struct mlp *before = mlp_copy(m);
	mlp_train(m, &s, &t);
	size_t moved = 0;
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < m->layer[k].in * m->layer[k].out; i++) {
			double was = before->layer[k].weight[i], is = m->layer[k].weight[i];
			moved += is != was;
			if (was == 0) cr_assert(eq(dbl, is, 0));
		}
	cr_assert(ge(sz, moved, 10));
	free_drawn(&s);
	mlp_free(before);
	mlp_free(m);
}

/* Sums of at most 71 products of numbers to 1 and their rounding in f32: 71 x 6e-8 of the
 * largest, twice for the layer before. 11 samples are two batches of 4 and three single. */
Test(digits, f32_agrees_with_doubles)
{
	static const size_t width[] = { 71, 69, 19, 10 };
	enum { N = 11 };
	struct mlp *m = mlp_new(width, 3, 4);
	struct mlp_pass *p = mlp_pass_new(m);
	struct samples s = drawn(N, 71, 10, 13);
	float x[N * 71];
	m->layer[0].bias[5] = 0.7;
	m->layer[2].bias[9] = -0.3;
	struct ann *a = ann_new(m, N);
	for (size_t i = 0; i < N * 71; i++) x[i] = (float)s.input[i];
	const float *y = ann_forward(a, x, N);
	for (size_t i = 0; i < N; i++) {
		mlp_forward(m, samples_input(&s, i), p);
		for (size_t o = 0; o < 10; o++)
			cr_assert(epsilon_eq(dbl, (double)y[i * a->layer[2].stride + o], p->unit[2][o],
			    1e-5), "%zu %zu", i, o);
	}
	cr_assert(eq(dbl, ann_flops(a), 2 * (71 * 69 + 69 * 19 + 19 * 10)));
	ann_free(a);
	free_drawn(&s);
	mlp_pass_free(m, p);
	mlp_free(m);
}

/* ---- conversion ---- */

/* 2-2-2. With inputs (1/2, 1) the hidden units are 2 x0 + x1 = 2 and x0 - 3/4 x1 + 3/4 = 1/2,
 * the outputs h0 - 2 h1 + 1/4 = 5/4 and h0/2 + 2 h1 = 2: both layers' scale is 2. */
static struct mlp *small(void)
{
	static const size_t width[] = { 2, 2, 2 };
	struct mlp *m = mlp_new(width, 2, 1);
	const double w0[] = { 2, 1, 1, -0.75 }, w1[] = { 1, 0.5, -2, 2 };
	memcpy(m->layer[0].weight, w0, sizeof w0);
	memcpy(m->layer[1].weight, w1, sizeof w1);
	m->layer[0].bias[1] = 0.75;
	m->layer[1].bias[0] = 0.25;
	return m;
}

static const double half_and_one[] = { 0.5, 1 };
static const uint8_t second = 1;
static const struct samples only = { 1, 2, half_and_one, &second };

/* Four steps by hand. In units of scales the hidden weights are x0: 1, 1/2, x1: 1/2, -3/8, the
 * bias of h1 3/8; those of the outputs are as they are, the bias 1/8. Membranes begin at 1/2, a
 * spike needs more than 1:
 *     x0  1, 3/2 fires, 1, 3/2 fires                    x1  fires in each of the four
 *     h0  gets 1/2, 3/2, 1/2, 3/2: 1, 5/2 fires, 2 fires, 5/2 fires
 *     h1  gets -3/8, 1/8, -3/8, 1/8 and 3/8 each: 1/2, 1, 1, 3/2 fires
 *     outputs: 3 - 2 + 4/8 = 3/2 and 3/2 + 2 = 7/2 */
Test(digits, four_steps_are_those_done_by_hand)
{
	const struct conversion c = { .quantile = 1, .leak_steps = INFINITY,
		.format = SYNAPSES_F32 };
	struct mlp *m = small();
	struct converted n = convert(m, &only, &c);
	const struct population *p = n.snn->population;
	cr_assert(eq(sz, converted_run(&n, half_and_one, 4), 1));
	cr_assert(eq(dbl, p[2].bank.v[0], 1.5));
	cr_assert(eq(dbl, p[2].bank.v[1], 3.5));
	static const uint32_t spikes[2][2] = { { 2, 4 }, { 3, 1 } };
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < 2; i++)
			cr_assert(eq(u32, p[k].bank.spikes[i], spikes[k][i]), "%zu %zu", k, i);
	struct spiking_score s = converted_score(&n, &only, 4);
	cr_assert(eq(dbl, s.accuracy, 1));
	cr_assert(eq(dbl, s.rate[0], 6.0 / 8));
	cr_assert(eq(dbl, s.rate[1], 4.0 / 8));
	cr_assert(eq(dbl, s.spikes, 10));
	cr_assert(eq(dbl, s.synaptic_ops, 20));
	cr_assert(eq(dbl, s.updates, 4 * 6));
	converted_free(&n);
	mlp_free(m);
}

/* Half of the charge is gone after ln 2 time constants. h0 of the network above, one step each
 * of time constant 1 / ln 2: 1/4 + 1/2, then 3/8 + 3/2 fires. */
Test(digits, membranes_leak_where_asked)
{
	const struct conversion c = { .quantile = 1, .leak_steps = 1 / log(2),
		.format = SYNAPSES_F32 };
	struct mlp *m = small();
	struct converted n = convert(m, &only, &c);
	converted_run(&n, half_and_one, 1);
	cr_assert(epsilon_eq(dbl, n.snn->population[1].bank.v[0], 0.75, 1e-15));
	converted_run(&n, half_and_one, 2);
	cr_assert(epsilon_eq(dbl, n.snn->population[1].bank.v[0], 0.375 + 1.5 - 1, 1e-15));
	converted_free(&n);
	mlp_free(m);
}

/* Of the network above with its first hidden weight taken away: 8 weights, 7 not 0; the sample
 * has no input of 0, its hidden units are 1 and 1/2, an output of 0 none. Pruned so, x0's
 * spikes are an operation less each. */
Test(digits, neurobench_counts_by_its_definitions)
{
	const struct conversion c = { .quantile = 1, .leak_steps = INFINITY,
		.format = SYNAPSES_F32 };
	struct mlp *m = small();
	m->layer[0].weight[0] = 0;
	struct neurobench a = neurobench_ann(m, &only);
	cr_assert(eq(dbl, a.footprint_bytes, 4 * (8 + 4)));
	cr_assert(eq(dbl, a.connection_sparsity, 1.0 / 8));
	cr_assert(eq(dbl, a.activation_sparsity, 0));
	cr_assert(eq(dbl, a.dense_ops, 8));
	cr_assert(eq(dbl, a.eff_macs, 7));
	cr_assert(eq(dbl, a.eff_acs, 0));
	struct converted n = convert(m, &only, &c);
	struct spiking_score score = converted_score(&n, &only, 8);
	struct neurobench s = neurobench_snn(m, &score, 8, 1);
	double hidden = 8 * 2 * score.rate[1];
	cr_assert(eq(dbl, s.footprint_bytes, 8 + 4 * 4 + 8 * 6));
	cr_assert(eq(dbl, s.activation_sparsity, 1 - score.rate[1]));
	cr_assert(eq(dbl, s.eff_macs, 0));
	cr_assert(eq(dbl, 8 * s.eff_acs, 4 + 2 * 8 + 2 * hidden)); /* x0 fires 4 times, x1 8 */
	cr_assert(eq(dbl, s.executions, 8));
	cr_assert(eq(dbl, s.updates, 48));
	m->layer[0].bias[0] = -5; /* h0 is 0 */
	a = neurobench_ann(m, &only);
	cr_assert(eq(dbl, a.activation_sparsity, 0.5));
	cr_assert(eq(dbl, a.eff_macs, 5));
	converted_free(&n);
	mlp_free(m);
}

/* ---- the classifier ---- */

static struct classifier ready(void)
{
	struct classifier c;
	struct err_list *e = err_new();
	if (access(DIGITS_PATH, R_OK))
		cr_skip_test("no %s: install python3-sklearn to run this", DIGITS_PATH);
	cr_assert(classifier_learn(&c, DIGITS_PATH, e));
	err_free(e);
	return c;
}

/* Linear classifiers reach 0.93 to 0.95 on parts of this set. */
Test(digits, perceptron_knows_more_than_95_percent)
{
	struct classifier c = ready();
	cr_assert(eq(sz, c.digits.train.n, 1438));
	cr_assert(eq(sz, c.digits.test.n, 359));
	cr_assert(ge(dbl, mlp_accuracy(c.net[0], &c.digits.test), 0.95));
	classifier_free(&c);
}

/* The accuracy of the perceptron is reached with steps, and not before: few steps have few
 * levels. What delivery counts is each spike's fan-out; encoders fire at the rate of their
 * pixel, to half a spike. */
Test(digits, spiking_network_is_within_2_points_at_64_steps)
{
	struct classifier c = ready();
	const struct samples *test = &c.digits.test;
	const double ann = mlp_accuracy(c.net[0], test);
	struct converted n = convert(c.net[0], &c.digits.train, &conversion_usual);
	struct spiking_score s = converted_score(&n, test, 64);
	double ink = 0, ops = 0;
	cr_assert(ge(dbl, s.accuracy, ann - 0.02));
	cr_assert(lt(dbl, converted_score(&n, test, 1).accuracy, ann - 0.1));
	for (size_t i = 0; i < test->n * test->inputs; i++)
		ink += test->input[i] / (double)(test->n * test->inputs);
	cr_assert(epsilon_eq(dbl, s.rate[0], ink, 0.5 / 64));
	for (size_t k = 0; k < n.layers; k++)
		ops += 64 * s.rate[k] * (double)(c.net[0]->layer[k].in * c.net[0]->layer[k].out);
	cr_assert(epsilon_eq(dbl, s.synaptic_ops, ops, 1e-9 * ops));
	converted_free(&n);
	classifier_free(&c);
}

Test(digits, kernels_agree_with_their_twins_bit_by_bit)
{
	struct classifier c = ready();
	struct conversion leaky = conversion_usual;
	leaky.leak_steps = 20;
	for (int k = 0; k < 2; k++) {
		struct converted n =
		    convert(c.net[0], &c.digits.train, k > 0 ? &leaky : &conversion_usual);
		const struct lif_bank *last = &n.snn->population[n.layers].bank;
		for (size_t i = 0; i < 23; i++) {
			double got[DIGITS_CLASSES];
			converted_run(&n, samples_input(&c.digits.test, i), 19);
			memcpy(got, last->v, sizeof got);
			converted_run_plain(&n, samples_input(&c.digits.test, i), 19);
			cr_assert(eq(int, memcmp(got, last->v, sizeof got), 0), "sample %zu", i);
		}
		converted_free(&n);
	}
	classifier_free(&c);
}

/* Pruned and trained once more, nine weights of ten gone cost a few points at most; without
 * training they would cost tens. */
Test(digits, pruned_networks_still_know_their_digits)
{
	struct classifier c = ready();
	for (size_t i = 1; i < CLASSIFIER_NETS; i++) {
		classifier_prune(&c, i);
		const double left = mlp_connections(c.net[i]) / mlp_weights(c.net[i]);
		cr_assert(epsilon_eq(dbl, left, 1 - classifier_zeros[i], 1e-3));
		cr_assert(ge(dbl, mlp_accuracy(c.net[i], &c.digits.test), 0.93));
	}
	classifier_free(&c);
}
