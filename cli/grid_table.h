/* The tables of a solved network, one by one: what --table names. */
#ifndef HEARTH_CLI_GRID_TABLE_H
#define HEARTH_CLI_GRID_TABLE_H

#include "base/table.h"
#include "cli/grid.h"

#define GRID_TABLE_LIST(X) \
	X(voltages) \
	X(elements) \
	X(power) \
	X(regulators) \
	X(capacitors) \
	X(inverters)

/* Each makes its table, which the caller frees; NULL where the network has nothing of the kind,
 * or controls have not acted. */
#define X(name) struct table *grid_table_##name(const struct grid_case *c);
GRID_TABLE_LIST(X)
#undef X

/* NULL when it names none. */
struct table *(*grid_table_named(const char *name))(const struct grid_case *c);

/* "voltages, elements, ..." */
#define GRID_TABLE_WORDS "voltages, elements, power, regulators, capacitors or inverters"

/* A node's bus and phase for people: of a balanced equivalent "abc", of a leg its number. */
const char *grid_bus(const struct network *n, uint32_t node);
const char *grid_phase(const struct network *n, const struct net_bus *b, int phase);

double grid_highest_a(const struct net_element *el, const double complex *v);

#endif
