/* A picture of the customers' voltages: which went how far from nominal, and when.
 *
 * It has at most VOLTAGE_ROWS rows and VOLTAGE_COLUMNS columns, whatever the run. Where
 * there are more customers, neighbours share a row; where a run is longer, two columns
 * become one, as often as need be. A cell keeps the voltage furthest from nominal of all
 * that it stands for, so that no extreme is lost. */
#ifndef HEARTH_MODELS_GRID_VOLTAGE_MAP_H
#define HEARTH_MODELS_GRID_VOLTAGE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"

enum { VOLTAGE_ROWS = 64, VOLTAGE_COLUMNS = 192 };

struct voltage_map {
	uint32_t customers, rows;
	int64_t width_ns; /* of a column: the first one's times a power of 2 */
	uint32_t columns; /* up to the last one with a voltage */
	double *v_pu;     /* [VOLTAGE_COLUMNS][rows]; NAN: nothing was live there */
};

/* step_s: the run's grid step, a column's first width. The caller owns it. */
struct voltage_map *voltage_map_new(uint32_t customers, double step_s);
void voltage_map_free(struct voltage_map *m); /* takes NULL */

/* Takes in the voltage of each customer, per unit of nominal, that holds from begin_ns on
 * for a step or a part of it; not that of dark ones. Times never go back. */
void voltage_map_add(struct voltage_map *m, int64_t begin_ns, const double *v_pu,
    const bool *dark);

/* The first customer of a row, from 0. */
uint32_t voltage_map_first(const struct voltage_map *m, uint32_t row);

/* Fills group "voltage". Nothing before the first voltage. */
void voltage_map_export(const struct voltage_map *m, struct dataset *d);

#endif
