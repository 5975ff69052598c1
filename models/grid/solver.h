/* A power flow by whichever engine takes the network: the sweep where it is a tree, else the
 * nodal equations, which also have the last word where the sweep does not come to rest. */
#ifndef HEARTH_MODELS_GRID_SOLVER_H
#define HEARTH_MODELS_GRID_SOLVER_H

#include "models/grid/controls.h"
#include "models/grid/nodal.h"

struct solver;

enum solver_engine { SOLVER_SWEEP, SOLVER_NODAL };

/* The network is lent until solver_free; its name is told where it cannot be solved. */
struct solver *solver_new(const struct network *n, const char *name);
void solver_free(struct solver *s); /* takes NULL */

/* From the last solution where there is one. False with entries in e when the network cannot
 * be solved whatever its loads are; a flow that has not converged is none of these. */
bool solver_solve(struct solver *s, double tolerance_pu, struct err_list *e);

/* That of the network has changed in place. */
void solver_change(struct solver *s, enum controls_change change);

/* Of the last solve; lent until the next one. */
const struct nodal_result *solver_result(const struct solver *s);
enum solver_engine solver_engine(const struct solver *s);
const double complex *solver_v(struct solver *s); /* [nodes], V; 0 in dead parts */
const struct topology *solver_topology(const struct solver *s);

#endif
