/* The list of metric tables: a new one is one word here. */
#include "models/metric.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define METRIC_LIST(X) \
	X(battery) \
	X(bulk) \
	X(check) \
	X(compute) \
	X(cost) \
	X(deferral) \
	X(energy) \
	X(feeder_controls) \
	X(flexible) \
	X(frequency) \
	X(goodput) \
	X(grid) \
	X(handover) \
	X(home) \
	X(interruption) \
	X(marginal) \
	X(node) \
	X(plant) \
	X(service) \
	X(spiking) \
	X(steady) \
	X(tiers)

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

const struct metric *metric_of(const char *key)
{
	char *name = mem_text(key);
	const struct metric *m = metric_find(name);
	for (char *dot; !m && (dot = strrchr(name, '.')); m = metric_find(name)) *dot = 0;
	free(name);
	return m;
}

const char *metric_better(const struct metric *m)
{
	switch (m->better) {
	case LOWER_IS_BETTER:
		return "lower";
	case HIGHER_IS_BETTER:
		return "higher";
	case NEITHER_IS_BETTER:
		break;
	}
	return NULL;
}

struct estimate estimate_exact(double value, int64_t n)
{
	return (struct estimate){ value, NAN, NAN, n };
}

void metric_put(struct dataset *d, const char *key, const char *part, struct estimate x)
{
	const struct metric *m = metric_find(key);
	assert(m);
	char *full = part ? mem_print("%s.%s", key, part) : mem_text(key);
	char *about = part ? mem_print("%s, %s", m->about, part) : mem_text(m->about);
	ds_metric(d, &(struct ds_metric){ .key = full, .value = x.value, .lo = x.lo, .hi = x.hi,
	    .n = x.n, .unit = m->unit, .about = about });
	struct ds_group *summary = ds_group(d, "summary");
	ds_attr_text(summary, full, "formula", m->formula);
	ds_attr_text(summary, full, "source", m->source);
	if (metric_better(m)) ds_attr_text(summary, full, "better", metric_better(m));
	free(full);
	free(about);
}
