/* The kernel's small files, below a root that tests set to a folder of their own. */
#ifndef HEARTH_BENCH_JOULES_TREE_H
#define HEARTH_BENCH_JOULES_TREE_H

#include <stddef.h>
#include <stdint.h>

enum { TREE_PATH = 512 };

/* The first line of a file without its end, cut at size. 0, or the errno. */
int tree_line(char *line, size_t size, const char *path, ...)
    __attribute__((format(printf, 3, 4)));

/* A whole number, which may begin with 0x. 0, or the errno; EINVAL when it is none. */
int tree_u64(uint64_t *value, const char *path, ...) __attribute__((format(printf, 2, 3)));

/* Opens for reading; -1 with errno. */
int tree_open(const char *path, ...) __attribute__((format(printf, 1, 2)));

/* Reads the number that an open file has now, from its beginning. 0, or the errno. */
int tree_u64_again(int fd, uint64_t *value);

/* Names in a folder that begin with `prefix`, sorted with their numbers as numbers.
 * Returns how many, at most `max`, or -1 with errno. */
enum { TREE_NAME = 64 };
int tree_names(const char *folder, const char *prefix, char (*name)[TREE_NAME], int max);

#endif
