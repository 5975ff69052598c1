/* A radial low-voltage feeder: source, one transformer, a street of cables.
 *
 *     <feeder street="european-lv"> <transformer rating="250 kVA"/> </feeder>
 *
 * Solved by the backward/forward sweep (Shirmohammadi, Hong, Semlyen, Luo 1988,
 * "A compensation-based power flow method for weakly meshed distribution and
 * transmission networks", IEEE Trans. Power Systems 3(2)) on three phases that
 * are coupled through the neutral (models/grid/street.h). The source is a
 * balanced voltage behind the fault level's impedance; its meter stands at the
 * high side of the transformer. Everything is referred to the low side.
 *
 * A customer draws constant power. Below low-voltage-limit a load becomes the
 * constant impedance that draws its power at the limit, and a generator holds
 * its current (inverters limit it), so that the flow always goes over into one
 * that exists; what is then missing is counted as unserved or curtailed. */
#ifndef HEARTH_MODELS_GRID_FEEDER_H
#define HEARTH_MODELS_GRID_FEEDER_H

#include <stdbool.h>
#include <stdint.h>

#include "models/class.h"
#include "models/grid/street.h"
#include "models/grid/transformer.h"
#include "models/site/ledger.h"
#include "models/step.h"

struct feeder_par {
	const char *name;
	const struct object *street;
	double v_ll_v;         /* nominal line-to-line voltage of the low side */
	double source_pu;      /* voltage of the source behind its impedance */
	double fault_va;       /* three-phase short-circuit power; NAN: the source is stiff */
	double fault_x_r;      /* reactance by resistance of the source */
	double v_low_pu;       /* constant power above this voltage */
};

extern const struct class feeder_class;

/* Phases a, b, c: real and imaginary parts, V or A. */
struct phasors {
	double re[3], im[3];
};

/* Where one phase of a customer takes its current. */
struct tap {
	uint32_t node, customer;
	uint8_t phase;
	double share;      /* of the customer's power: 1, or 1/3 for each of three phases */
	double i_re, i_im; /* what it draws ... */
	double v_re, v_im; /* ... at this voltage */
};

/* Read by everyone, written by feeder.c only. */
struct feeder {
	struct feeder_par par;
	struct transformer_par transformer; /* resolved */
	bool has_transformer;
	struct tree *tree;
	uint32_t customers;

	/* Of the last solve. */
	bool converged;      /* false: tripped, all customers are without voltage */
	unsigned iterations; /* sweeps */
	double *v_pu;        /* of each customer: its phase to neutral, by the nominal; of three
	                        phases the one farthest from 1 */
	double *served_w;    /* of each customer: what it really draws */
	double *line_pu;     /* of each line: highest current of its conductors, by the rating */
	double source_w, source_var, source_va; /* at the meter; > 0 is drawn from the grid */
	double line_loss_w, transformer_loss_w;
	double delivered_w, collected_w; /* wanted: sums of positive and of -negative nets */
	double unserved_w, curtailed_w;  /* what is missing of the two */
	double transformer_pu;           /* apparent power at the meter by the rating; 0: none */
	double winding_pu;               /* highest phase current, by the rated one */
	double winding_rms_pu;           /* root mean square of the three */
	double unbalance_pu;             /* highest |V2| / |V1| at the places of the street */
	uint32_t unbalance_node;
	double *unbalance2;              /* (|V2| / |V1|)^2 at each node; 0 at the end of a drop */
	uint32_t low;                    /* customers below the low-voltage limit */

	/* Since feeder_new. */
	uint64_t solves, sweeps, failures, low_solves;

	/* Work of the sweep. */
	double source_r_ohm, source_x_ohm;           /* behind the meter */
	double head_r_ohm, head_x_ohm;               /* of the transformer */
	struct tap *tap;
	uint32_t taps;
	struct phasors *v, *i;    /* at node n: voltage; current of the line that ends there */
	struct phasors meter_v;
};

/* The feeder of a <feeder> with its first `customers` service points, at most
 * street_points of its street: the caller checks that. The caller owns it. */
struct feeder *feeder_new(const struct object *o, uint32_t customers);

/* The same from parts. transformer NULL: the source is the busbar. Takes the tree. */
struct feeder *feeder_build(const struct feeder_par *par, const struct transformer_par *transformer,
    struct tree *tree);

void feeder_free(struct feeder *f); /* takes NULL */

/* Solves for constant power p_w, q_var of each customer (> 0 is drawn), from the
 * last solution. Converged when no customer's voltage moves by more than 1e-12 of
 * the nominal between two sweeps; the powers then balance to 1e-11 of the
 * throughput. A flow that does not converge has no operating point: it counts as
 * a failure, and the feeder as tripped. Returns converged. */
bool feeder_solve(struct feeder *f, const double *p_w, const double *q_var);

/* |source - customers - losses| / throughput of the last solve. */
double feeder_residual(const struct feeder *f);

/* Voltage of a node's phase, V to neutral. */
double feeder_node_v(const struct feeder *f, uint32_t node, int phase);

/* Books one step of the last solve into the ledger of the grid. Customers' meters
 * count as wanted: what is missing stands against it as unserved or curtailed. */
void feeder_book(const struct feeder *f, const struct step *step, struct ledger *l);

#endif
