/* From which spike rate on a matrix is faster than lists. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/spiking/break_even.h"
#include "bench/spiking/cases.h"
#include "tests/unit.h"

static const double rate[] = { 0.003, 0.02, 0.11, 0.4 };

/* Lists take 7 ms a unit of rate, a full matrix a constant: they cross at constant / 7 ms,
 * exactly, both being powers of the rate. */
Test(break_even, crosses_where_powers_do)
{
	static const double at[] = { 0.0037, 0.02, 0.05, 0.39 };
	for (size_t k = 0; k < 4; k++) {
		double list_s[4], matrix_s[4];
		for (size_t i = 0; i < 4; i++) {
			list_s[i] = 7e-3 * rate[i];
			matrix_s[i] = 7e-3 * at[k];
		}
		cr_assert(epsilon_eq(dbl, break_even(rate, list_s, matrix_s, 4), at[k], 1e-12));
	}
}

Test(break_even, none_and_always)
{
	static const double fast[] = { 1, 2, 3, 4 }, slow[] = { 1.1, 2.1, 3.1, 4.1 };
	cr_assert(eq(dbl, break_even(rate, fast, slow, 4), INFINITY));
	cr_assert(eq(dbl, break_even(rate, slow, fast, 4), 0));
	cr_assert(eq(dbl, break_even(rate, fast, fast, 1), 0));
}

/* A matrix that is faster once and slower above does not count before it is faster for good:
 * here between 0.11 and 0.4, where the ratio goes from 1.3 to 1 / 1.3: half way in logs. */
Test(break_even, counts_from_where_it_stays)
{
	static const double list_s[] = { 1, 1, 1, 1.3 }, matrix_s[] = { 2, 0.5, 1.3, 1 };
	cr_assert(epsilon_eq(dbl, break_even(rate, list_s, matrix_s, 4), sqrt(0.11 * 0.4), 1e-12));
}

static void add_row(struct bench_file *f, enum synapse_format format, double neurons,
    double targets, double fan_out, double r, double cpu_s)
{
	struct bench_row *row = bench_file_add(f);
	snprintf(row->kernel, sizeof row->kernel, "%s", spiking_kernel[format]);
	row->threads = 1;
	row->keys = 4;
	row->key[0] = (struct bench_row_key){ "neurons", neurons };
	row->key[1] = (struct bench_row_key){ "fan_out", fan_out };
	row->key[2] = (struct bench_row_key){ "rate", r };
	row->key[3] = (struct bench_row_key){ "targets", targets };
	bench_row_sample(row, (struct bench_sample){ 5 * cpu_s, cpu_s, 1, 0 });
}

/* 4000 neurons: lists take 10 ms a unit of rate with fan-out 1000 and 1 ms with 100; the
 * matrix 1.2 ms in full, of which an eighth was timed, and 2 ms a unit of rate by rows.
 * 1200 / 10000 = 12 %; rows always with 1000, never with 100. 8-bit lists were not timed. */
Test(break_even, prints_a_line_for_each_network_timed)
{
	struct bench_file f;
	char *text = NULL;
	size_t size = 0;
	bench_file_init(&f);
	for (size_t i = 0; i < SPIKING_RATES_MAX; i++) {
		double r = spiking_rates[i];
		add_row(&f, SYNAPSES_F32, 4000, 4000, 100, r, 1e-3 * r);
		add_row(&f, SYNAPSES_F32, 4000, 4000, 1000, r, 10e-3 * r);
		add_row(&f, SYNAPSES_ROWS, 4000, 4000, 1000, r, 2e-3 * r);
	}
	add_row(&f, SYNAPSES_DENSE, 4000, 500, 1000, 0.1, 0.15e-3);
	FILE *out = open_memstream(&text, &size);
	break_even_print(&f, out);
	fclose(out);
	const char *line = strstr(text, "csr-i8\n");
	cr_assert(line != NULL);
	cr_assert(eq(str, strchr(line, '\n') + 1,
	    (char *)"    4000      100    2.5 %   none to 50 %   none to 50 %      not timed      not timed\n"
	    "    4000     1000     25 %    below 0.1 %           12 %      not timed      not timed\n"));
	free(text);
	bench_file_fini(&f);
}
