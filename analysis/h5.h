/* The one place that includes HDF5: what writing and reading of results share.
 *
 * HDF5 never touches the disk here: on a full disk its own file driver crashes
 * when the program ends, and a killed writer leaves a file that nobody can
 * open. Files are built and read in memory (core driver without backing store).
 *
 * The layout follows the netCDF-4 format specification (netcdf-c manual,
 * appendix C): dimension scales attached to each axis, order of creation
 * tracked, text as UTF-8 of variable length. Times of creation are not stored,
 * so that equal datasets are equal bytes. */
#ifndef HEARTH_ANALYSIS_H5_H
#define HEARTH_ANALYSIS_H5_H

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdbool.h>

#include "base/dataset.h"

/* HDF5 wants a name even for a file in memory, and at first opens what is called
 * so and reads it into memory: nothing can be called this. */
#define H5_NOWHERE "/dev/null/results"

#define H5_FORMAT "1.0" /* the first number changes when old readers would err */
#define H5_BARE_DIMENSION "This is a netCDF dimension but not a netCDF variable."

/* A file in memory. A failed call anywhere spoils the whole of it: callers go
 * on with invalid ids, which HDF5 refuses quietly, and look at `ok` at the end. */
struct h5 {
	hid_t file;
	hid_t text; /* the type of every string */
	bool ok;
	H5E_auto2_t report; /* HDF5's own error printer, put back at the end */
	void *report_data;
};

/* Opens no file yet: the caller sets h->file with h5_access's list. `bytes` is about
 * what the file will hold. Aborts with mem.h's message where memory is too short
 * for a file of that size: HDF5 itself crashes when it finds none (1.10.8). */
void h5_begin(struct h5 *h, size_t bytes);
void h5_end(struct h5 *h); /* closes the file and whatever is open in it */

/* The id or result of an HDF5 call: a negative one spoils the file. */
hid_t h5_id(struct h5 *h, hid_t id);
void h5_did(struct h5 *h, herr_t result);

hid_t h5_access(struct h5 *h); /* access to a file in memory; H5Pclose it */

hid_t h5_memory_type(const struct h5 *h, enum ds_type type);
hid_t h5_file_type(const struct h5 *h, enum ds_type type); /* the same on every machine */

/* The library's version, "1.10.8". Returns buf. */
char *h5_version(char buf[64]);

#endif
