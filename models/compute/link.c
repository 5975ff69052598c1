#include "models/compute/link.h"

#include <math.h>

#include "sim/sim.h"

#define GIGABIT_B_S (1e9 / 8)

/* Median fixed line of the United States, December 2023: 227.27 Mbit/s down,
 * 26.59 Mbit/s up (Ookla Speedtest Global Index). */
#define LINE_DOWN_B_S (227.27e6 / 8)
#define LINE_UP_B_S (26.59e6 / 8)

/* Latencies, one way. Inside a home: Ethernet or good wireless, 1 ms. Idle round
 * trip of a cable line to the nearest test server: 18 to 25 ms (FCC, Measuring
 * Broadband America, 13th report; recalled), so about 10 ms one way; a second
 * access line where both ends are homes. A data centre in the same region adds
 * 5 ms, which is 1000 km of fibre at 2/3 of the speed of light. */
static const struct link_par defaults[LINK_KINDS] = {
	[LINK_HOME] = { LINK_HOME, 1e-3, GIGABIT_B_S, GIGABIT_B_S },
	[LINK_HOME_HOME] = { LINK_HOME_HOME, 20e-3, LINE_UP_B_S, LINE_UP_B_S },
	[LINK_HOME_CLOUD] = { LINK_HOME_CLOUD, 15e-3, LINE_UP_B_S, LINE_DOWN_B_S },
	[LINK_OUTSIDE_HOME] = { LINK_OUTSIDE_HOME, 20e-3, LINE_UP_B_S, LINE_UP_B_S },
	[LINK_OUTSIDE_CLOUD] = { LINK_OUTSIDE_CLOUD, 0, GIGABIT_B_S, GIGABIT_B_S },
};

static const struct attr attrs[] = {
	ATTR_ENUM(struct link_par, between, "between", REQUIRED, LINK_WORDS,
	    "which way: within a home, home to home, home to data centre, or from clients "
	    "elsewhere"),
	ATTR_QTY(struct link_par, latency_s, "latency", DIM_TIME, OPTIONAL, 0, 60, "one-way delay"),
	ATTR_QTY(struct link_par, up_b_s, "up", DIM_BYTE_RATE, OPTIONAL, 1, 1e15,
	    "data rate from the asker to the node"),
	ATTR_QTY(struct link_par, down_b_s, "down", DIM_BYTE_RATE, OPTIONAL, 1, 1e15,
	    "data rate from the node to the asker"),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct link_par *l = o->par;
	for (const struct object *p = o->parent->child; p != o; p = p->next)
		if (p->cls == &link_class &&
		    ((const struct link_par *)p->par)->between == l->between)
			err_at(e, object_attr_pos(o, "between"),
			    "link: there is already one for this way; keep one of them");
}

const struct class link_class = {
	.element = "link",
	.parents = "scenario",
	.about =
	    "The network between who asks and who answers. A way without a link has the "
	    "delays of a median residential line; from clients elsewhere to a data centre, none.",
	.par_size = sizeof(struct link_par),
	.attrs = attrs,
	.check = check,
};

void link_table(const struct object *scenario, struct link_par table[LINK_KINDS])
{
	for (int k = 0; k < LINK_KINDS; k++) table[k] = defaults[k];
	for (const struct object *o = object_child(scenario, &link_class); o; o = object_next(o)) {
		const struct link_par *l = o->par;
		struct link_par *t = &table[l->between];
		if (!isnan(l->latency_s)) t->latency_s = l->latency_s;
		if (!isnan(l->up_b_s)) t->up_b_s = l->up_b_s;
		if (!isnan(l->down_b_s)) t->down_b_s = l->down_b_s;
	}
}

double link_up_s(const struct link_par *l, double bytes)
{
	return l->latency_s + bytes / l->up_b_s;
}

double link_down_s(const struct link_par *l, double bytes)
{
	return l->latency_s + bytes / l->down_b_s;
}

int64_t link_arrival_ns(int64_t t_ns, double delay_s)
{
	double delay_ns = delay_s * (double)SIM_NS_PER_S;
	int64_t end_ns;
	if (delay_ns >= 0x1p63 || __builtin_add_overflow(t_ns, llround(delay_ns), &end_ns))
		return INT64_MAX;
	return end_ns;
}
