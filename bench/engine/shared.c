#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/engine/engine.h"

char *engine_data(struct suite *s, const char *what, const char *below)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *path = mem_print("%s/data/%s", shared ? shared : "", below);
	if (shared && !access(path, R_OK)) return path;
	suite_note(s, "without %s: no $HEARTH_SHARED/data/%s", what, below);
	free(path);
	return NULL;
}

double engine_off(double got, double wanted)
{
	return fabs(got - wanted) / fabs(wanted);
}
