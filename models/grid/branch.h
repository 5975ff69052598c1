/* Primitive admittances of lines, transformers and shunts (Kersting, Distribution
 * System Modeling and Analysis, chapters 6 and 8; Chen et al. 1991, "Distribution
 * system power flow analysis: a rigid approach", IEEE Trans. Power Delivery 6(3)).
 *
 * Every function adds one element to a network whose nodes are there. */
#ifndef HEARTH_MODELS_GRID_BRANCH_H
#define HEARTH_MODELS_GRID_BRANCH_H

#include "models/grid/network.h"

/* A line of `phases` conductors (1 to 3) between from[] and to[], coupled to each
 * other: z_ohm and b_s, [phases * phases], are its total series impedance and total
 * shunt susceptance, half of which stands at either end. False when z_ohm is
 * singular: nothing is added then. */
bool branch_line(struct network *n, const char *name, int phases, const uint32_t *from,
    const uint32_t *to, const double complex *z_ohm, const double *b_s);

/* A balanced source at a bus: v is the voltage of its phase a, behind an impedance that is
 * alike in all sequences; 0: the bus itself is held. */
void branch_supply(struct network *n, uint32_t bus, double complex v, double nominal_v,
    double complex z_ohm);

/* How the three coils of a side are connected. */
enum winding { WINDING_EARTHED, WINDING_WYE, WINDING_DELTA, WINDING_KINDS };
extern const char *const winding_name[WINDING_KINDS]; /* "wye", "floating-wye", "delta" */

struct branch_side {
	enum winding winding;
	double v_ll_v; /* rated, line to line */
	const uint32_t *node; /* [3] */
};

/* Three single-phase units: series impedance z_pu on their rating of s_va together, no
 * magnetising branch; no_load_w is lost at nominal voltage of the first side. A low side in delta and a high side in wye, or the other way
 * round, lags the high side by 30 degrees (IEEE C57.12.00; Dyn1, Yd1). */
void branch_transformer(struct network *n, const char *name, const struct branch_side *from,
    const struct branch_side *to, double s_va, double complex z_pu, double no_load_w);

/* One phase of a balanced network, all on one side: an ideal transformer of complex
 * ratio `tap` : 1 at `from`, then series impedance and shunt susceptance as of a line
 * (MATPOWER manual, section 3.2). */
void branch_tapped(struct network *n, const char *name, uint32_t from, uint32_t to,
    double complex z_ohm, double b_s, double complex tap);

/* An admittance between two nodes, or to NET_GROUND. */
void branch_shunt(
    struct network *n, const char *name, uint32_t plus, uint32_t minus, double complex y_s);

#endif
