/* Lists of processors as the kernel writes them: "0-3,8", or "" for none. */
#ifndef HEARTH_BENCH_JOULES_CPULIST_H
#define HEARTH_BENCH_JOULES_CPULIST_H

/* Returns how many were put into cpu; -1: the text is no such list, or has more than max. */
int cpulist_parse(const char *text, int *cpu, int max);

#endif
