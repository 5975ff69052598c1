/* What a run says of stationary batteries: a row for each place and chemistry. */
#ifndef HEARTH_ANALYSIS_CELLS_H
#define HEARTH_ANALYSIS_CELLS_H

#include "analysis/show.h"

enum { CELLS_TEXT = 4 * SHOW_SIZE };

/* All as people read it. Health, loss and life: of the cell whose fade the batteries follow,
 * then the band over the chemistry's cells. */
struct cells_row {
	char where[CELLS_TEXT]; /* "homes, lfp"; an assumption says so */
	char cycles[SHOW_SIZE], cycles_a_year[SHOW_SIZE];
	char health[CELLS_TEXT], first_year_loss[CELLS_TEXT], life[CELLS_TEXT];
};

/* The rows one by one: sets *row and returns the index to go on from; 0: no more. Begin
 * with 0. */
size_t cells_next(const struct dataset *d, size_t from, struct cells_row *row);

#define CELLS_NOTE \
	"A year and life (until 80 % is left) as if all went on as in the run; in brackets the " \
	"band over the cells of the chemistry, or over the cases of an assumption."

#endif
