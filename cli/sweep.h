/* hearth sweep: what its parts share. */
#ifndef HEARTH_CLI_SWEEP_H
#define HEARTH_CLI_SWEEP_H

#include "base/err.h"
#include "cli/options.h"
#include "cli/session.h"
#include "sweep/folder.h"
#include "sweep/inputs.h"
#include "sweep/points.h"

enum sweep_option { SWEEP_OUTPUT, SWEEP_JOBS, SWEEP_SHARD, SWEEP_ON_FAIL, SWEEP_TASKS };

/* Each takes its operand after the action's name and returns an enum status; faults are
 * in e. */
int sweep_plan(const struct options *o, struct err_list *e);
int sweep_run(const struct options *o, struct err_list *e);
int sweep_status(const struct options *o, struct err_list *e);
int sweep_collect(const struct options *o, struct err_list *e);
int sweep_slurm(const struct options *o, struct err_list *e);
int sweep_commands(const struct options *o, struct err_list *e);

/* The plan of the folder that is named first; NULL with an entry in e. */
struct points *sweep_points(const char *folder, struct err_list *e);

/* A study that is ready to run: all files read, no point built. */
struct sweep {
	const char *folder;
	struct points *points;
	struct inputs inputs;
	struct session session;
};

/* False with entries in e, also when the files are not those that were planned with;
 * sweep_unload is needed either way. */
bool sweep_load(struct sweep *s, const char *folder, struct err_list *e);
void sweep_unload(struct sweep *s);

/* Whether a scenario takes the values of the axes, each by itself; what it does not take is
 * told at the study's lines. */
bool sweep_check(const struct study *study, const char *scenario, struct err_list *e);

/* Runs a point in this process, which can run no second one: makes its results file in
 * memory, writes the line of its summary (cli/sweep_log.h) to fd and closes it, and puts the
 * file in place. Says on standard error what is wrong. Returns an enum status. */
int sweep_point(struct sweep *s, size_t point, int fd);

#endif
