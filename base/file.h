/* Whole files: read in one go, written so that they are complete or absent. */
#ifndef HEARTH_BASE_FILE_H
#define HEARTH_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Puts size bytes into `path`: into a temporary file beside it, synced to the
 * disk, then renamed. Until then an older file of that name stays as it is; on
 * failure nothing is left behind. A symbolic link is followed; what exists and
 * is no regular file (a device, a pipe, a folder) is refused. False with an
 * entry in e on failure. */
bool file_write(const char *path, const void *data, size_t size, struct err_list *e);

/* The bytes of a regular file, followed by a NUL that *size does not count; the
 * caller frees. NULL with an entry in e on failure. */
char *file_read(const char *path, size_t *size, struct err_list *e);

#endif
