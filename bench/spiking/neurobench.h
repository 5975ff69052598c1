/* Complexity of a classifier by the definitions of Yik et al. 2025, "The neurobench framework
 * for benchmarking neuromorphic computing algorithms and systems", Nature Communications 16,
 * 1545. Synaptic operations are per execution of the model there, which for a spiking network
 * is one time step: they compare with another's only after multiplication by the executions
 * that an inference takes. */
#ifndef HEARTH_BENCH_SPIKING_NEUROBENCH_H
#define HEARTH_BENCH_SPIKING_NEUROBENCH_H

#include "bench/spiking/convert.h"

struct neurobench {
	double footprint_bytes;     /* weights, zeros too; biases, 4 bytes each; membranes, 8 */
	double connection_sparsity; /* zero weights / weights */
	double activation_sparsity; /* outputs of hidden layers that are 0, of all their outputs: of
				       samples, units and steps */
	double dense_ops;           /* of an execution: one for each weight, */
	double eff_macs, eff_acs;   /* and those whose weight and input are not 0: multiplications
				       where the input is a number, additions where it is a spike */
	double executions;          /* an inference; an ANN's is 1 */
	double updates;             /* of membranes, an inference */
};

struct neurobench neurobench_ann(const struct mlp *m, const struct samples *s); /* in f32 */
struct neurobench neurobench_snn(
    const struct mlp *m, const struct spiking_score *score, size_t steps, size_t weight_bytes);

#endif
