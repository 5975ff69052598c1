/* The roofline of a run as a picture. */
#ifndef HEARTH_CLI_BENCH_PLOT_H
#define HEARTH_CLI_BENCH_PLOT_H

#include <stdbool.h>

#include "base/err.h"
#include "bench/suite/record.h"

/* Writes SVG, drawn by gnuplot: the roofs of bench/suite/roofs.h, and a point for each row of
 * one thread with flops and bytes. False with an entry in e: nothing to draw, no gnuplot,
 * or the file cannot be written. */
bool bench_plot_write(const char *path, const struct bench_file *f, struct err_list *e);

#endif
