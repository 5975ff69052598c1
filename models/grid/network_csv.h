/* A network from a folder of tables (CSV, columns by name):
 *
 *   source.csv        bus, kv_ll, v_pu and, if wanted, angle_a_deg; isc3_a and x_over_r for
 *                     the impedance behind it, else it is stiff
 *   lines.csv         name, from, to, phases and either the total series impedance and shunt
 *                     susceptance, r_ohm_aa .. x_ohm_cc, b_s_aa .. b_s_cc (upper triangle, in
 *                     the order of the phases a, b, c), or code and length_m; if wanted
 *                     rating_a, continuous, and neutral_a of a neutral that carries the sum,
 *                     in place of those of the code
 *   linecodes.csv     code, r1_ohm_km, x1_ohm_km, r0_ohm_km, x0_ohm_km; if wanted b_us_km (to earth, of each
 *                     phase), rating_a, neutral_a
 *   triplex.csv       code, rs_ohm_km, xs_ohm_km, rm_ohm_km, xm_ohm_km: self and mutual
 *                     impedance of the two legs, the neutral earthed at both ends eliminated
 *   transformers.csv  name, from, to, kva, kv_from, kv_to, r_pct, x_pct and either conn_from and
 *                     conn_to (wye, floating-wye, delta) or conn (a vector group as Dyn) and
 *                     clock_h; if wanted no_load_kw; transformer.csv likewise
 *   centre_tapped.csv name, from, phase (as a: to earth; as ab: between two), to, kva, kv_from
 *                     (across the primary), r_pct, x_pct; if wanted v_leg (V, 120) and
 *                     no_load_kw
 *   regulators.csv    name, from, to, conn (wye, open-delta), phase, tap (steps of 5/8 %);
 *                     controlled where set_v is given
 *   switches.csv      name, from, to, phases, state (open, closed)
 *   loads.csv         bus, phase and kw, kvar, or kw_peak, pf_lagging; if wanted name, conn (wye,
 *                     delta), model (PQ, I, Z), kv_nominal; rows of one name that follow each
 *                     other are one customer's
 *   capacitors.csv    bus, phase, kvar, kv_nominal
 *   capacitor_controls.csv, inverters.csv
 *   below.csv         name, bus, network: the network of that folder, which lies in this one,
 *                     hangs below the bus in place of its own source; its names begin with
 *                     "NAME/". One level deep
 *
 * What is controlled (models/grid/control_list.h); columns in [] need not be there, nor
 * need their fields:
 *
 *   regulators.csv          set_v, band_v (centre and full width, V at the relay), pt_ratio,
 *                           [r_v, x_v, ct_a (line drop compensator, V at the primary rating)],
 *                           [delay_s (30), again_s (as delay_s): of the first step and of each
 *                           further one], [gang (yes: rows of one name move together, by the
 *                           relay of the first, the only one whose settings are read)]
 *   capacitor_controls.csv  bus (its capacitors are switched together), by (voltage, reactive,
 *                           time), on, off (pu of nominal; kvar; hours since midnight), [line
 *                           (an element: by reactive power into its first side)], [state
 *                           (closed, open)], [on_delay_s, off_delay_s (60)], [rest_s (300)]
 *   inverters.csv           name, bus, phase (a or abc), kva, kw (what it could give now, and
 *                           throughout a run),
 *                           [rated_kw (as kva)], [volt_var, volt_watt (yes, no)], [category
 *                           (b, a: the settings of IEEE 1547)], [priority (var, watt)]
 *
 * source.csv is needed. Voltages to ground unless the name says line to line (_ll). On
 * split-phase buses, those behind centre-tapped transformers, legs 1 and 2 stand in the place
 * of phases (1, 2, 12) in lines (whose code is one of triplex.csv then, whose matrices are in
 * the columns of a and b), switches, loads and capacitors; 12 is between them, at 240 V. A bus
 * has phases or legs. */
#ifndef HEARTH_MODELS_GRID_NETWORK_CSV_H
#define HEARTH_MODELS_GRID_NETWORK_CSV_H

#include "base/err.h"
#include "models/grid/network.h"

/* NULL with entries in e. The caller frees it. */
struct network *network_read_csv(const char *folder, struct err_list *e);

#endif
