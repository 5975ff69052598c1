/* MATPOWER case files (Zimmerman, Murillo-Sanchez and Thomas 2011, "MATPOWER: steady-state
 * operations, planning and analysis tools", IEEE Trans. Power Systems 26(1); format: its
 * manual, appendix B), as distribution networks: one bus feeds, all others draw.
 *
 * Read: baseMVA and the matrices bus, branch and gen. The network is the balanced
 * equivalent: a node stands for three phases. */
#ifndef HEARTH_MODELS_GRID_MATPOWER_H
#define HEARTH_MODELS_GRID_MATPOWER_H

#include "base/err.h"
#include "models/grid/network.h"

enum mp_type { MP_PQ = 1, MP_PV, MP_REFERENCE, MP_ISOLATED };

struct mp_bus {
	const char *name;          /* its number */
	int type;                  /* enum mp_type */
	double pd_mw, qd_mvar;     /* drawn */
	double gs_mw, bs_mvar;     /* of a shunt at 1 pu: drawn, injected */
	double base_kv, vm_pu, va_deg; /* the last two are the source's at the reference */
};

struct mp_branch {
	const char *from, *to;
	double r_pu, x_pu, b_pu, tap, shift_deg; /* tap 0: a line */
	bool closed;
};

/* Add to a network that network_new gave; buses first. */
void mp_add_bus(struct network *n, const struct mp_bus *b);
void mp_add_branch(struct network *n, const struct mp_branch *b, double base_mva);

/* NULL with entries in e: also where the file computes (MATLAB code beyond plain
 * matrices) or a generator holds a voltage. The caller frees it. */
struct network *mp_read(const char *path, struct err_list *e);

#endif
