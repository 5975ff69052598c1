#include "bench/spiking/break_even.h"

#include <math.h>
#include <string.h>

#include "bench/spiking/cases.h"

double break_even(const double *rate, const double *list_s, const double *matrix_s, size_t n)
{
	size_t k = n;
	while (k > 0 && matrix_s[k - 1] <= list_s[k - 1]) k--;
	if (k == n) return INFINITY;
	if (k == 0) return 0;
	double slower = log(matrix_s[k - 1] / list_s[k - 1]);
	double faster = log(list_s[k] / matrix_s[k]);
	double way = slower / (slower + faster);
	return exp(log(rate[k - 1]) + way * (log(rate[k]) - log(rate[k - 1])));
}

/* The time of a row on one thread, for all targets where it had some of them. fan_out or rate
 * NAN: whatever it is. */
static double time_of(const struct bench_file *f, enum synapse_format format, double neurons,
    double fan_out, double rate)
{
	for (size_t i = 0; i < f->rows; i++) {
		const struct bench_row *r = &f->row[i];
		if (strcmp(r->kernel, spiking_kernel[format]) != 0 || r->threads != 1) continue;
		if (bench_row_key(r, "neurons") != neurons) continue;
		if (!isnan(fan_out) && bench_row_key(r, "fan_out") != fan_out) continue;
		if (!isnan(rate) && bench_row_key(r, "rate") != rate) continue;
		return bench_row_cpu_s(r) * neurons / bench_row_key(r, "targets");
	}
	return NAN;
}

/* A matrix costs the same whatever is in it; in full also whoever spikes. */
static double matrix_s(const struct bench_file *f, enum synapse_format format, double neurons,
    double rate)
{
	return time_of(f, format, neurons, NAN, format == SYNAPSES_DENSE ? NAN : rate);
}

static void print_one(const struct bench_file *f, enum synapse_format list,
    enum synapse_format matrix, const struct delivery_net *net, FILE *out)
{
	double rate[SPIKING_RATES_MAX], list_s[SPIKING_RATES_MAX], matrix_at_s[SPIKING_RATES_MAX];
	char text[32] = "not timed";
	size_t n = 0;
	for (size_t i = 0; i < SPIKING_RATES_MAX; i++) {
		rate[n] = spiking_rates[i];
		list_s[n] = time_of(f, list, (double)net->neurons, (double)net->fan_out, rate[n]);
		matrix_at_s[n] = matrix_s(f, matrix, (double)net->neurons, rate[n]);
		n += !isnan(list_s[n]) && !isnan(matrix_at_s[n]);
	}
	if (n > 0) {
		double at = break_even(rate, list_s, matrix_at_s, n);
		if (isinf(at)) snprintf(text, sizeof text, "none to %.3g %%", 100 * rate[n - 1]);
		else if (at == 0) snprintf(text, sizeof text, "below %.3g %%", 100 * rate[0]);
		else snprintf(text, sizeof text, "%.2g %%", 100 * at);
	}
	fprintf(out, " %14s", text);
}

void break_even_print(const struct bench_file *f, FILE *out)
{
	static const enum synapse_format list[] = { SYNAPSES_F32, SYNAPSES_I8 };
	static const enum synapse_format matrix[] = { SYNAPSES_ROWS, SYNAPSES_DENSE };
	fprintf(out,
	    "\nShare of the neurons that must spike in a step for an f32 matrix to deliver faster\n"
	    "than lists (one thread, processor time): the rows of those that spike, or in full\n"
	    "%8s %8s %8s %14s %14s %14s %14s\n", "neurons", "fan-out", "density", "rows/csr-f32",
	    "full/csr-f32", "rows/csr-i8", "full/csr-i8");
	for (size_t i = 0; i < delivery_net_count; i++) {
		const struct delivery_net *net = &delivery_nets[i];
		double n = (double)net->neurons, d = (double)net->fan_out;
		if (isnan(time_of(f, SYNAPSES_F32, n, d, NAN))) continue;
		fprintf(out, "%8zu %8zu %6.3g %%", net->neurons, net->fan_out, 100 * d / n);
		for (size_t l = 0; l < 2; l++)
			for (size_t m = 0; m < 2; m++) print_one(f, list[l], matrix[m], net, out);
		fputc('\n', out);
	}
}
