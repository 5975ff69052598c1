/* Events of a spiking network, their energy and their time. Pure arithmetic.
 *
 *     E = P_static chips t + [accesses e_access + updates e_update + fires e_fire]
 *       + synops e_synop + [messages e_message + hops e_hop] + crossings e_crossing
 *     t_step = max(t_tick, t_barrier + max over cores of t_core + t_noc)
 *     t_core = accesses t_access + updates t_update + fires t_fire + synops t_synop
 *            + messages t_message_out + received t_message_in
 * (Davies et al. 2018, IEEE Micro 38(1): events and barrier; Boyle et al. 2025, IEEE
 * TCAD 44, "SANA-FE": the same energies by part. They have no static power, and their
 * cores take messages in while they update neurons; here a core does one thing after the
 * other, which is the upper bound of its time.) */
#ifndef HEARTH_MODELS_COMPUTE_SPIKES_H
#define HEARTH_MODELS_COMPUTE_SPIKES_H

#include "models/compute/chip.h"

/* Of a step, an inference or a run; of a network or a core. Means need not be whole. */
struct spike_counts {
	double accesses;  /* neurons looked at */
	double updates;   /* neurons whose state changed */
	double fires;     /* spikes made */
	double synops;    /* synaptic operations */
	double messages;  /* sent: spikes times the cores that each goes to */
	double received;  /* messages taken in; of a whole network as many as messages */
	double hops;      /* of all messages together */
	double crossings; /* spikes from one chip to another */
};

struct spike_counts spike_counts_add(struct spike_counts a, struct spike_counts b);
struct spike_counts spike_counts_times(struct spike_counts a, double factor);

struct spike_energy {
	double static_j, synapse_j, soma_j, network_j, crossing_j;
};

/* Of what was counted, while `chips` chips were on for time_s. Where the row lumps, an
 * absent figure counts nothing; else chip_lacks() must be NULL, but for static power,
 * which is not asked for when time_s is 0. */
struct spike_energy spike_energy_of(
    const struct chip_par *p, const struct spike_counts *n, double chips, double time_s);

double spike_energy_sum(const struct spike_energy *e);

/* Time of what one core does. */
double spike_core_s(const struct chip_par *p, const struct spike_counts *core);

/* Of a step whose busiest core takes core_s and whose last message takes noc_s. */
double spike_step_s(const struct chip_par *p, double core_s, double noc_s);

#endif
