/* Who asks for what, and when: the requests of a run.
 *
 * From a trace (models/work/trace.h), or synthetic: independent gaps between
 * requests and independent lengths. Either is then thinned by the hour of day.
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
	double rate_hz;    /* mean rate at the profile's peak; NAN: the trace's */
	int64_t requests;  /* ends after that many; 0: no such limit */
	int origin;        /* enum origin */
	double bytes_per_token;     /* on the links */
	double burstiness;          /* synthetic: coefficient of variation of the gaps */
	struct dist prompt, output; /* synthetic: tokens */
};

extern const struct class workload_class;

struct workload {
	struct request *request; /* in order of sent_ns */
	uint32_t count;
	uint64_t *prefix; /* what prefix_first of the requests points into */
	size_t prefixes;
	bool has_slo;
	struct service_limits limits;
	double bytes_per_token;
	char *trace_name;               /* NULL: synthetic */
	char trace_sha256[DIGEST_SIZE]; /* "" when synthetic */
};

enum { WORKLOAD_REQUESTS_MAX = 100000000 }; /* 3.2 GB of requests */

/* The requests of <workload> object o that are sent before horizon_ns (INT64_MAX:
 * no end), in a scenario of that many homes that begins at local time of day
 * start_local_s. NULL with entries in e when the trace has faults or the
 * attributes do not make an end; free with workload_free. */
struct workload *workload_build(const struct object *o, uint64_t seed, uint32_t homes,
    double start_local_s, int64_t horizon_ns, struct err_list *e);
void workload_free(struct workload *w); /* takes NULL */

#endif
