/* Below how many spikes for each synapse a spiking network takes less energy. */
#include <math.h>

#include "models/compute/break_even.h"
#include "models/compute/op_energy.h"
#include "tests/unit.h"

/* By hand from Horowitz's energies: 4.6 / 0.9, 0.23 / 0.03, and with a byte of 1.25 pJ
 * 1.48 / 1.28, 0.38625 / 1.28 and 0.24953125 / 1.28. */
Test(break_even_lines, of_45_nm)
{
	const struct op_energy *e = op_energy;
	double fetch_j = e[OP_SRAM_8K].j;
	const struct {
		struct break_even_costs cost;
		double k;
	} row[] = {
		{ { e[OP_MAC_FP32].j, e[OP_ADD_FP32].j, 0, 1, 0, 0 }, 46.0 / 9 },
		{ { e[OP_MAC_INT8].j, e[OP_ADD_INT8].j, 0, 1, 0, 0 }, 23.0 / 3 },
		{ { e[OP_MAC_INT8].j, e[OP_ADD_INT8].j, fetch_j, 1, 0, 0 }, 1.15625 },
		{ { e[OP_MAC_INT8].j, e[OP_ADD_INT8].j, fetch_j, 8, 0, 0 }, 0.3017578125 },
		{ { e[OP_MAC_INT8].j, e[OP_ADD_INT8].j, fetch_j, 64, 0, 0 }, 0.1949462890625 },
		{ { e[OP_MAC_INT8].j, e[OP_ADD_INT8].j, fetch_j, INFINITY, 0, 0 }, 23.0 / 128 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_assert(epsilon_eq(dbl, break_even_k(&row[i].cost), row[i].k, 1e-12));
}

/* 7 pJ for a multiplication, of which 30 % are passed over, 5 pJ for a weight used three times,
 * and 2.1 pJ of the spiking one's rest: (0.7 (7 + 5 / 3) - 2.1) / (1 + 5). */
Test(break_even_lines, rest_and_zeros_count)
{
	struct break_even_costs c = { 7e-12, 1e-12, 5e-12, 3, 0.3, 2.1e-12 };
	cr_assert(epsilon_eq(dbl, break_even_k(&c), (0.7 * 26 / 3 - 2.1) / 6, 1e-12));
	c.rest_j = 9e-12;
	cr_assert(lt(dbl, break_even_k(&c), 0));
}

/* 1100 neurons 13 times at 80 pJ and 0.07 W for 17 us, over 9000 synapses. */
Test(break_even_lines, rest_of_a_synapse)
{
	double j = break_even_rest_j(1100 * 13, 80e-12, 0.07, 17e-6, 9000);
	cr_assert(epsilon_eq(dbl, j, (1.144e-6 + 1.19e-6) / 9000, 1e-12 * j));
}

/* Llama 3.1 8B on an H100 by ML.ENERGY v3 (2025): 0.4548 J a token at batch 8, 14.8 and 9.6 pJ a
 * weight at 64 and 256. Against Loihi's 24.0 to 35.5 pJ (Davies et al. 2018), and 6.84 pJ, which is
 * Hala Point's 2600 W over 380e12 synaptic operations a second. */
Test(break_even_lines, against_a_batched_gpu)
{
	static const struct {
		double token_j, least, most, hala;
	} row[] = {
		{ 0.4548, 1.6, 2.37, 8.31 },
		{ 14.8e-12 * 8e9, 0.417, 0.617, 2.16 },
		{ 9.6e-12 * 8e9, 0.27, 0.40, 1.40 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		double j = row[i].token_j;
		cr_assert(epsilon_eq(
		    dbl, break_even_k_processor(j, 8e9, 0, 35.5e-12), row[i].least, 5e-3));
		cr_assert(epsilon_eq(
		    dbl, break_even_k_processor(j, 8e9, 0, 24.0e-12), row[i].most, 5e-3));
		cr_assert(epsilon_eq(
		    dbl, break_even_k_processor(j, 8e9, 0, 6.84e-12), row[i].hala, 1e-2));
	}
	double k = break_even_k_processor(0.3, 7e9, 11e-12, 24.0e-12); /* (42.86 - 11) / 24 */
	cr_assert(epsilon_eq(dbl, k, (300.0 / 7 - 11) / 24, 1e-12));
}

static enum break_even_verdict said(size_t line, double k, int steps)
{
	return break_even_judge(&break_even_lines[line], k, steps);
}

Test(break_even_lines, judges)
{
	cr_assert(eq(int, said(0, 0.149, 3), BREAK_EVEN_WINS));
	cr_assert(eq(int, said(0, 0.151, 300), BREAK_EVEN_DEPENDS));
	cr_assert(eq(int, said(0, 1.37, 1), BREAK_EVEN_DEPENDS));
	cr_assert(eq(int, said(0, 1.39, 1), BREAK_EVEN_LOSES));
	cr_assert(eq(int, said(1, 1.71, 1), BREAK_EVEN_WINS));
	cr_assert(eq(int, said(1, 1.73, 1), BREAK_EVEN_LOSES));
	cr_assert(eq(str, (char *)break_even_word(said(1, 1.72, 1)), (char *)"depends"));
}

/* 6.4 % of 7 steps are 0.448 spikes; of 4 and of 11 steps nothing was said. */
Test(break_even_lines, rate_holds_for_its_steps)
{
	cr_assert(eq(int, said(2, 0.447, 7), BREAK_EVEN_WINS));
	cr_assert(eq(int, said(2, 0.449, 7), BREAK_EVEN_LOSES));
	cr_assert(eq(int, said(2, 0.33, 5), BREAK_EVEN_LOSES));
	cr_assert(eq(int, said(2, 0.63, 10), BREAK_EVEN_WINS));
	cr_assert(eq(int, said(2, 0.1, 4), BREAK_EVEN_SILENT));
	cr_assert(eq(str, (char *)break_even_word(said(2, 9, 11)), (char *)"not said"));
}
