/* Complexity of a classifier by the definitions of Yik et al. 2025, "The neurobench framework
 * for benchmarking neuromorphic computing algorithms and systems", Nature Communications 16,
 * 1545. Synaptic operations are per execution of the model there, which for a spiking network
 * is one time step: they compare with another's only after multiplication by the executions
 * that an inference takes. */
#ifndef HEARTH_BENCH_SPIKING_NEUROBENCH_H
#define HEARTH_BENCH_SPIKING_NEUROBENCH_H

#include "bench/spiking/convert.h"

struct neurobench {
	double footprint_bytes;     /* weights (zeros too) and biases, 4 bytes each; membranes, 8 */
	double connection_sparsity; /* zero weights / weights */
	double activation_sparsity; /* outputs of hidden layers that are 0, of all their outputs: of
	                               samples, units and steps */
	double dense_ops;           /* of an execution: one for each weight, */
	double eff_macs, eff_acs;   /* and those whose weight and input are not 0: multiplications
	                               where the input is a number, additions where it is a spike */
	double executions;          /* an inference; an ANN's is 1 */
	double updates;             /* of membranes, an inference */
};

struct neurobench neurobench_ann(const struct mlp *m, const struct samples *s);
struct neurobench neurobench_snn(const struct mlp *m, const struct spiking_score *score,
    size_t steps);

/* Energy of arithmetic in a 45 nm process at 0.9 V, f32: a multiplication of 3.7 pJ and an
 * addition of 0.9 (Horowitz 2014, "Computing's energy problem", ISSCC, figure 1.1.9). Fetching
 * weights is not in it, nor anything else that a machine does. */
#define NEUROBENCH_MAC_J 4.6e-12
#define NEUROBENCH_AC_J  0.9e-12

#endif
