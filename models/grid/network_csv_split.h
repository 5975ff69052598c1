/* Tables of split-phase networks: triplex.csv and centre_tapped.csv (columns: network_csv.h). */
#ifndef HEARTH_MODELS_GRID_NETWORK_CSV_SPLIT_H
#define HEARTH_MODELS_GRID_NETWORK_CSV_SPLIT_H

#include "models/grid/network_csv_field.h"

/* A row of either. */
void csv_read_triplex(struct csv_reader *r);
void csv_read_centre_tapped(struct csv_reader *r);

/* Total series impedance, [legs * legs], of the line in this row by its code and length_m. */
struct csv_rating csv_triplex_line(struct csv_reader *r, int legs, double complex *z_ohm);

#endif
