/* lines.csv and linecodes.csv of a network. */
#ifndef HEARTH_MODELS_GRID_NETWORK_CSV_LINE_H
#define HEARTH_MODELS_GRID_NETWORK_CSV_LINE_H

#include "models/grid/network_csv_field.h"

void csv_read_code(struct csv_reader *r);
void csv_read_line(struct csv_reader *r);

#endif
