#include "models/site/cascade_state.h"

#include <stdlib.h>

#include "base/mem.h"

struct cascade *cascade_new(const struct object *tiers, uint64_t seed)
{
	struct cascade *c = mem_new(1, sizeof *c);
	c->par = *(const struct tiers_par *)tiers->par;
	c->stream = rng_stream(seed, 0, rng_entity("tiers"), RNG_TIERS);
	return c;
}

void cascade_free(struct cascade *c)
{
	if (!c) return;
	free(c->seen);
	free(c->leg);
	free(c);
}

const struct tiers_par *cascade_par(const struct cascade *c)
{
	return &c->par;
}

static void take(struct cascade *c, uint32_t i)
{
	struct tiers_draw d = tiers_draw(&c->par, &c->stream);
	c->leg = mem_grow(c->leg, i, &c->leg_cap, sizeof *c->leg);
	c->leg[i] = (struct leg){
		.first_node = UINT32_MAX, .tier = (uint8_t)d.first, .insufficient = d.insufficient
	};
	if (c->par.judge_tokens == 0) return;
	c->seen = mem_grow(c->seen, i, &c->seen_cap, sizeof *c->seen);
	c->seen[i] = c->request[i];
}

void cascade_take(struct cascade *c, const struct request *requests, uint32_t count)
{
	c->request = requests;
	for (; c->count < count; c->count++) take(c, c->count);
}

const struct request *cascade_seen(const struct cascade *c)
{
	return c->seen ? c->seen : c->request;
}

enum model_tier cascade_tier(const struct cascade *c, uint32_t request)
{
	return (enum model_tier)c->leg[request].tier;
}

/* More tokens than a request can have fit nowhere, as many as it can have neither. */
static int32_t with_judge(const struct cascade *c, int32_t output_tokens)
{
	int64_t tokens = output_tokens + c->par.judge_tokens;
	return tokens < INT32_MAX ? (int32_t)tokens : INT32_MAX;
}

void cascade_enter(struct cascade *c, uint32_t request, enum model_tier tier)
{
	int32_t output = c->request[request].output_tokens;
	c->leg[request].tier = (uint8_t)tier;
	if (c->seen)
		c->seen[request].output_tokens =
		    tier == TIER_SMALL ? with_judge(c, output) : output;
}

bool cascade_judge(
    struct cascade *c, uint32_t request, uint32_t node, double energy_j, bool fits_large)
{
	struct leg *l = &c->leg[request];
	if (l->tier != TIER_SMALL || !l->insufficient || !fits_large) return false;
	l->first_j = energy_j;
	l->first_node = node;
	cascade_enter(c, request, TIER_LARGE);
	return true;
}

bool cascade_is_second(const struct cascade *c, uint32_t request)
{
	return c->leg[request].first_node != UINT32_MAX;
}

bool cascade_holds(const struct cascade *c, uint32_t request)
{
	return c->par.first_answer == FIRST_HELD && c->leg[request].tier == TIER_SMALL;
}
