/* Ways to find out what a machine has: for `hearth doctor`. Nothing is started but gnuplot. */
#ifndef HEARTH_CLI_DOCTOR_FIND_H
#define HEARTH_CLI_DOCTOR_FIND_H

#include <stdbool.h>

/* The path of a program in $PATH; NULL: there is none. The caller frees. */
char *find_program(const char *name);

/* The first of these files or folders that can be read (NULL at the end); NULL: none can. */
const char *find_file(const char *const *paths);

/* Whether the dynamic linker has the library. */
bool find_library(const char *name);

/* Platforms of OpenCL; -1 without its loader. */
int find_opencl(void);

/* "5.4 patchlevel 4"; NULL where gnuplot does not run. The caller frees. */
char *find_gnuplot(void);

/* Processors that this process may use. */
int find_processors(void);

#endif
