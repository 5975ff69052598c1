/* The local grid: low-voltage streets behind their transformers, or networks from tables.
 *
 *     <feeder street="european-lv"> <transformer rating="250 kVA"/> </feeder>
 *     <feeder network="suburb" count="20"/>
 *
 * Each feeder is a network of its own (models/grid/circuit.h). That of a street is a balanced
 * voltage behind the fault level's impedance, the meter, the transformer (Dyn) and the
 * street's cables; voltages are referred to the low side. That of tables is as
 * models/grid/network_csv.h has it; its loads are the service points, whatever they draw
 * there. With `count`, several alike stand side by side, and homes fill one after another. */
#ifndef HEARTH_MODELS_GRID_FEEDER_H
#define HEARTH_MODELS_GRID_FEEDER_H

#include <stdbool.h>
#include <stdint.h>

#include "models/class.h"
#include "models/grid/circuit.h"
#include "models/site/ledger.h"
#include "models/step.h"

/* Whose limits of the customers' voltage the margin is to (models/grid/stress.h). */
enum voltage_limits { LIMITS_EN50160, LIMITS_ANSI_A, LIMITS_ANSI_B };

struct feeder_par {
	const char *name;
	const struct object *street; /* or */
	const char *network;         /* folder of tables */
	double v_ll_v;         /* nominal line-to-line voltage of the low side */
	double source_pu;      /* voltage of the source behind its impedance */
	double fault_va;       /* three-phase short-circuit power; NAN: the source is stiff */
	double fault_x_r;      /* reactance by resistance of the source */
	double v_low_pu;       /* constant power above this voltage */
	int limits;            /* enum voltage_limits */
	int64_t count;         /* such feeders */
	bool volt_var, volt_watt; /* functions of its customers' inverters that are on */
};

extern const struct class feeder_class;

/* Read by everyone, written by feeder.c only. */
struct feeder {
	struct feeder_par par;
	struct circuit **circuit;
	uint32_t *first; /* [circuits] its first customer */
	int threads; /* that solve circuits at a time: 1, unless the owner sets it */
	uint32_t circuits, customers, lines, places, transformers;
	const struct transformer_par **transformer; /* [transformers] */
	const char **line_name, **place_name;       /* [lines], [places] */

	/* Of the last solve; all circuits' customers, lines, places and transformers in order. */
	struct circuit_results at;
	struct circuit_sums sums;
	bool converged;        /* all of them */
	double tripped_w;      /* unserved because the circuit found no operating point */
	double source_va;      /* at the meters */
	double transformer_pu; /* the highest; 0: there is none */
	double unbalance_pu;   /* the highest, and where */
	uint32_t unbalance_place;

	/* Since feeder_new. */
	uint64_t solves, iterations, failures, low_solves; /* of circuits */
};

/* The feeders of a <feeder>, of which the first `customers` service points are in use. The
 * caller owns it. NULL with entries in e when there are fewer, or it cannot be solved. */
struct feeder *feeder_new(const struct object *o, uint32_t customers, struct err_list *e);

/* A feeder of networks, whose nominal voltages are set. Takes them. */
struct feeder *feeder_build(const struct feeder_par *par, struct network **network,
    uint32_t networks, struct err_pos pos, struct err_list *e);

void feeder_free(struct feeder *f); /* takes NULL */

/* Solves for constant power p_w, q_var of each customer (> 0 is drawn), as circuit_solve
 * does. Returns f->converged. */
bool feeder_solve(struct feeder *f, const double *p_w, const double *q_var);

/* |meters - customers - losses| / throughput of the last solve. */
double feeder_residual(const struct feeder *f);

/* Books one step of the last solve into the ledger of the grid. Customers' meters
 * count as wanted: what is missing stands against it as unserved or curtailed. Plants of
 * its networks are its own solar source. */
void feeder_book(const struct feeder *f, const struct step *step, struct ledger *l);

#endif
