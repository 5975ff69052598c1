/* What a table holds: known to its writers only (base/table.h). */
#ifndef HEARTH_BASE_TABLE_CELLS_H
#define HEARTH_BASE_TABLE_CELLS_H

#include <stddef.h>

#include "base/table.h"

enum cell_kind { CELL_NONE, CELL_TEXT, CELL_FLAG, CELL_COUNT, CELL_NUMBER };

struct cell {
	enum cell_kind kind;
	char *text; /* for people; never NULL */
	char *data; /* of CELL_TEXT where it is another one for programs; else NULL */
	uint64_t count; /* also a flag's 0 or 1 */
	double number;
};

struct table {
	const struct table_column *column;
	size_t columns;
	struct cell *cell; /* [rows * columns], row by row */
	size_t cells, cap;
	bool headless;
};

void table_print_csv(const struct table *t, FILE *out);
void table_print_json(const struct table *t, FILE *out);

#endif
