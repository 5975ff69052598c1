/* A network that is solved step after step for what its customers draw.
 *
 * Trees are solved by the sweep, everything else by the nodal equations; what is read after
 * a solve is the same. Customers draw constant power. Below `low_pu` of its nominal voltage
 * a load becomes the impedance that draws its power there, and a generator holds its current
 * (models/grid/zip.h), so that the flow always goes over into one that exists; what is then
 * missing is counted as unserved or curtailed. So is all that customers of dead parts want.
 * Loads that no customer owns draw what their s_va says at the time: plants of the network's
 * own, which give, and whose powers are its controls' (models/grid/controls.h).
 *
 * The meter stands behind the impedance of the sources (NET_SUPPLY), which is not the
 * network's. */
#ifndef HEARTH_MODELS_GRID_CIRCUIT_H
#define HEARTH_MODELS_GRID_CIRCUIT_H

#include "models/grid/controls.h"
#include "models/grid/nodal.h"
#include "models/grid/sweep.h"

/* What a transformer carries. */
struct transformer_flow {
	double w, var, pu;     /* into it, and its apparent power by the rating */
	double winding_pu;     /* highest current on its far side, by the rated one */
	double winding_rms_pu; /* root mean square of those of all phases */
	double loss_w;
};

/* Results, which stand where the owner wants them: one array for several circuits. */
struct circuit_results {
	double *v_pu;        /* [customers] across the load, by the nominal; of several loads the
	                        one farthest from 1; 0: none */
	bool *dark;          /* [customers] nothing is live there, and no trip is the cause */
	double *served_w;    /* [customers] what it really draws */
	double *line_pu;     /* [lines] highest current of its conductors, by the rating */
	double *unbalance2;  /* [places] (|V2| / |V1|)^2 */
	struct transformer_flow *transformer; /* [transformers] */
};

/* Everything of one solve that is no array. */
struct circuit_sums {
	double meter_w, meter_var;       /* > 0 is drawn from the grid */
	double line_loss_w, transformer_loss_w;
	double delivered_w, collected_w; /* wanted: sums of positive and of -negative powers */
	double plant_w;                  /* what the network's own plants want to give */
	double unserved_w, curtailed_w;  /* what is missing of all three */
	double dark_w;                   /* unserved at dark customers */
	double lvur_pu;                  /* highest line voltage unbalance of the places */
	uint32_t low;                    /* customers below low_pu, dark ones left out */
};

struct circuit_load {
	uint32_t plus, minus; /* places of the engine */
	double share;         /* of its customer's power */
};

struct circuit {
	struct network *network;
	struct sweep *sweep; /* or */
	struct nodal *nodal;
	double low_pu;

	uint32_t customers, lines, places, transformers;
	uint32_t *line;      /* [lines] elements with a rating */
	uint32_t *place;     /* [places] buses with three phases whose voltages are there */
	uint32_t *element;   /* [transformers] elements with a nameplate */
	uint32_t plants, *plant;    /* loads that no customer owns */
	double complex *plant_va;   /* [plants] as wanted at the last solve */
	struct circuit_results at;
	struct circuit_sums sums; /* of the last solve */
	bool cut;                 /* without supply */
	bool converged;
	unsigned iterations;

	/* For the reading. */
	struct circuit_load *load;          /* [loads] */
	uint32_t *block, meter;             /* of the sweep: [elements]; where the meter is */
	enum net_kind *kind;                /* [blocks]; NET_SHUNT: no element */
	uint32_t (*corner)[NET_PHASES];     /* [places] places of the engine */
};

/* Takes the network, whose nominal voltages are set. NULL, and the network freed, with entries
 * in e when it cannot be solved whatever its loads are. */
struct circuit *circuit_new(struct network *n, double low_pu, struct err_pos pos,
    struct err_list *e);
void circuit_free(struct circuit *c); /* takes NULL */

/* Solves for power p_w, q_var of each customer (> 0 is drawn), from the last solution, into
 * c->at and c->sums. Converged when no voltage moves by more than 1e-12 of its nominal
 * between two iterations. A flow that does not converge has no operating point: the network
 * has tripped, all customers are without voltage, transformers stay energised. Returns
 * converged. */
bool circuit_solve(struct circuit *c, const double *p_w, const double *q_var);

/* That of its network has changed in place (models/grid/controls.h), all parts of which have an
 * earth whatever their taps are: streets behind an earthed wye. */
void circuit_change(struct circuit *c, enum controls_change change);

/* The supply of the whole network is lost, or back: then nothing is live. */
void circuit_cut(struct circuit *c, bool cut);

/* Takes a line or transformer out, or puts it back: what it alone fed is dead. In a tree that
 * takes some ns; elsewhere the engine is made anew, which takes as long as some solves. */
void circuit_open(struct circuit *c, uint32_t element, bool open);

/* Voltages of all nodes, V, of the last solve; lent until the next. */
const double complex *circuit_v(const struct circuit *c);

/* Voltage of a node, V: for looking at single ones; all of them are restored. */
double complex circuit_node_v(const struct circuit *c, uint32_t node);

#endif
