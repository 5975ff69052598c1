#include "models/compute/chip.h"

#include <assert.h>
#include <math.h>

const char *chip_boundary_word(const struct chip_par *p)
{
	static const char *const words[] = { "operation", "core", "chip", "board", "system" };
	return words[p->boundary];
}

const char *chip_basis_word(const struct chip_par *p)
{
	static const char *const words[] = { "measured", "simulated", "derived", "claimed" };
	return words[p->basis];
}

const char *chip_lacks(const struct chip_par *p)
{
	const struct {
		double figure;
		const char *name;
	} each[] = {
		{ p->access_j, "access-energy" },
		{ p->update_j, "update-energy" },
		{ p->fire_j, "fire-energy" },
		{ p->synop_j, "synop-energy" },
		{ p->message_j, "message-energy" },
	};
	if (isnan(p->static_w)) return "static-power";
	if (isnan(p->memory_bytes)) return "memory";
	if (isnan(p->tick_s) && isnan(p->synop_s))
		return "synop-time (or, of a real-time chip, tick)";
	if (p->energies == CHIP_LUMPED)
		return isnan(p->synop_j) && isnan(p->fire_j) ? "synop-energy" : NULL;
	for (size_t i = 0; i < sizeof each / sizeof *each; i++)
		if (isnan(each[i].figure)) return each[i].name;
	return NULL;
}

/* Mean distance of two tiles of a row of n. */
static double row_hops(int64_t n)
{
	double tiles = (double)n;
	return n > 0 ? (tiles * tiles - 1) / (3 * tiles) : 0;
}

double chip_mean_hops(const struct chip_par *p)
{
	return row_hops(p->mesh_width) + row_hops(p->mesh_height);
}

double chip_most_hops(const struct chip_par *p)
{
	int64_t hops = p->mesh_width + p->mesh_height - 2;
	return hops > 0 ? (double)hops : 0;
}

double chip_core_bytes(const struct chip_par *p)
{
	return p->memory_bytes / (double)p->cores;
}

#define ENERGY(member, name, about)                                                                \
	ATTR_QTY(struct chip_par, member, name, DIM_ENERGY, OPTIONAL, 0, 1, about)
#define TIME(member, name, about)                                                                  \
	ATTR_QTY(struct chip_par, member, name, DIM_TIME, OPTIONAL, 0, 1, about)

static const struct attr attrs[] = {
	ATTR_TEXT(struct chip_par, name, "name", REQUIRED, "name that nodes refer to"),
	ATTR_ENUM(struct chip_par, boundary, "boundary", REQUIRED, CHIP_BOUNDARY_WORDS,
	    "around what the energies were counted: the arithmetic, a core with its memory, the "
	    "chip's supply, its board, or the machine at the plug"),
	ATTR_ENUM(struct chip_par, basis, "provenance", REQUIRED, CHIP_BASIS_WORDS,
	    "how the energies were had: measured on silicon, simulated before there was any, "
	    "derived from other figures, or claimed without a method"),
	ATTR_ENUM(struct chip_par, energies, "energies", "events", CHIP_ENERGIES_WORDS,
	    "events: each kind of event has its figure; lumped: the source divided the energy of "
	    "the whole by one kind, and figures that are absent are in that one"),
	ATTR_QTY(struct chip_par, static_w, "static-power", DIM_POWER, OPTIONAL, 0, 1e5,
	    "power of one chip that does nothing; absent: not published, and no node can use the "
	    "chip"),
	ATTR_QTY(struct chip_par, max_w, "max-power", DIM_POWER, OPTIONAL, 1e-6, 1e5,
	    "most that one chip draws: steps become longer rather than draw more; absent: no "
	    "limit"),
	ENERGY(access_j, "access-energy", "energy of looking at a neuron, once a time step"),
	ENERGY(update_j, "update-energy", "added when its state changes"),
	ENERGY(fire_j, "fire-energy", "added when it makes a spike"),
	ENERGY(synop_j, "synop-energy",
	    "energy of a synaptic operation: a spike meets one synapse that is not zero"),
	ENERGY(message_j, "message-energy", "energy of sending a spike to one core"),
	ENERGY(hop_j, "hop-energy",
	    "energy of a message's way from a tile to the next; absent: nothing"),
	ENERGY(crossing_j, "crossing-energy",
	    "energy of a spike's way from a chip to another; absent: nothing"),
	TIME(access_s, "access-time", "time of a core for looking at a neuron"),
	TIME(update_s, "update-time", "added when its state changes"),
	TIME(fire_s, "fire-time", "added when it makes a spike"),
	TIME(synop_s, "synop-time", "time of a core for a synaptic operation"),
	TIME(message_out_s, "message-time", "time of a core for sending a message"),
	TIME(message_in_s, "receive-time", "time of a core for taking a message in"),
	TIME(hop_s, "hop-time", "time of a message's way from a tile to the next"),
	TIME(barrier_s, "barrier-time", "time of the barrier that ends a step"),
	TIME(tick_s, "tick", "shortest time step; of a real-time chip the time of every step"),
	ATTR_INT(struct chip_par, cores, "cores", REQUIRED, 1, 1e6, "cores for neurons"),
	ATTR_INT(struct chip_par, core_neurons, "core-neurons", REQUIRED, 1, 1e9,
	    "neurons that a core holds"),
	ATTR_QTY(struct chip_par, memory_bytes, "memory", DIM_BYTES, OPTIONAL, 1, 1e15,
	    "memory of the chip for synapses, which its cores share evenly; absent: not "
	    "published, and no node can use the chip"),
	ATTR_INT(struct chip_par, fan_out, "fan-out", "0", 0, 1e9,
	    "synapses that a neuron can drive; 0: no limit"),
	ATTR_INT(struct chip_par, mesh_width, "mesh-width", "0", 0, 10000,
	    "tiles of the mesh from west to east; 0: no mesh, a message makes no hop"),
	ATTR_INT(
	    struct chip_par, mesh_height, "mesh-height", "0", 0, 10000, "and from north to south"),
	ATTR_INT(struct chip_par, chips, "chips", "1", 1, 1e6,
	    "chips that are powered together: a network takes a multiple of them"),
	ATTR_INT(struct chip_par, most_chips, "most-chips", "0", 0, 1e6,
	    "chips that can be joined; 0: no limit"),
	SOURCE_ATTRS(struct chip_par),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct chip_par *p = o->par;
	if ((p->mesh_width > 0) != (p->mesh_height > 0))
		err_at(e, object_attr_pos(o, p->mesh_width > 0 ? "mesh-width" : "mesh-height"),
		    "chip: mesh-width and mesh-height go together; give both or none");
	if (p->most_chips > 0 && p->most_chips < p->chips)
		err_at(e, object_attr_pos(o, "most-chips"),
		    "chip: most-chips= must not be below chips=\"%lld\"", (long long)p->chips);
	if (p->static_w >= p->max_w)
		err_at(e, object_attr_pos(o, "max-power"),
		    "chip: max-power= must be above static-power=");
}

const struct class chip_class = {
	.element = "chip",
	.parents = "scenario catalogue",
	.about = "A neuromorphic chip, which runs spiking networks: energy and time of its events, "
		 "what fits on it, and around what its energy was counted.",
	.par_size = sizeof(struct chip_par),
	.attrs = attrs,
	.check = check,
};
