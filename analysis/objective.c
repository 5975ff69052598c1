#include "analysis/objective.h"

#include <stdio.h>
#include <string.h>

const char *const objective_limit[OBJECTIVE_LIMITS] = { "ttft", "tpot", "e2e" };

void objective_key(const struct objective *o, const char *metric, char key[OBJECTIVE_KEY])
{
	snprintf(key, OBJECTIVE_KEY, "service.%s%s%s", metric, *o->name ? "." : "", o->name);
}

void objective_limit_key(const struct objective *o, int limit, char key[OBJECTIVE_KEY])
{
	objective_key(o, "attainment_frac", key);
	size_t n = strlen(key);
	snprintf(key + n, OBJECTIVE_KEY - n, ".%s", objective_limit[limit]);
}

size_t objective_next(const struct dataset *d, size_t from, struct objective *o)
{
	static const char metric[] = "service.goodput_frac";
	const size_t length = sizeof metric - 1;
	const struct ds_group *g = ds_find(d, "summary");
	char key[OBJECTIVE_KEY];
	for (size_t i = from; g && i < g->vars; i++) {
		const char *name = g->var[i]->name;
		if (strncmp(name, metric, length)) continue;
		if (name[length] && name[length] != '.') continue;
		o->name = name[length] ? name + length + 1 : "";
		for (int k = 0; k < OBJECTIVE_LIMITS; k++) {
			objective_limit_key(o, k, key);
			o->limit_s[k] = ds_number(g, key, "limit_s");
		}
		return i + 1;
	}
	return 0;
}
