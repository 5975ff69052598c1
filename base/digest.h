/* SHA-256 (FIPS 180-4), written as 64 lower-case hexadecimal digits. */
#ifndef HEARTH_BASE_DIGEST_H
#define HEARTH_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

enum { DIGEST_SIZE = 65 }; /* digits and a NUL */

/* Returns hex. */
char *digest_bytes(const void *data, size_t size, char hex[DIGEST_SIZE]);

/* Of what a file holds, whatever its size; false with errno set when it cannot
 * be read to its end. */
bool digest_file(const char *path, char hex[DIGEST_SIZE]);

#endif
