#include "cli/doctor_find.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/gnuplot.h"
#include "base/mem.h"

char *find_program(const char *name)
{
	const char *path = getenv("PATH");
	for (const char *p = path ? path : ""; *p;) {
		size_t n = strcspn(p, ":");
		char *file = mem_print("%.*s/%s", (int)n, p, name);
		if (n && !access(file, X_OK)) return file;
		free(file);
		p += n + (p[n] == ':');
	}
	return NULL;
}

const char *find_file(const char *const *paths)
{
	for (; *paths; paths++)
		if (!access(*paths, R_OK)) return *paths;
	return NULL;
}

bool find_library(const char *name)
{
	void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
	if (library) dlclose(library);
	return library;
}

/* clGetPlatformIDs (OpenCL 1.2, section 4.1): with a count of 0 it tells how many there are. The
 * loader stays open, as its drivers may leave threads behind. */
int find_opencl(void)
{
	void *library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
	int (*platforms)(unsigned, void *, unsigned *) = NULL;
	unsigned n = 0;
	if (library) *(void **)&platforms = dlsym(library, "clGetPlatformIDs");
	if (!platforms) return -1;
	return platforms(0, NULL, &n) ? 0 : (int)n;
}

char *find_gnuplot(void)
{
	char *said = gnuplot_run("set print '-'\nprint sprintf('%.1f patchlevel ', GPVAL_VERSION)."
				 "GPVAL_PATCHLEVEL\n");
	if (!said) return NULL;
	said[strcspn(said, "\n")] = 0;
	return said;
}

int find_processors(void)
{
	cpu_set_t set;
	return sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
}
