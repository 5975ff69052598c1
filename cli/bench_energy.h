/* The meters of `hearth bench`: one for what processors do, one for accelerators. */
#ifndef HEARTH_CLI_BENCH_ENERGY_H
#define HEARTH_CLI_BENCH_ENERGY_H

#include <stdbool.h>

#include "base/table.h"
#include "bench/joules/joules.h"
#include "bench/suite/run.h"

struct bench_meter {
	struct joules *joules; /* NULL: not opened */
	struct suite_meter suite;
	char why[192];         /* the first reason why a window gave nothing; "" */
};

struct bench_meters {
	struct bench_meter processor, device;
	char line[640]; /* for the record: what measures, or why nothing does */
};

/* As options have them; NULL: not given. */
struct bench_energy_options {
	const char *source, *tdp, *idle, *offset;
};

/* For the table of options: why a value is refused, or NULL. */
const char *bench_energy_refuse_power(const char *value);
const char *bench_energy_refuse_time(const char *value);

/* Opens the meters, takes an idle window of the length that cases will have, and sets the
 * plan's members for them: NULL where there is neither meter nor model. False with an entry
 * in e when a source that was named does not work. Give *m to bench_meters_close in either
 * case; it must not move meanwhile. */
bool bench_meters_open(struct bench_meters *m, const struct bench_energy_options *o,
    struct suite_plan *plan, struct err_list *e);
void bench_meters_close(struct bench_meters *m);

/* After a run: the record's line, and on the standard error output why windows gave nothing. */
void bench_meters_tell(const struct bench_meters *m, struct bench_file *f);

/* hearth bench --list-energy; an enum status. */
int bench_energy_list(const struct bench_energy_options *o, enum table_form form);

#endif
