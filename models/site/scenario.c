#include "models/site/scenario.h"

#include <math.h>

#include "sim/sim.h"

static const struct attr scenario_attrs[] = {
	ATTR_TEXT(struct scenario_par, name, "name", REQUIRED, "short name, used in titles"),
	ATTR_INT(struct scenario_par, seed, "seed", "1", 0, 9e15,
	    "seed of every random stream; --seed overrides it"),
	ATTR_END,
};

const struct class scenario_class = {
	.element = "scenario", .parents = "",
	.about = "A whole scenario: who uses energy, who asks, who answers, by which rules.",
	.par_size = sizeof(struct scenario_par), .attrs = scenario_attrs,
};

static const struct attr about_attrs[] = {
	ATTR_BODY(struct about_par, text, "one or two sentences; the report prints them"),
	ATTR_END,
};

const struct class about_class = {
	.element = "about", .parents = "scenario study", .about = "What it is about, in words.",
	.par_size = sizeof(struct about_par), .attrs = about_attrs, .max = 1,
};

static const struct attr time_attrs[] = {
	ATTR_TIME(struct time_par, start, "start", REQUIRED,
	    "first instant with its zone, 2024-06-20T00:00+05:30; the zone is the local time of "
	    "tariffs and habits"),
	ATTR_QTY(struct time_par, duration_s, "duration", DIM_TIME, OPTIONAL, 1,
	    100 * 366 * 86400.0, "how long; when absent, until the last request is answered"),
	ATTR_QTY(
	    struct time_par, step_s, "step", DIM_TIME, "1 min", 1, 3600, "length of a grid step"),
	ATTR_END,
};

static void time_check(const struct object *o, struct err_list *e)
{
	const struct time_par *t = o->par;
	if (isnan(t->duration_s)) return;
	double steps = t->duration_s / t->step_s;
	if (fabs(steps - round(steps)) > 1e-9 * steps)
		err_at(e, object_attr_pos(o, "duration"),
		    "time: duration must be a whole number of steps; it is %g steps", steps);
	if (steps > TIME_STEPS_MAX)
		err_at(e, object_attr_pos(o, "duration"),
		    "time: duration is %.3g steps, of which a run has %d at most; write a longer "
		    "step= or a shorter duration=",
		    steps, TIME_STEPS_MAX);
}

const struct class time_class = {
	.element = "time",
	.parents = "scenario",
	.about = "When the scenario begins, ends and steps.",
	.par_size = sizeof(struct time_par),
	.attrs = time_attrs,
	.min = 1,
	.max = 1,
	.check = time_check,
};

static int64_t step_ns(const struct time_par *t)
{
	return llround(t->step_s * (double)SIM_NS_PER_S);
}

long time_steps(const struct time_par *t)
{
	return lround(t->duration_s / t->step_s);
}

int64_t time_end_ns(const struct time_par *t)
{
	return time_steps(t) * step_ns(t);
}

struct step time_step(const struct time_par *t, long index)
{
	int64_t begin_ns = index * step_ns(t);
	return (struct step){
		.begin_ns = begin_ns,
		.dt_s = (double)step_ns(t) / (double)SIM_NS_PER_S,
		.utc_s = t->start.utc_s + (double)begin_ns / (double)SIM_NS_PER_S,
		.zone_s = t->start.zone_s,
		.index = index,
	};
}

double time_of_day_s(const struct time_par *t)
{
	double local_s = t->start.utc_s + t->start.zone_s;
	return local_s - 86400 * floor(local_s / 86400);
}
