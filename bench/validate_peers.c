/* Energy by part and time of spikes against what another simulator printed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/spike_peers.h"
#include "bench/validate_spiking.h"
#include "models/compute/mapping.h"

#define TABLE "SANA-FE@8951ab0"

static void tell(struct validate_job *j, const struct spike_peer *p, const char *what,
    double theirs, double ours, enum dim dim, double limit)
{
	char *name = mem_print("%s on %s (%s), %s", p->name, p->arch, p->timing, what);
	validate_figure(j, (struct validate_row){ .what = name,
			       .table = TABLE,
			       .low = theirs,
			       .high = theirs,
			       .ours = ours,
			       .dim = dim,
			       .limit_frac = limit,
			       .peer = p->fitted });
	free(name);
}

static void compare_energy(struct validate_job *j, const struct spike_peer *p)
{
	struct spike_energy e = spike_energy_of(&p->chip, &p->run, 0, 0);
	tell(j, p, "synapses", p->synapse_j, e.synapse_j, DIM_ENERGY, 1e-3);
	tell(j, p, "neurons", p->soma_j, e.soma_j, DIM_ENERGY, 1e-3);
	tell(j, p, "messages", p->network_j, e.network_j, DIM_ENERGY, 1e-3);
	tell(j, p, "all", p->total_j, spike_energy_sum(&e), DIM_ENERGY, 1e-3);
}

static double step_s(const struct spike_peer *p, const struct spike_counts *core)
{
	struct spike_counts step = spike_counts_times(*core, 1 / p->steps);
	return spike_step_s(&p->chip, spike_core_s(&p->chip, &step), 0);
}

/* Where spikes by core were not printed, an even share of the cores is told: the busiest one
 * takes longer. */
static void compare_time(struct validate_job *j, const struct spike_peer *p)
{
	double theirs = p->time_s / p->steps;
	struct spike_counts even = spike_counts_times(p->run, 1 / p->cores);
	if (isnan(p->busiest.accesses))
		tell(j, p, "a step if cores were alike", theirs, step_s(p, &even), DIM_TIME, NAN);
	else
		tell(j, p, "a step", theirs, step_s(p, &p->busiest), DIM_TIME, 0.02);
}

/* Of the gestures by the shape of their net, as a node would run it: the layers share one rate,
 * which gives the printed synaptic operations, for the spikes of each were not printed. The peer's
 * simple model of time is meant, not that with queues in the network. */
static void compare_mapped(struct validate_job *j, const struct spike_peer *p)
{
	const struct object *net = bed_row(j->catalogue, &spiking_class, "dvs-gesture", j->e);
	const struct object *chip = bed_row(j->catalogue, &chip_class, "loihi-1", j->e);
	struct mapping m;
	char why[200];
	if (!net || !chip) return;
	struct spiking_net n = spiking_net_of(net);
	struct chip_par loihi = *(const struct chip_par *)chip->par;
	loihi.synop_j = p->chip.synop_j; /* of a net of convolutions; the row has dense ones */
	loihi.synop_s = p->chip.synop_s;
	struct spike_peer seen = *p;
	seen.fitted = "one rate for all layers";
	if (mapping_make(&m, &loihi, &n, 0, why, sizeof why))
		tell(j, &seen, "a step as mapped", p->time_s / p->steps, mapping_step_s(&m, 0),
		    DIM_TIME, strcmp(p->timing, "simple") ? NAN : 0.02);
	else
		err_at(j->e, chip->pos, "%s", why);
}

void validate_peers(struct validate_job *j)
{
	for (int i = 0; i < SPIKE_PEERS; i++) {
		compare_energy(j, &spike_peers[i]);
		compare_time(j, &spike_peers[i]);
		if (isnan(spike_peers[i].busiest.accesses)) compare_mapped(j, &spike_peers[i]);
	}
}
