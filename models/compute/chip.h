/* A neuromorphic chip: what an event costs on it, how long it takes, how much fits.
 *
 * The events are those of digital many-core chips that work in time steps which a
 * barrier separates (Davies et al. 2018, IEEE Micro 38(1), "Loihi"; the same split in
 * Boyle et al. 2025, IEEE TCAD 44, "SANA-FE"):
 *   access     a neuron's state is looked at, once in a time step
 *   update     it changes, on top of the access
 *   fire       the neuron makes a spike
 *   synop      a spike meets one synapse: its weight is read and added
 *   message    a spike is sent to one core that holds some of its targets
 *   hop        a message passes from one tile of the mesh to the next
 *   crossing   a spike passes from one chip to another
 * spikes.h multiplies and adds; mapping.h counts.
 *
 * Two chips, or two figures of one chip, can only be compared at the same boundary: what
 * is counted differs by up to 300 times (SpiNNaker: 45 pJ a synaptic operation in
 * surveys, 13.3 nJ measured with its software). So every row says its boundary and how
 * its figures were had; several boundaries of a chip are several rows.
 *
 * What is not published is not made up. energies="events" needs a figure of each of
 * access, update, fire, synop and message (0 is a figure); energies="lumped" is of
 * sources that divide the energy of the whole chip by one kind of event: then figures
 * that are absent are in that one, and it holds at the activity of its measurement only.
 * Static power has no default in either: a lumped row whose figure holds it gives 0. Hops
 * and crossings without a figure cost nothing, which flatters big networks. Times without
 * a figure are within the others or within the tick. */
#ifndef HEARTH_MODELS_COMPUTE_CHIP_H
#define HEARTH_MODELS_COMPUTE_CHIP_H

#include <stdint.h>

#include "models/class.h"
#include "models/provenance.h"

/* Around what the energy was counted. */
enum chip_boundary {
	CHIP_OPERATION, /* the arithmetic and its operands */
	CHIP_CORE,      /* a core with its memory; no network, no static power of the chip */
	CHIP_CHIP,      /* the chip's supply pins */
	CHIP_BOARD,     /* with memory, links and supplies on its board */
	CHIP_SYSTEM,    /* at the plug of the machine, host included */
};
#define CHIP_BOUNDARY_WORDS "operation core chip board system"

/* How the energies were had. */
enum chip_basis {
	CHIP_MEASURED,  /* on silicon */
	CHIP_SIMULATED, /* before there was silicon */
	CHIP_DERIVED,   /* from other published figures: a division, a fit */
	CHIP_CLAIMED,   /* told without a method */
};
#define CHIP_BASIS_WORDS "measured simulated derived claimed"

enum chip_energies { CHIP_EVENTS, CHIP_LUMPED };
#define CHIP_ENERGIES_WORDS "events lumped"

struct chip_par {
	const char *name, *source;
	int verify;
	int boundary; /* enum chip_boundary */
	int basis;    /* enum chip_basis */
	int energies; /* enum chip_energies */
	/* Of one chip, whatever it does. NAN: not known; mapping then refuses. */
	double static_w;
	double max_w; /* of one chip; NAN: no limit known */
	/* Of one event. NAN: no figure. */
	double access_j, update_j, fire_j, synop_j, message_j, hop_j, crossing_j;
	/* Of one event in a core, one after the other. NAN: no figure. */
	double access_s, update_s, fire_s, synop_s, message_out_s, message_in_s, hop_s;
	double barrier_s; /* that ends a step */
	double tick_s;    /* shortest step; of a real-time chip: every step */
	/* Limits. */
	int64_t cores; /* of one chip */
	int64_t core_neurons;
	double memory_bytes; /* for synapses, of one chip; NAN: not known, mapping then refuses */
	int64_t fan_out;     /* synapses that one neuron can drive; 0: no limit */
	int64_t mesh_width, mesh_height; /* tiles; 0: there is no mesh, a message makes no hop */
	int64_t chips;      /* that are powered together: a mapping takes a multiple of it */
	int64_t most_chips; /* that can be joined; 0: no limit */
};

extern const struct class chip_class;

const char *chip_boundary_word(const struct chip_par *p);
const char *chip_basis_word(const struct chip_par *p);

/* The attribute without which neither energy nor time can be told, "static-power"; NULL: none
 * lacks. A row may tell what is published and lack the rest. */
const char *chip_lacks(const struct chip_par *p);

/* Hops of a message between two tiles picked at random, each as likely: in a row of n
 * tiles (n^2 - 1) / (3 n), added over the two directions. 0 without a mesh. */
double chip_mean_hops(const struct chip_par *p);

/* Hops across the whole mesh, corner to corner. */
double chip_most_hops(const struct chip_par *p);

/* Bytes for synapses of one core. */
double chip_core_bytes(const struct chip_par *p);

#endif
