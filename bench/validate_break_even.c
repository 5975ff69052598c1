/* When spikes pay: our formula under the conditions of what was published. */
#include <math.h>

#include "bench/validate_spiking.h"
#include "models/compute/break_even.h"
#include "models/compute/op_energy.h"

static void tell(struct validate_job *j, const char *what, const char *table, double low,
    double high, double ours, enum dim dim, double limit)
{
	validate_figure(j, (struct validate_row){ .what = what,
			       .table = table,
			       .low = low,
			       .high = high,
			       .ours = ours,
			       .dim = dim,
			       .limit_frac = limit });
}

/* Spoken words that are learnt from few examples, a convolutional network and a spiking one:
 * operations of a sample and of a step (Yik et al. 2025, "The neurobench framework", Nature
 * Communications 16, 1545; github.com/NeuroBench/neurobench@e521c28, leaderboard). By its own
 * definitions the table's spiking operations are those of one of 200 steps. */
#define ANN_MACS  7.85e6
#define SNN_ADDS  3.65e5
#define SNN_STEPS 200

/* With the two constants that such comparisons are usually made with, and no memory. */
static void validate_neurobench(struct validate_job *j)
{
	static const char table[] = "Yik et al. 2025; Horowitz 2014";
	double ann_j = ANN_MACS * op_energy[OP_MAC_FP32].j;
	double snn_j = SNN_ADDS * SNN_STEPS * op_energy[OP_ADD_FP32].j;
	tell(j, "NeuroBench's few-shot words, without spikes", table, 36e-6, 36e-6, ann_j,
	    DIM_ENERGY, 0.01);
	tell(j, "the same with spikes, in 200 steps", table, 66e-6, 66e-6, snn_j, DIM_ENERGY, 0.01);
}

/* 8-bit operations, the weight out of 8 KB of SRAM: of the conditions of Dampfhoffer et al. and
 * Yan et al. their abstracts say that memory is counted, and between which degrees of reuse and of
 * skipped zeros the ANNs are; the rest is ours. */
static double byte_k(double reuse, double skip_frac)
{
	return break_even_k(&(struct break_even_costs){ .mac_j = op_energy[OP_MAC_INT8].j,
	    .ac_j = op_energy[OP_ADD_INT8].j,
	    .fetch_j = op_energy[OP_SRAM_8K].j,
	    .reuse = reuse,
	    .skip_frac = skip_frac });
}

/* In units of a 32-bit addition, E = 60 fJ in 22 nm: 5 read a weight, of the 12 for a synapse of
 * the ANN and the 7 for one that a spike meets. */
static double davidson_k(void)
{
	return break_even_k(
	    &(struct break_even_costs){ .mac_j = 7, .ac_j = 2, .fetch_j = 5, .reuse = 1 });
}

static void within(struct validate_job *j, size_t line, const char *what, double k, double limit)
{
	const struct break_even_line *l = &break_even_lines[line];
	tell(j, what, l->name, l->low, l->high, k, DIM_NUMBER, limit);
}

void validate_break_even(struct validate_job *j)
{
	validate_neurobench(j);
	within(
	    j, 0, "k*, 8 bit, 8 KB of SRAM, each weight fetched for each input", byte_k(1, 0), 0);
	within(j, 0, "the same, the ANN's weights staying where they are", byte_k(INFINITY, 0), 0);
	within(j, 1, "k* of a synapse of 12 E without spikes, 7 E a spike", davidson_k(), 0.005);
	within(
	    j, 2, "k*, 8 bit, 8 KB, an ANN that skips its zeros, half of all", byte_k(1, 0.5), 0);
	static const char own[] = "our formula";
	tell(j, "k*, 8 bit, 8 KB, the ANN with 8 inputs at a time", own, NAN, NAN, byte_k(8, 0),
	    DIM_NUMBER, NAN);
	tell(j, "the same with 64", own, NAN, NAN, byte_k(64, 0), DIM_NUMBER, NAN);
}
