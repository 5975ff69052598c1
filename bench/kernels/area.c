#include "bench/kernels/area.h"

#include "base/mem.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const size_t huge_bytes = (size_t)2 << 20;

const char *area_word(enum area_pages pages)
{
	static const char *const words[] = { "4k", "huge", "file" };
	return words[pages];
}

static void fill(double *a, size_t n, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads)
	for (size_t i = 0; i < n; i++) a[i] = 1 + (double)(i % 64) / 64;
}

/* Bytes on huge pages of the mapping that begins at p (proc(5), smaps: AnonHugePages, kB). */
static size_t huge_at(const void *p)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[256];
	bool here = false;
	size_t kb = 0;
	while (f && fgets(line, sizeof line, f)) {
		uintptr_t from, to;
		if (sscanf(line, "%jx-%jx ", &from, &to) == 2)
			here = from <= (uintptr_t)p && (uintptr_t)p < to;
		else if (here && sscanf(line, "AnonHugePages: %zu kB", &kb) == 1)
			break;
	}
	if (f) fclose(f);
	return kb << 10;
}

/* Aligned to a huge page, with nothing left mapped beside it. */
static void *map_aligned(size_t bytes)
{
	char *p = mmap(NULL, bytes + huge_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);
	if (p == MAP_FAILED) return NULL;
	size_t before = -(uintptr_t)p % huge_bytes;
	if (before) munmap(p, before);
	munmap(p + before + bytes, huge_bytes - before);
	return p + before;
}

static double *map_memory(enum area_pages pages, size_t bytes, int threads, const char **why)
{
	double *a = map_aligned(bytes);
	*why = "no memory to map";
	if (!a) return NULL;
	int advice = madvise(a, bytes, pages == AREA_HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	fill(a, bytes / sizeof *a, threads);
	if (pages == AREA_SMALL || (advice == 0 && huge_at(a) >= bytes / 10 * 9)) return a;
	*why = "the kernel gave no huge pages";
	munmap(a, bytes);
	return NULL;
}

static bool write_whole(int fd, const char *p, size_t bytes)
{
	for (size_t done = 0; done < bytes;) {
		ssize_t now = write(fd, p + done, bytes - done);
		if (now <= 0) return false;
		done += (size_t)now;
	}
	return true;
}

static double *map_file(size_t bytes, const char **why)
{
	const char *folder = getenv("TMPDIR");
	char *path = mem_print("%s/hearth-bench.XXXXXX", folder && *folder ? folder : "/tmp");
	int fd = mkstemp(path);
	double *part = mem_lines(huge_bytes, 1), *a = MAP_FAILED;
	bool good = fd >= 0;
	if (good) unlink(path);
	fill(part, huge_bytes / sizeof *part, 1);
	for (size_t done = 0; good && done < bytes; done += huge_bytes)
		good = write_whole(fd, (const char *)part, huge_bytes);
	if (good) a = mmap(NULL, bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (fd >= 0) close(fd);
	free(part);
	free(path);
	*why = "no room for a file in $TMPDIR or /tmp";
	return a == MAP_FAILED ? NULL : a;
}

struct area *area_new(enum area_pages pages, size_t bytes, int threads, const char **why)
{
	assert(bytes > 0 && bytes % huge_bytes == 0);
	double *a = pages == AREA_FILE ? map_file(bytes, why) : map_memory(pages, bytes, threads, why);
	if (!a) return NULL;
	struct area *area = mem_new(1, sizeof *area);
	*area = (struct area){ pages, a, bytes / sizeof *a, 1 };
	return area;
}

void area_free(struct area *a)
{
	if (!a || --a->users) return;
	munmap(a->a, a->n * sizeof *a->a);
	free(a);
}

size_t last_cache_bytes(void)
{
	size_t most = 0;
	for (int i = 0; i < 8; i++) {
		char path[80];
		size_t kb = 0;
		snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", i);
		FILE *f = fopen(path, "r");
		if (f && fscanf(f, "%zuK", &kb) == 1 && kb << 10 > most) most = kb << 10;
		if (f) fclose(f);
	}
	return most ? most : (size_t)32 << 20;
}
