/* The tables of what is controlled in a network: see network_csv.h. */
#ifndef HEARTH_MODELS_GRID_NETWORK_CSV_CONTROL_H
#define HEARTH_MODELS_GRID_NETWORK_CSV_CONTROL_H

#include "models/grid/network_csv_field.h"

/* Control of the regulator that the present row of regulators.csv has made a tie of;
 * nothing where the row has no set_v. */
void csv_regulator_control(struct csv_reader *r, double tap);

void csv_capacitor_control(struct csv_reader *r); /* a row of capacitor_controls.csv */
void csv_inverter(struct csv_reader *r);          /* a row of inverters.csv */

#endif
