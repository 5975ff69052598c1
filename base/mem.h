/* Memory: every allocation in hearth goes through here.
 *
 * Running out of memory is neither the user's fault nor ours: these functions
 * print one line and abort, so that no caller has a path for it that was never
 * run. The caller owns what is returned and gives it back with free(). */
#ifndef HEARTH_BASE_MEM_H
#define HEARTH_BASE_MEM_H

#include <stddef.h>

/* n zeroed elements of `size` bytes; aborts when n * size overflows.
 * n = 0 gives a valid pointer that may only be freed. */
void *mem_new(size_t n, size_t size);

/* Resizes p (NULL: allocates) to n elements; the added ones are not zeroed. */
void *mem_resize(void *p, size_t n, size_t size);

/* Makes room for one more element in an array that holds `count` of `*cap`;
 * doubles it when full. Returns the array, which may have moved. */
void *mem_grow(void *p, size_t count, size_t *cap, size_t size);

/* n elements, not zeroed, that begin at a cache line (64 bytes); from 2 MiB on
 * at a huge page, which the kernel is asked for. For big arrays that are met in
 * random order. The size should be a power of two or be used in full: it is
 * rounded up to whole lines or huge pages. */
void *mem_lines(size_t n, size_t size);

char *mem_text(const char *s);                    /* a copy; NULL gives NULL */
char *mem_text_n(const char *s, size_t n);        /* the first n bytes and a NUL */
char *mem_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
