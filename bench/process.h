/* Whole runs of the program as processes, measured from start to end. */
#ifndef HEARTH_BENCH_PROCESS_H
#define HEARTH_BENCH_PROCESS_H

#include <stdbool.h>

struct process_use {
	double cpu_s;   /* processor time, user and system */
	double peak_mb; /* most memory held, 1e6 bytes */
};

enum { PROCESS_WORDS = 12 };

/* Runs the hearth of this build with `word` (at most PROCESS_WORDS, then NULL); what
 * it prints is thrown away; when it failed its errors are shown, and false comes back. */
bool process_run(const char *const *word, struct process_use *use);

/* Writes a scenario into a new file below /tmp; its name, or NULL. The caller unlinks
 * and frees it. */
char *process_scenario(const char *text);

#endif
