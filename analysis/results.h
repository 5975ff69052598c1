/* The results file of a run: a dataset in HDF5, laid out as NetCDF-4 wants it.
 * hearth-results(5) describes the layout for readers in other languages.
 *
 * One dataset gives the same bytes whenever and wherever it is written. The
 * file is built in memory and put in place whole: it is complete or absent,
 * and an older file of that name stays until then. */
#ifndef HEARTH_ANALYSIS_RESULTS_H
#define HEARTH_ANALYSIS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/dataset.h"
#include "base/err.h"

/* Writes `d` to `path`. Text that is not UTF-8 is repaired. False with an entry
 * in e, and no change on disk, when the file cannot be written. A column with
 * the name of a dimension must be one-dimensional along it: its coordinate. */
bool results_write(const struct dataset *d, const char *path, struct err_list *e);

/* A dataset with a group of links to other results files: link i leads to the root of
 * `file[i]`, named from the folder of `path`, as /GROUP/NAME[i]. A file that is not there is
 * found missing by who follows its link. */
struct results_links {
	const char *group;
	const char *const *name, *const *file;
	size_t count;
};
bool results_write_linked(const struct dataset *d, const struct results_links *links,
    const char *path, struct err_list *e);

/* The bytes of that file, sealed; the caller frees. NULL with an entry in e, at `path`. */
unsigned char *results_image(const struct dataset *d, const char *path, size_t *size,
    struct err_list *e);

/* Reads what results_write wrote; the caller frees. NULL with an entry in e
 * that says what to do when `path` cannot be read, is no results file, or is
 * not, bit for bit, what was written. */
struct dataset *results_read(const char *path, struct err_list *e);

#endif
