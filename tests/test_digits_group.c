/* Group "digits" of hearth bench: what it says of its rows, and what it hands to scenarios. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "bench/spiking/classifier.h"
#include "bench/spiking/digits_network.h"
#include "bench/spiking/digits_table.h"
#include "bench/suite/run.h"
#include "tests/unit.h"

/* Data that are not there are no fault: the group says how to get them and has no cases. */
Test(digits_group, is_empty_without_data)
{
	const struct bench_group *group = &bench_digits;
	struct bench_file f;
	char *text = NULL;
	size_t size;
	FILE *notes = open_memstream(&text, &size);
	bench_file_init(&f);
	suite_run(&(struct suite_plan){ .group = &group, .groups = 1, .quick = true, .threads = 1,
	    .digits = "/nowhere/digits.csv", .budget_s = 0.1, .notes = notes }, &f);
	fclose(notes);
	cr_assert(eq(sz, f.rows, 0));
	cr_assert(strstr(text, "digits: no /nowhere/digits.csv: install python3-sklearn") != NULL,
	    "%s", text);
	free(text);
	bench_file_fini(&f);
}

static struct bench_row *add_row(struct bench_file *f, const char *kernel,
    const struct bench_row_key *key, size_t keys, double cpu_s)
{
	struct bench_row *r = bench_file_add(f);
	snprintf(r->kernel, sizeof r->kernel, "%s", kernel);
	memcpy(r->key, key, keys * sizeof *key);
	r->keys = keys;
	r->threads = 1;
	bench_row_sample(r, (struct bench_sample){ 3 * cpu_s, cpu_s, 1, 0 });
	return r;
}

/* 64 images: alone 2 us each, in batches 1 us; by spikes 60 us. 1000 weights, a fifth of them
 * away; 7 steps of 400 additions: k = 7 x 400 / 800 = 3.5. */
static void fill(struct bench_file *f, double bits, double leak)
{
	struct bench_row_key ann[] = { { "images", 64 }, { "batch", 1 }, { "tested", 211 },
		{ "accuracy", 0.97 }, { "connection_sparsity", 0 }, { "activation_sparsity", 0.61 },
		{ "footprint", 4321 }, { "dense_ops", 1000 }, { "eff_macs", 555 } };
	const struct bench_row_key snn[] = { { "images", 64 }, { "steps", 7 }, { "tested", 211 },
		{ "weight_bits", bits }, { "accuracy", 0.941 }, { "ann_accuracy", 0.966 },
		{ "ann_eff_macs", 320 }, { "connection_sparsity", 0.2 },
		{ "activation_sparsity", 0.93 }, { "footprint", 1234 }, { "dense_ops", 1000 },
		{ "eff_acs", 400 }, { "updates", 160 }, { "rate_0", 0.31 }, { "rate_1", 0.12 },
		{ "rate_2", 0.05 }, { "leak_steps", leak } };
	const size_t keys = sizeof snn / sizeof *snn;
	bench_file_init(f);
	add_row(f, DIGITS_ANN, ann, 9, 64 * 2e-6);
	ann[1].value = 64;
	add_row(f, DIGITS_ANN, ann, 9, 64 * 1e-6);
	add_row(f, DIGITS_SNN, snn, isnan(leak) ? keys - 1 : keys, 64 * 60e-6)->items = 64 * 2800;
}

static char *table_of(const struct bench_file *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	digits_print(f, out);
	fclose(out);
	return text;
}

/* 60 us / 2800 additions = 21.43 ns; 60 us / 2 us = 30. At 45 nm a membrane's additions are 160 /
 * 800 x 0.9 pJ = 0.18 pJ a synapse, so that the energy is (3.5 x 0.9 + 0.18) / 4.6 = 0.72 of the
 * perceptron's and k* = (4.6 - 0.18) / 0.9 = 4.91. */
Test(digits_group, prints_what_rows_say)
{
	static const char *const line[] = {
		"97.0 % by a perceptron 64-64-64-10, f32, one thread, in 2.00 us an image, 1.00 in",
		"\n    7   20 %   15   32    94.1 %    2.5  0.310  0.120  0.050     2800      160     60.0"
		"   21.43     30\n",
		"\n    7   20 %   15   32    3.50    0.72    4.91",
		"      loses     loses     loses\n",
		"\n                   ANN      4321      0.000      0.610    1000     555          1",
		"\n    7   20 %   15   32      1234      0.200      0.930    1000     400          7"
		"       160\n",
	};
	struct bench_file f;
	fill(&f, 32, 15);
	char *text = table_of(&f);
	for (size_t i = 0; i < sizeof line / sizeof *line; i++)
		cr_assert(strstr(text, line[i]) != NULL, "'%s' is not in %s", line[i], text);
	free(text);
	bench_file_fini(&f);
}

Test(digits_group, prints_nothing_of_other_rows)
{
	struct bench_file f;
	bench_file_init(&f);
	char *text = table_of(&f);
	cr_assert(eq(str, text, (char *)""));
	cr_assert(digits_network_text(&f) == NULL);
	free(text);
	bench_file_fini(&f);
}

