/* Memory on pages of a known kind, for those who measure it. */
#ifndef HEARTH_BENCH_KERNELS_AREA_H
#define HEARTH_BENCH_KERNELS_AREA_H

#include <stddef.h>

enum area_pages { AREA_SMALL, AREA_HUGE, AREA_FILE };

struct area {
	enum area_pages pages;
	double *a;
	size_t n;      /* doubles; a[i] = 1 + i % 64 / 64 until somebody writes */
	size_t users;  /* area_free counts down */
};

/* bytes a multiple of 2 MiB, filled by `threads` threads, each its part, as they will read it.
 *   AREA_SMALL  the machine's smallest pages (MADV_NOHUGEPAGE)
 *   AREA_HUGE   2 MiB pages (MADV_HUGEPAGE); NULL where less than nine tenths came, by the kernel's
 *               own account in /proc/self/smaps
 *   AREA_FILE   a file in $TMPDIR or /tmp, mapped to be read only, in the page cache, unlinked
 * NULL with *why, static text, when it cannot be had. Has one user. */
struct area *area_new(enum area_pages pages, size_t bytes, int threads, const char **why);
void area_free(struct area *a); /* unmaps when the last user has gone; takes NULL */

const char *area_word(enum area_pages pages); /* "4k", "huge", "file" */

/* Bytes of this machine's last cache level by the kernel's account: sysconf(3) of glibc tells a
 * guest of the host's. 32 MiB where the kernel does not say. */
size_t last_cache_bytes(void);

#endif
