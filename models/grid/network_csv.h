/* A network from a folder of tables (CSV, columns by name):
 *
 *   source.csv        bus, kv_ll, v_pu and, if wanted, angle_a_deg; isc3_a and x_over_r for
 *                     the impedance behind it, else it is stiff
 *   lines.csv         name, from, to, phases and either the total series impedance and shunt
 *                     susceptance, r_ohm_aa .. x_ohm_cc, b_s_aa .. b_s_cc (upper triangle, in
 *                     the order of the phases a, b, c), or code and length_m
 *   linecodes.csv     code, r1_ohm_km, x1_ohm_km, r0_ohm_km, x0_ohm_km
 *   transformers.csv  name, from, to, kva, kv_from, kv_to, r_pct, x_pct and either conn_from and
 *                     conn_to (wye, floating-wye, delta) or conn (a vector group as Dyn) and
 *                     clock_h; transformer.csv likewise
 *   regulators.csv    name, from, to, conn (wye, open-delta), phase, tap (steps of 5/8 %)
 *   switches.csv      name, from, to, phases, state (open, closed)
 *   loads.csv         bus, phase and kw, kvar, or kw_peak, pf_lagging; if wanted name, conn (wye,
 *                     delta), model (PQ, I, Z), kv_nominal
 *   capacitors.csv    bus, phase, kvar, kv_nominal
 *
 * source.csv is needed. Voltages to ground unless the name says line to line (_ll). */
#ifndef HEARTH_MODELS_GRID_NETWORK_CSV_H
#define HEARTH_MODELS_GRID_NETWORK_CSV_H

#include "base/err.h"
#include "models/grid/network.h"

/* NULL with entries in e. The caller frees it. */
struct network *network_read_csv(const char *folder, struct err_list *e);

#endif
