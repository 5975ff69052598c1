#include "models/compute/spikes.h"

#include <math.h>

/* A figure that is absent is in another one. */
static double given(double figure)
{
	return isnan(figure) ? 0 : figure;
}

struct spike_counts spike_counts_add(struct spike_counts a, struct spike_counts b)
{
	return (struct spike_counts){
		.accesses = a.accesses + b.accesses,
		.updates = a.updates + b.updates,
		.fires = a.fires + b.fires,
		.synops = a.synops + b.synops,
		.messages = a.messages + b.messages,
		.received = a.received + b.received,
		.hops = a.hops + b.hops,
		.crossings = a.crossings + b.crossings,
	};
}

struct spike_counts spike_counts_times(struct spike_counts a, double factor)
{
	return (struct spike_counts){
		.accesses = a.accesses * factor,
		.updates = a.updates * factor,
		.fires = a.fires * factor,
		.synops = a.synops * factor,
		.messages = a.messages * factor,
		.received = a.received * factor,
		.hops = a.hops * factor,
		.crossings = a.crossings * factor,
	};
}

struct spike_energy spike_energy_of(
    const struct chip_par *p, const struct spike_counts *n, double chips, double time_s)
{
	return (struct spike_energy){
		.static_j = time_s > 0 ? p->static_w * chips * time_s : 0,
		.synapse_j = n->synops * given(p->synop_j),
		.soma_j = n->accesses * given(p->access_j) + n->updates * given(p->update_j) +
			  n->fires * given(p->fire_j),
		.network_j = n->messages * given(p->message_j) + n->hops * given(p->hop_j),
		.crossing_j = n->crossings * given(p->crossing_j),
	};
}

double spike_energy_sum(const struct spike_energy *e)
{
	return e->static_j + e->synapse_j + e->soma_j + e->network_j + e->crossing_j;
}

double spike_core_s(const struct chip_par *p, const struct spike_counts *core)
{
	return core->accesses * given(p->access_s) + core->updates * given(p->update_s) +
	       core->fires * given(p->fire_s) + core->synops * given(p->synop_s) +
	       core->messages * given(p->message_out_s) + core->received * given(p->message_in_s);
}

double spike_step_s(const struct chip_par *p, double core_s, double noc_s)
{
	return fmax(given(p->tick_s), given(p->barrier_s) + core_s + noc_s);
}
