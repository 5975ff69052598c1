/* Whole runs of the program as processes, measured from start to end. */
#ifndef HEARTH_BENCH_PROCESS_H
#define HEARTH_BENCH_PROCESS_H

#include <stdbool.h>

struct process_use {
	double cpu_s;   /* processor time, user and system */
	double peak_mb; /* most memory held, 1e6 bytes */
};

/* Runs argv[0] with the words after it (NULL at the end), what it prints thrown away;
 * false when it failed. */
bool process_run(const char *const *argv, struct process_use *use);

/* Writes a scenario into a new file below /tmp; its name, or NULL. The caller unlinks
 * and frees it. */
char *process_scenario(const char *text);

#endif
