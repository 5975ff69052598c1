/* What the parts of validate_grid share. */
#ifndef HEARTH_BENCH_VALIDATE_GRID_H
#define HEARTH_BENCH_VALIDATE_GRID_H

#include "bench/validate_parts.h"
#include "models/grid/nodal.h"

/* A network of a folder of tables, or NULL: not there (counted) or faulty (in j->e). */
struct network *validate_network(struct validate_job *j, const char *folder);

/* How far the fast engines are from the nodal equations, of nominal voltages. */
struct engine_gap {
	struct worst sweep, dense;
};

/* Adds the voltages of the network, which s has solved, by whatever engine takes it. */
void validate_gap(struct engine_gap *g, const struct network *n, const struct nodal *s);

#define VALIDATE_TOLERANCE_PU 1e-12

/* Solved to VALIDATE_TOLERANCE_PU, and compared by validate_gap; an entry in j->e where it did not
 * converge, NULL where it cannot. */
struct nodal *validate_solve(struct validate_job *j, const struct network *n, const char *name);

/* Voltage of "a" to earth or of "ab" between two phases of a bus; NAN: not there. */
double complex validate_voltage(const struct nodal *s, const struct net_bus *b, const char *phases);

void validate_ieee(struct validate_job *j);       /* 13, 34 and 37 nodes */
void validate_regulators(struct validate_job *j); /* of the same, with published settings */
void validate_ieee4(struct validate_job *j);      /* 4 nodes, 20 transformers */
void validate_lv_day(struct validate_job *j);     /* European low-voltage feeder */
void validate_matpower(struct validate_job *j);   /* MATPOWER's distribution cases */
void validate_engines(struct validate_job *j);    /* the gap of all of these */
void validate_collapse(struct validate_job *j);   /* loads without a solution */
void validate_frequency(struct validate_job *j);  /* the system frequency response model */

#endif
