/* What another simulator printed of spiking networks on chips, to hold spikes.h against.
 *
 * Peer: SANA-FE@8951ab0 (github.com/SLAM-Lab/SANA-FE), built and run on Debian 12; constants are
 * those of its arch/ files, counts and energies what it prints. It has no static power.
 * Printed counts do not tell everything. What was taken from a printed energy instead makes the
 * check of that part one of the arithmetic only, and stands in `fitted`. */
#ifndef HEARTH_BENCH_SPIKE_PEERS_H
#define HEARTH_BENCH_SPIKE_PEERS_H

#include "models/compute/spikes.h"

struct spike_peer {
	const char *name, *arch, *timing; /* timing: its model of time, "simple" or "detailed" */
	struct chip_par chip;
	struct spike_counts run;     /* of all steps */
	struct spike_counts busiest; /* of the busiest core in all steps; accesses NAN: unknown */
	double steps;
	double cores; /* that the network is spread over, at least */
	double synapse_j, soma_j, network_j, total_j, time_s;
	const char *fitted;
};

enum { SPIKE_PEERS = 3 };
extern const struct spike_peer spike_peers[SPIKE_PEERS];

#endif
