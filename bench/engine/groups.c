/* The groups of what hearth itself does. */
#include "bench/engine/engine.h"

static void add_queue(struct suite *s)
{
	mm1_add(s);
	hold_add(s);
}

static void add_grid(struct suite *s)
{
	street_day_add(s);
	eulv_add(s);
	matpower_add(s);
}

static void add_homes(struct suite *s)
{
	fleet_add(s);
	house_add(s);
	bill_add(s);
	plan_add(s);
}

const struct bench_group bench_queue = { "queue",
	"the pending set and the engine: HOLD, M/M/1", add_queue, 0.9, NULL };
const struct bench_group bench_serving = { "serving",
	"requests to replicas of a language model", serving_add, 0.2, NULL };
const struct bench_group bench_grid = { "grid",
	"power flows of a street and of published feeders", add_grid, 1.2, NULL };
const struct bench_group bench_homes = { "homes",
	"streets of homes, their heat, bills and plans", add_homes, 1.2, NULL };
