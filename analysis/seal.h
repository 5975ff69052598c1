/* The seal at the end of a results file: a line with the SHA-256 of all bytes
 * before it.
 *
 * HDF5 finds its end from its own header, so readers never see the line; yet
 * a file that was cut, damaged or changed is told from a good one before a
 * library walks its structures. */
#ifndef HEARTH_ANALYSIS_SEAL_H
#define HEARTH_ANALYSIS_SEAL_H

#include <stddef.h>

#include "base/digest.h"

#define SEAL_WORD "\nhearth-sha256 "
enum { SEAL_BYTES = sizeof SEAL_WORD - 1 + 64 + 1 }; /* word, hexadecimal digits, newline */

enum seal_state { SEAL_ABSENT, SEAL_BROKEN, SEAL_GOOD };

/* Writes the SEAL_BYTES of the seal of data[0..size-1] to `seal`, without a NUL. */
void seal_make(const unsigned char *data, size_t size, char *seal);

/* The digits of the seal that data[0..size-1] ends with, which is not checked. */
void seal_digest(const unsigned char *data, size_t size, char hex[DIGEST_SIZE]);

/* Whether data[0..size-1] ends with the seal of what stands before it. */
enum seal_state seal_check(const unsigned char *data, size_t size);

#endif
