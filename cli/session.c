#include "cli/session.h"

#include <stdlib.h>

#include "cli/input.h"
#include "models/site/scenario.h"

bool session_init(struct session *s, const struct session_options *o, struct err_list *e)
{
	*s = (struct session){ .path = input_scenario(o->name, e) };
	if (!s->path) return false;
	s->scenario = scenario_load(s->path, o->set->word, o->set->count, e);
	if (!s->scenario) return false;
	const struct object *root = scenario_root(s->scenario);
	const struct scenario_par *par = root->par;
	s->seed = (uint64_t)par->seed;
	if (o->seed) options_parse_u64(o->seed, &s->seed);
	struct world_options w = {
		.seed = s->seed,
		.fingerprint = o->fingerprint,
		.nodes_full = o->nodes_full,
		.threads = o->threads,
		.currency = scenario_currency(s->scenario),
	};
	s->world = world_new(root, &w, e);
	return s->world != NULL;
}

void session_fini(struct session *s)
{
	world_free(s->world);
	scenario_free(s->scenario);
	free(s->path);
}
