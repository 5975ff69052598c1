/* Whole files: read in one go, written so that they are complete or absent. */
#ifndef HEARTH_BASE_FILE_H
#define HEARTH_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Puts size bytes into `path`: into a temporary file beside it (hearth-*.tmp),
 * synced to the disk, then renamed. Until then an older file of that name stays as
 * it is; on failure nothing is left behind. Signals wait until it is done. A
 * symbolic link is followed; names that file_refuse_name refuses are refused.
 * False with an entry in e on failure. */
bool file_write(const char *path, const void *data, size_t size, struct err_list *e);

/* The same, but only where nothing has that name yet: an older file is left as it is, which is
 * a fault, also when it came in the same moment. */
bool file_write_new(const char *path, const void *data, size_t size, struct err_list *e);

/* Removes what writers that were killed have left in a folder: temporary files of
 * file_write that nobody holds and that are FILE_ORPHAN_S old, for between its making and its
 * locking a file is held by none. Returns how many. */
size_t file_remove_orphans(const char *folder);
enum { FILE_ORPHAN_S = 10 };

/* Why no file can be put under that name, whatever its folder allows: what exists
 * is no regular file (a device, a pipe, a folder), a link leads nowhere or in
 * circles, the name is too long. NULL when there is no such reason. */
const char *file_refuse_name(const char *path);

enum { FILE_TABLE_MAX = 64 << 20 }; /* bytes: a century of hourly rows of 70 characters */

/* The bytes of a regular file of at most `max`, followed by a NUL that *size does
 * not count; the caller frees. NULL with an entry in e on failure. */
char *file_read(const char *path, size_t max, size_t *size, struct err_list *e);

#endif
