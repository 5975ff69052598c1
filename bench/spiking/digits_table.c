#include "bench/spiking/digits_table.h"

#include <math.h>
#include <string.h>

#include "bench/spiking/classifier.h"
#include "models/compute/break_even.h"
#include "models/compute/op_energy.h"

enum { REUSE = 64 };

const char *const digits_rate_key[] = { "rate_0", "rate_1", "rate_2" };

static double synapses(const struct bench_row *r)
{
	return bench_row_key(r, "dense_ops") * (1 - bench_row_key(r, "connection_sparsity"));
}

double digits_k(const struct bench_row *r)
{
	return bench_row_key(r, "eff_acs") * bench_row_key(r, "steps") / synapses(r);
}

/* Arithmetic in the width of the row's weights; membranes of int8's networks are int32. */
struct arithmetic {
	double mac_j, add_j, membrane_j, weight_bytes;
};
static struct arithmetic arithmetic_of(const struct bench_row *r)
{
	const double bytes = bench_row_key(r, "weight_bits") / 8;
	if (bytes > 1)
		return (struct arithmetic){ op_energy[OP_MAC_FP32].j, op_energy[OP_ADD_FP32].j,
			op_energy[OP_ADD_FP32].j, bytes };
	return (struct arithmetic){ op_energy[OP_MAC_INT8].j, op_energy[OP_ADD_INT8].j,
		op_energy[OP_ADD_INT32].j, bytes };
}

/* Membranes have no part in what is fetched: they stay beside their adders. */
static double membranes_j(const struct bench_row *r)
{
	return break_even_rest_j(
	    bench_row_key(r, "updates"), arithmetic_of(r).membrane_j, 0, 0, synapses(r));
}

double digits_break_even(const struct bench_row *r, const struct digits_rival *rival)
{
	const struct arithmetic a = arithmetic_of(r);
	return break_even_k(&(struct break_even_costs){ .mac_j = a.mac_j,
	    .ac_j = a.add_j,
	    .fetch_j = rival->fetches ? a.weight_bytes * op_energy[OP_SRAM_32K].j : 0,
	    .reuse = rival->reuse,
	    .skip_frac = rival->skips ? 1 - bench_row_key(r, "ann_eff_macs") / synapses(r) : 0,
	    .rest_j = membranes_j(r) });
}

/* ---- tables ---- */

static bool is_of(const struct bench_row *r, const char *kernel)
{
	return !strcmp(r->kernel, kernel);
}

static const struct bench_row *ann_row(const struct bench_file *f, double batch)
{
	for (size_t i = 0; i < f->rows; i++)
		if (is_of(&f->row[i], DIGITS_ANN) && bench_row_key(&f->row[i], "batch") == batch)
			return &f->row[i];
	return NULL;
}

/* Processor time of an image. */
static double image_s(const struct bench_row *r)
{
	return bench_row_cpu_s(r) / bench_row_key(r, "images");
}

/* How networks differ: steps, zeros among the weights, leak, bits of a weight. */
static void print_name(const struct bench_row *r, FILE *out)
{
	double leak = bench_row_key(r, "leak_steps");
	char text[16] = "-";
	if (!isnan(leak)) snprintf(text, sizeof text, "%.0f", leak);
	fprintf(out, "%5.0f %4.0f %% %4s %4.0f", bench_row_key(r, "steps"),
	    100 * bench_row_key(r, "connection_sparsity"), text, bench_row_key(r, "weight_bits"));
}

static void each(const struct bench_file *f, double ann_s, FILE *out,
    void (*print)(const struct bench_row *r, double ann_s, FILE *out))
{
	for (size_t i = 0; i < f->rows; i++) {
		if (!is_of(&f->row[i], DIGITS_SNN)) continue;
		print_name(&f->row[i], out);
		print(&f->row[i], ann_s, out);
	}
}

static void print_speed(const struct bench_row *r, double ann_s, FILE *out)
{
	const double accuracy = bench_row_key(r, "accuracy"), s = image_s(r);
	const double ops = bench_row_key(r, "eff_acs") * bench_row_key(r, "steps");
	fprintf(out, " %7.1f %% %6.1f", 100 * accuracy,
	    100 * (bench_row_key(r, "ann_accuracy") - accuracy));
	fprintf(out, " %6.3f %6.3f %6.3f", bench_row_key(r, "rate_0"), bench_row_key(r, "rate_1"),
	    bench_row_key(r, "rate_2"));
	fprintf(out, " %8.0f %8.0f %8.1f %7.2f %6.0f\n", ops, bench_row_key(r, "updates"), 1e6 * s,
	    1e9 * bench_row_cpu_s(r) / r->items, s / ann_s);
}