/* A weight's bytes from SRAM cost both alike: k* = ((1 - s) (mac + bytes fetch / reuse) - rest)
 * / (add + bytes fetch). A multiplication of int8 is 0.23 pJ, an addition 0.03, one of int32
 * 0.1; of 800 synapses 320 have an input that is not 0. */
Test(digits_group, break_even_is_of_the_rival_named)
{
	const double byte_j = 20e-12 / 8; /* 64 bits from 32 KB */
	static const struct digits_rival skips = { true, true, 1 }, batch = { true, false, 64 };
	struct bench_file f;
	fill(&f, 32, NAN);
	cr_assert(epsilon_eq(dbl, digits_k(&f.row[2]), 3.5, 1e-12));
	cr_assert(epsilon_eq(dbl, digits_break_even(&f.row[2], &skips),
	    (0.4 * (4.6e-12 + 4 * byte_j) - 0.18e-12) / (0.9e-12 + 4 * byte_j), 1e-9));
	bench_file_fini(&f);
	fill(&f, 8, NAN);
	cr_assert(epsilon_eq(dbl, digits_break_even(&f.row[2], &batch),
	    (0.23e-12 + byte_j / 64 - 0.02e-12) / (0.03e-12 + byte_j), 1e-9));
	bench_file_fini(&f);
}

Test(digits_group, networks_are_rows_of_the_catalogue)
{
	static const char want[] =
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<catalogue>\n"
	    "\t<spiking name=\"digits-mlp-7-8bit-zeros-20\" method=\"conversion\" steps=\"7\""
	    " rate=\"0.5\" sparsity=\"0.2\"\n"
	    "\t\tweight-bits=\"8\" accuracy=\"0.941\"\n"
	    "\t\tsource=\"hearth bench digits: scikit-learn's digits by 64-64-64-10, 211 that were"
	    " not learnt from; its perceptron has 96.6 % right\"\n"
	    "\t\tverify=\"derived\">\n"
	    "\t\t<layer neurons=\"64\" fan-out=\"64\" rate=\"0.31\"/>\n"
	    "\t\t<layer neurons=\"64\" fan-out=\"64\" rate=\"0.12\"/>\n"
	    "\t\t<layer neurons=\"64\" fan-out=\"10\" rate=\"0.05\"/>\n"
	    "\t\t<layer neurons=\"10\" fan-out=\"0\" rate=\"0\"/>\n"
	    "\t</spiking>\n"
	    "</catalogue>\n";
	struct bench_file f;
	fill(&f, 8, NAN);
	char *text = digits_network_text(&f);
	cr_assert(eq(str, text, (char *)want));
	free(text);
	bench_file_fini(&f);
}

/* ---- the rows that are shipped ---- */

/* The number of the attribute that comes next after *at, which moves behind it. */
static double next_number(const char **at, const char *attribute)
{
	const char *found = strstr(*at, attribute);
	cr_assert(found != NULL, "no %s", attribute);
	*at = found + strlen(attribute);
	return atof(*at);
}

/* Half a percent of rates and one image of accuracy: libraries of mathematics differ in the
 * last bit of exp(). */
static void check_shipped(const char *catalogue, const char *name, const struct classifier *c,
    size_t net, size_t steps)
{
	struct conversion how = conversion_usual;
	how.format = SYNAPSES_I8;
	struct converted n = convert(c->net[net], &c->digits.train, &how);
	struct spiking_score s = converted_score(&n, &c->digits.test, steps);
	const char *at = strstr(catalogue, name);
	cr_assert(at != NULL, "%s", name);
	cr_assert(eq(dbl, next_number(&at, " steps=\""), (double)steps));
	cr_assert(epsilon_eq(dbl, next_number(&at, " accuracy=\""), s.accuracy, 0.003), "%s", name);
	for (size_t k = 0; k < n.layers; k++)
		cr_assert(epsilon_eq(dbl, next_number(&at, " rate=\""), s.rate[k],
		    0.005 * s.rate[k]), "%s %zu", name, k);
	converted_free(&n);
}

Test(digits_group, catalogue_has_what_is_measured)
{
	struct err_list *e = err_new();
	struct classifier c;
	const char *root = getenv("srcdir");
	char *path = mem_print("%s/data/spiking.xml", root ? root : ".");
	size_t size;
	if (access(DIGITS_PATH, R_OK))
		cr_skip_test("no %s: install python3-sklearn to run this", DIGITS_PATH);
	char *text = file_read(path, FILE_TABLE_MAX, &size, e);
	cr_assert(text != NULL, "%s", path);
	cr_assert(classifier_learn(&c, DIGITS_PATH, e));
	classifier_prune(&c, 3);
	check_shipped(text, "\"digits-mlp-4-8bit\"", &c, 0, 4);
	check_shipped(text, "\"digits-mlp-16-8bit\"", &c, 0, 16);
	check_shipped(text, "\"digits-mlp-64-8bit\"", &c, 0, 64);
	check_shipped(text, "\"digits-mlp-16-8bit-zeros-90\"", &c, 3, 16);
	classifier_free(&c);
	free(text);
	free(path);
	err_free(e);
}
