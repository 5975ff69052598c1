/* What lies between who asks and who answers: one-way delays.
 *
 * A prompt travels up in one piece; tokens of an answer stream down, each as
 * small as `bytes-per-token` (models/work/workload.h). A link delays, it does not
 * queue: residential lines carry many times what tokens need (a token of 4 B at
 * 50 tokens/s is 1.6 kbit/s). */
#ifndef HEARTH_MODELS_COMPUTE_LINK_H
#define HEARTH_MODELS_COMPUTE_LINK_H

#include <stdint.h>

#include "models/class.h"

/* Which way a request goes. The words of attribute `between` are in this order. */
enum link_kind {
	LINK_HOME,          /* inside a home */
	LINK_HOME_HOME,     /* from one home of the street to another */
	LINK_HOME_CLOUD,    /* from a home to a data centre */
	LINK_OUTSIDE_HOME,  /* from a client elsewhere to a home */
	LINK_OUTSIDE_CLOUD, /* from a client elsewhere to a data centre */
	LINK_KINDS,
};
#define LINK_WORDS "home home-home home-cloud outside-home outside-cloud"

struct link_par {
	int between;       /* enum link_kind */
	double latency_s;  /* one way; NAN: the kind's default */
	double up_b_s;     /* from the asker to the node; NAN: the kind's default */
	double down_b_s;
};

extern const struct class link_class;

/* The link of each kind: its <link> below `scenario`, and for what that does not
 * say, or where there is none, the kind's default (link.c names their sources). */
void link_table(const struct object *scenario, struct link_par table[LINK_KINDS]);

/* One-way delay of that many bytes, s. */
double link_up_s(const struct link_par *l, double bytes);
double link_down_s(const struct link_par *l, double bytes);

/* When what leaves at t_ns is there; INT64_MAX, which no run reaches, where a slow
 * link leads past the clock's end. */
int64_t link_arrival_ns(int64_t t_ns, double delay_s);

#endif
