/* hearth trace: what its actions share. */
#ifndef HEARTH_CLI_TRACE_H
#define HEARTH_CLI_TRACE_H

#include "base/err.h"
#include "cli/options.h"

enum trace_option {
	TRACE_TO,
	TRACE_SEED,
	TRACE_DURATION,
	TRACE_SET,
	TRACE_FIT,
	TRACE_JSON,
	TRACE_CSV,
	TRACE_MD
};

/* Each takes its operands after the action's name, as many as it wants, and returns an
 * enum status; faults are in e. */
int trace_info(const struct options *o, struct err_list *e);
int trace_convert(const struct options *o, struct err_list *e);
int trace_make(const struct options *o, struct err_list *e);

#endif
