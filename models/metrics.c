/* The list of metric tables: a new one is one word here. */
#include "models/metric.h"

#include <stddef.h>
#include <string.h>

#define METRIC_LIST(X) \
	X(grid) \
	X(home)

#define X(m) extern const struct metric m##_metrics[];
METRIC_LIST(X)
#undef X

const struct metric *const metric_tables[] = {
#define X(m) m##_metrics,
	METRIC_LIST(X)
#undef X
	NULL,
};

const struct metric *metric_find(const char *key)
{
	for (const struct metric *const *t = metric_tables; *t; t++)
		for (const struct metric *m = *t; m->key; m++)
			if (!strcmp(m->key, key)) return m;
	return NULL;
}
