/* What the spiking nodes of a run did and took, and whether spikes paid.
 *
 * For each <node> element with spiking=: the spikes of an inference for each synapse
 * (k = T r), synaptic operations, energy and how much of it is static, with the boundary and
 * the provenance of the chip's figures. An inference is a token computed, of a prompt or
 * generated.
 *
 * For each pair of a spiking node that computes events and a node that computes without
 * spikes, the break-even of break_even.h from what both took in this run while they were busy:
 *
 *     k* = (E_gpu / parameters - e_rest) / e_synop
 *
 * with E_gpu the energy of a token on that node at its batch in this run; e_synop what the
 * spiking node takes for a synaptic operation with all that grows with spikes (the messages,
 * the spike itself); e_rest the rest of what a token takes on it, for each synapse: static
 * power while it is busy, neurons looked at and updated, attention. So k < k* says that a
 * synapse takes less than a weight does there. It says nothing about how much the two networks
 * know: models of different sizes are compared weight by weight.
 *
 * Energies stand side by side at one boundary only. Figures of a chip's `board` are compared with
 * the boards of the other node, those of a `system` with what the other node draws at its
 * inlet. Those of an `operation`, a `core` or a `chip` count less than a board does and are
 * compared with nothing, unless the scenario's <policy> has compare-boundaries="yes": then with
 * boards, which favours the chip. */
#ifndef HEARTH_MODELS_SITE_SPIKING_NODES_H
#define HEARTH_MODELS_SITE_SPIKING_NODES_H

#include "base/dataset.h"
#include "models/site/pool.h"

/* Fills groups "spiking", "break_even" and "break_even_lines" and the metrics; nothing where no
 * node spikes. The run has taken run_s. */
void spiking_nodes_export(const struct pool *p, double run_s, struct dataset *d);

#endif
