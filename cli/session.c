#include "cli/session.h"

#include <stdlib.h>

#include "cli/input.h"
#include "cli/manifest.h"
#include "models/site/scenario.h"

bool session_open(struct session *s, const char *name, struct err_list *e)
{
	*s = (struct session){ .path = input_scenario(name, e) };
	if (s->path) s->scenario = scenario_open(s->path, e);
	return s->scenario != NULL;
}

/* Of a scenario whose objects are built. */
static bool make_world(struct session *s, const struct session_options *o, struct err_list *e)
{
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

bool session_init(struct session *s, const struct session_options *o, struct err_list *e)
{
	*s = (struct session){ .path = input_scenario(o->name, e) };
	if (s->path) s->scenario = scenario_load(s->path, o->set->word, o->set->count, e);
	return s->scenario && make_world(s, o, e);
}

bool session_build(struct session *s, const struct session_options *o, struct err_list *e)
{
	return scenario_build(s->scenario, o->set->word, o->set->count, e) && make_world(s, o, e);
}

struct dataset *session_export(const struct session *s, const struct words *set,
    const struct inputs *known, struct err_list *e)
{
	struct manifest m = {
		.path = s->path, .scenario = s->scenario, .set = set, .seed = s->seed,
		.validity = validity_word(world_validity(s->world)), .known = known,
	};
	struct dataset *d = ds_new();
	if (manifest_write(d, &m, e)) {
		world_export(s->world, d);
		return d;
	}
	ds_free(d);
	return NULL;
}

void session_fini(struct session *s)
{
	world_free(s->world);
	scenario_free(s->scenario);
	free(s->path);
}
