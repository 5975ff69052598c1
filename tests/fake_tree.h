/* A folder that stands for / in tests of what reads the kernel's files. */
#ifndef HEARTH_TESTS_FAKE_TREE_H
#define HEARTH_TESTS_FAKE_TREE_H

#include <stddef.h>

/* An empty folder below /tmp; the name is static. One at a time. */
const char *fake_tree(void);
void fake_tree_drop(void); /* removes it with all that is in it */

/* Writes a file in it, in place when it is there, with the folders on its way. */
void fake_put(const char *path, const char *text);
void fake_put_at(const char *path, long offset, const void *data, size_t size);
void fake_mode(const char *path, unsigned mode);

#endif
