/* Who asks for what, and when: the requests of a run.
 *
 * Open: from a trace (models/work/trace.h), or synthetic, with arrivals of some
 * process (models/work/arrivals.h) and independent lengths. Either is then thinned
 * by the hour of day or by a table of rates (models/work/rates.h). All requests are
 * known before the run.
 *
 * Closed: a number of clients, each of which sends its next request when the last
 * one is answered and it has thought for a while. The requests are known when they
 * are sent.
 *
 * Everything is drawn from streams of the workload's name: a stream gives one
 * number for each candidate, whether it is kept or not, so that another profile
 * or rate keeps the same candidates and draws, and policies that are compared
 * under one seed meet the same requests. */
#ifndef HEARTH_MODELS_WORK_WORKLOAD_H
#define HEARTH_MODELS_WORK_WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "models/class.h"
#include "models/work/arrivals.h"
#include "models/work/profile.h"
#include "models/work/request.h"
#include "models/work/slo.h"

/* Who asks. The words of attribute `origin` are in this order. */
enum origin {
	ORIGIN_RULE_AUTO,    /* as the trace says; where it says nothing, homes if there are any */
	ORIGIN_RULE_HOMES,   /* each request belongs to a home, drawn with equal chances */
	ORIGIN_RULE_OUTSIDE, /* clients of no home */
};
#define ORIGIN_WORDS "auto homes outside"

struct workload_par {
	const char *trace; /* path, or NULL: synthetic */
	int64_t repeat;    /* how many times the trace is laid end to end */
	double period_s;   /* copies begin at multiples of it; NAN: after the trace's mean gap */
	int profile;       /* enum profile */
	const char *rates; /* path of a table, or NULL: as the profile says */
	const char *rates_column; /* NULL: the only one */
	double rate_hz;           /* mean rate when busiest; NAN: the trace's or the table's */
	int64_t requests;         /* ends after that many; 0: no such limit */
	int origin;               /* enum origin */
	double bytes_per_token;   /* on the links */
	int64_t concurrency;      /* clients of a closed loop; 0: open */
	struct dist think;        /* closed; CONST and NAN: none */
	int arrivals;             /* synthetic: enum arrival_kind */
	double burstiness;        /* synthetic: coefficient of variation of the gaps */
	double idc, timescale_s, peak_hz; /* synthetic: as in arrivals.h */
	struct dist prompt, output;       /* synthetic: tokens */
};

extern const struct class workload_class;

#define WORKLOAD_RATE_MAX_HZ 1e6

enum {
	WORKLOAD_REQUESTS_MAX = 100000000, /* 3.2 GB of requests */
	WORKLOAD_CLIENTS_MAX = 1000000,
};

struct workload {
	struct request *request; /* in order of sent_ns; closed: those sent so far */
	uint32_t count;
	uint64_t *prefix; /* what prefix_first of the requests points into */
	size_t prefixes;
	struct service_limits *slo; /* [slos] */
	size_t slos;
	double bytes_per_token;
	char *trace_name;               /* NULL: synthetic */
	char trace_sha256[DIGEST_SIZE]; /* "" when synthetic */
	struct loop *loop;              /* the clients of a closed loop; NULL: open */
};

/* The requests of <workload> object o that are sent before horizon_ns (INT64_MAX:
 * no end), in a scenario of that many homes that begins at local time of day
 * start_local_s. NULL with entries in e when a file has faults or the
 * attributes do not make an end; free with workload_free. */
struct workload *workload_build(const struct object *o, uint64_t seed, uint32_t homes,
    double start_local_s, int64_t horizon_ns, struct err_list *e);
void workload_free(struct workload *w); /* takes NULL */

bool workload_is_closed(const struct workload_par *p);

/* The arrival process that the attributes describe, at that mean rate. */
struct arrivals_par workload_arrivals(const struct workload_par *p, double rate_hz);

/* A closed loop. Whoever answers asks for each client (0 to workload_clients - 1)
 * when it sends its first request, having been answered at time 0, and then, after
 * each answer, the next. INT64_MAX: never, all the requests are taken. */
uint32_t workload_clients(const struct workload *w); /* 0: the loop is open */
uint32_t workload_most(const struct workload *w);    /* requests that it can send */
int64_t workload_next_ns(struct workload *w, uint32_t client, int64_t answered_ns);

/* At that time it sends: the request is added as the last one of w->request, which
 * may move, and its number given. Calls come in order of time. */
uint32_t workload_send(struct workload *w, uint32_t client, int64_t now_ns);
uint32_t workload_client(const struct workload *w, uint32_t request); /* who sent it */

/* A client that is refused asks again after its thought, and this at least: time
 * passes even where no node can take any request. */
#define WORKLOAD_REFUSED_S 1.0

#endif