static const struct digits_rival rival[] = {
	{ false, false, 1 },
	{ true, false, 1 },
	{ true, true, 1 },
	{ true, false, REUSE },
};

static void print_energy(const struct bench_row *r, double ann_s, FILE *out)
{
	const double k = digits_k(r);
	const struct arithmetic a = arithmetic_of(r);
	const double spent_j = k * a.add_j + membranes_j(r);
	(void)ann_s;
	fprintf(out, " %7.2f %7.2f ", k, spent_j / a.mac_j);
	for (size_t i = 0; i < sizeof rival / sizeof *rival; i++)
		fprintf(out, " %6.2f", digits_break_even(r, &rival[i]));
	fputc(' ', out);
	for (int i = 0; i < BREAK_EVEN_LINES; i++)
		fprintf(out, " %9s",
		    break_even_word(
			break_even_judge(&break_even_lines[i], k, (int)bench_row_key(r, "steps"))));
	fputc('\n', out);
}

static void print_metrics(const struct bench_row *r, double ann_s, FILE *out)
{
	(void)ann_s;
	fprintf(out, " %9.0f %10.3f %10.3f %7.0f %7.0f %10.0f %9.0f\n",
	    bench_row_key(r, "footprint"), bench_row_key(r, "connection_sparsity"),
	    bench_row_key(r, "activation_sparsity"), bench_row_key(r, "dense_ops"),
	    bench_row_key(r, "eff_acs"), bench_row_key(r, "steps"), bench_row_key(r, "updates"));
}

static void print_lines(FILE *out)
{
	fputs("a: ", out);
	for (int i = 0; i < BREAK_EVEN_LINES; i++)
		fprintf(out, "%s%s",
		    i == 0   ? ""
		    : i == 1 ? "; b: "
			     : "; c: ",
		    break_even_lines[i].name);
	fputc('\n', out);
}

void digits_print(const struct bench_file *f, FILE *out)
{
	const struct bench_row *one = ann_row(f, 1), *many = ann_row(f, REUSE);
	if (!one || !many) return;
	fprintf(out,
	    "\nDigits of 8 x 8 pixels, %.0f that were not learnt from (every fifth; hands that "
	    "were):\n"
	    "%.1f %% by a perceptron " CLASSIFIER_WIDTHS
	    ", f32, one thread, in %.2f us an image, %.2f in batches of %d.\n"
	    "As a spiking network of T steps; leak: time constant of its membranes, steps; bits of "
	    "weights;\n"
	    "spikes of a neuron and step by layer; operations, updates and time of an image\n"
	    "%5s %6s %4s %4s %9s %6s %6s %6s %6s %8s %8s %8s %7s %6s\n",
	    bench_row_key(one, "tested"), 100 * bench_row_key(one, "accuracy"), 1e6 * image_s(one),
	    1e6 * image_s(many), REUSE, "T", "zeros", "leak", "bits", "accuracy", "lost", "in", "1",
	    "2", "syn.ops", "updates", "us", "ns/op", "x ANN");
	each(f, image_s(one), out, print_speed);
	fprintf(out,
	    "\nIts energy: k, spikes of a synapse in an inference; energy over the perceptron's "
	    "by\n"
	    "arithmetic alone, at 45 nm with such weights; and the k below which spikes take less: "
	    "so (k*1),\n"
	    "with weights from 32 KB of SRAM (k*2), where the perceptron passes over zeros (k*3), "
	    "where\n"
	    "it has batches of %d instead (k*4). Last, what others published says of k.\n"
	    "%5s %6s %4s %4s %7s %7s  %6s %6s %6s %6s  %9s %9s %9s\n",
	    REUSE, "T", "zeros", "leak", "bits", "k", "ratio", "k*1", "k*2", "k*3", "k*4", "a", "b",
	    "c");
	each(f, 0, out, print_energy);
	print_lines(out);
	fprintf(out,
	    "\nNeuroBench's metrics; operations are of an execution, which is a step\n"
	    "%5s %6s %4s %4s %9s %10s %10s %7s %7s %10s %9s\n",
	    "T", "zeros", "leak", "bits", "footprint", "connection", "activation", "dense", "eff.",
	    "executions", "updates");
	fprintf(out, "%22s %9.0f %10.3f %10.3f %7.0f %7.0f %10d %9d   (MACs)\n", "ANN",
	    bench_row_key(one, "footprint"), bench_row_key(one, "connection_sparsity"),
	    bench_row_key(one, "activation_sparsity"), bench_row_key(one, "dense_ops"),
	    bench_row_key(one, "eff_macs"), 1, 0);
	each(f, 0, out, print_metrics);
}
