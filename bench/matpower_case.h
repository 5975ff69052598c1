/* MATPOWER's distribution cases from tables: NAME_bus.csv and NAME_branch.csv in a folder. */
#ifndef HEARTH_BENCH_MATPOWER_CASE_H
#define HEARTH_BENCH_MATPOWER_CASE_H

#include "base/err.h"
#include "base/sheet.h"
#include "models/grid/network.h"

/* One row of the folder's summary.csv. */
struct mp_case {
	const char *folder;
	char *name; /* owned */
	double base_mva, loss_kw;
};

/* Columns that summary.csv must have; the case of its present row, NAME copied. */
extern const char *const mp_case_columns[];
struct mp_case mp_case_of(const struct sheet *t, const char *folder);

/* The path of its buses, "FOLDER/NAME_bus.csv", whose solved voltages are in columns vm_pu and
 * va_deg, and the columns that it must have. The caller frees. */
char *mp_case_buses(const struct mp_case *c);
extern const char *const mp_bus_columns[];

/* Faults are in e. The caller frees it. */
struct network *mp_case_network(const struct mp_case *c, struct err_list *e);

#endif
