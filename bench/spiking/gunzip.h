/* Files that may be compressed. */
#ifndef HEARTH_BENCH_SPIKING_GUNZIP_H
#define HEARTH_BENCH_SPIKING_GUNZIP_H

#include <stddef.h>

#include "base/err.h"

/* The bytes of a file, or what the command gzip makes of them where it is one of gzip's (RFC
 * 1952), followed by a NUL that *size does not count; the caller frees. NULL with an entry in e
 * on failure, also where the text has more than `max` bytes. */
char *gunzip_read(const char *path, size_t max, size_t *size, struct err_list *e);

#endif
