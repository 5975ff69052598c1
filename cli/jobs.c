#include "cli/jobs.h"

enum { JOBS_MAX = 1024 };

const char *jobs_refuse(const char *value)
{
	uint64_t n;
	if (options_parse_u64(value, &n) && n >= 1 && n <= JOBS_MAX) return NULL;
	return "is no number of threads; write 1 to 1024";
}

int jobs_read(const struct options *o, int row)
{
	uint64_t n = 1;
	if (options_text(o, row)) options_parse_u64(options_text(o, row), &n);
#ifndef _OPENMP
	if (n > 1)
		fprintf(stderr, "hearth %s: built without OpenMP: -j is one thread\n", o->cmd->name);
#endif
	return (int)n;
}
