#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/work/rates.h"
#include "models/work/trace.h"
#include "models/work/workload.h"
#include "models/work/workload_loop.h"
#include "sim/sim.h"

/* A workload in the making. */
struct build {
	struct workload *w;
	const struct workload_par *par;
	struct rates *rates;       /* NULL: the profile says how busy it is */
	double rate_hz;            /* in the busiest hour; NAN: a trace's own */
	struct pcg64 keep, origin; /* one draw a candidate each */
	double share;              /* of candidates that are kept in the busiest hour */
	bool draws_homes;
	uint32_t homes;
	double start_local_s;
	int64_t horizon_ns;
	size_t cap, prefix_cap;
	bool full; /* candidates were left because there is no room to number them */
};

static void add(struct build *b, const struct request *q, const uint64_t *ids, uint64_t shift)
{
	struct workload *w = b->w;
	w->request = mem_grow(w->request, w->count, &b->cap, sizeof *w->request);
	struct request *r = &w->request[w->count++];
	*r = *q;
	r->prefix_first = (uint32_t)w->prefixes;
	for (uint32_t i = 0; i < q->prefix_count; i++) {
		w->prefix = mem_grow(w->prefix, w->prefixes, &b->prefix_cap, sizeof *w->prefix);
		w->prefix[w->prefixes++] = ids[q->prefix_first + i] + shift;
	}
}

static double busy_frac(const struct build *b, const struct request *q)
{
	double local_s = b->start_local_s + (double)q->sent_ns / (double)SIM_NS_PER_S;
	if (b->par->concurrency) return 1;
	if (b->rates) return rates_factor(b->rates, local_s);
	return profile_factor((enum profile)b->par->profile, local_s);
}

/* Decides about a candidate; candidates come in order of time. False: no further
 * one can be part of the workload. */
static bool offer(struct build *b, struct request q, const uint64_t *ids, uint64_t shift)
{
	if (q.sent_ns >= b->horizon_ns) return false;
	b->full = b->w->count >= WORKLOAD_REQUESTS_MAX ||
		  q.sent_ns / SIM_NS_PER_S >= TRACE_TIME_MAX_S ||
		  b->w->prefixes + q.prefix_count > UINT32_MAX;
	if (b->full) return false;
	double u = pcg64_unit(&b->keep), v = pcg64_unit(&b->origin);
	if (u >= b->share * busy_frac(b, &q)) return true;
	if (b->draws_homes)
		q.origin = (uint32_t)(v * b->homes);
	else if (b->par->origin == ORIGIN_RULE_OUTSIDE)
		q.origin = ORIGIN_OUTSIDE;
	add(b, &q, ids, shift);
	return !b->par->requests || b->w->count < b->par->requests;
}

/* Cut where `offer` takes nothing any more, with room for a trace's length. */
static int64_t to_ns(double s)
{
	return llround(fmin(s, TRACE_TIME_MAX_S) * (double)SIM_NS_PER_S);
}

/* From the begin of one copy of the trace to that of the next, s. 0: unknown. */
static double period_of(const struct trace *t, const struct workload_par *p)
{
	double last_s = (double)t->request[t->count - 1].sent_ns / (double)SIM_NS_PER_S;
	if (!isnan(p->period_s)) return (floor(last_s / p->period_s) + 1) * p->period_s;
	if (t->count < 2 || t->span_ns == 0) return 0;
	return last_s + (double)t->span_ns / (double)SIM_NS_PER_S / (double)(t->count - 1);
}

static uint64_t prefix_bound(const struct trace *t)
{
	uint64_t bound = 0;
	for (size_t i = 0; i < t->prefixes; i++)
		if (t->prefix[i] >= bound) bound = t->prefix[i] + 1;
	return bound;
}

/* The copies share no prefixes: their conversations are others. */
static void lay_copies(struct build *b, const struct trace *t, double period_s, double pace)
{
	uint64_t bound = prefix_bound(t);
	for (int64_t copy = 0; copy < b->par->repeat; copy++) {
		int64_t begin_ns = to_ns((double)copy * period_s / pace);
		for (size_t i = 0; i < t->count; i++) {
			struct request q = t->request[i];
			/* exact when nothing is changed: whole nanoseconds pass through */
			if (pace != 1) q.sent_ns = llround((double)q.sent_ns / pace);
			q.sent_ns += begin_ns;
			if (!offer(b, q, t->prefix, bound * (uint64_t)copy)) return;
		}
	}
}

static bool has_homes(const struct trace *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->request[i].origin != ORIGIN_OUTSIDE) return true;
	return false;
}

/* Whether every home that the trace names is there. */
static bool check_homes(
    const struct build *b, const struct object *o, const struct trace *t, struct err_list *e)
{
	uint32_t last = 0;
	for (size_t i = 0; i < t->count; i++)
		if (t->request[i].origin != ORIGIN_OUTSIDE && t->request[i].origin > last)
			last = t->request[i].origin;
	if (b->par->origin != ORIGIN_RULE_AUTO || !has_homes(t) || last < b->homes) return true;
	err_at(e, object_attr_pos(o, "trace"),
	    "workload: the trace names home %u, but there are %u homes, counted from 0; add homes "
	    "or "
	    "write origin=\"homes\"",
	    last, b->homes);
	return false;
}

static void replay(struct build *b, const struct object *o, struct err_list *e)
{
	struct trace t;
	if (!trace_read(b->par->trace, &t, e)) return;
	double period_s = period_of(&t, b->par), pace = 1;
	if (b->par->origin == ORIGIN_RULE_AUTO && has_homes(&t)) b->draws_homes = false;
	if (period_s == 0 && (b->par->repeat > 1 || !isnan(b->rate_hz)))
		err_at(e, object_attr_pos(o, "trace"),
		    "workload: all requests of the trace come at once; write period= to repeat it "
		    "or to "
		    "give it a rate");
	else if (check_homes(b, o, &t, e)) {
		if (!isnan(b->rate_hz)) {
			double wanted = b->rate_hz * period_s / (double)t.count;
			b->share = fmin(1, wanted);
			pace = fmax(1, wanted);
		}
		lay_copies(b, &t, period_s, pace);
	}
	b->w->trace_name = mem_text(t.name);
	memcpy(b->w->trace_sha256, t.sha256, sizeof t.sha256);
	trace_fini(&t);
}

static void invent(struct build *b, uint64_t seed, const char *name)
{
	const struct workload_par *p = b->par;
	struct arrivals_par par = workload_arrivals(p, b->rate_hz);
	char *gaps = mem_print("%s/gaps", name);
	struct arrivals *a = arrivals_new(&par, rng_stream(seed, 0, rng_entity(gaps), RNG_ARRIVAL));
	struct pcg64 length = rng_stream(seed, 0, rng_entity(name), RNG_LENGTH);
	struct request q = { .origin = ORIGIN_OUTSIDE };
	double t_s = 0;
	do {
		t_s += arrivals_gap_s(a);
		q.sent_ns = to_ns(t_s);
		q.prompt_tokens = workload_tokens(&p->prompt, &length);
		q.output_tokens = workload_tokens(&p->output, &length);
	} while (offer(b, q, NULL, 0));
	arrivals_free(a);
	free(gaps);
}

/* Far more than can be numbered is said before they are made. */
static void check_many(
    const struct build *b, const struct object *o, int64_t horizon_ns, struct err_list *e)
{
	const struct workload_par *p = b->par;
	double drawn = b->rate_hz * (double)horizon_ns / (double)SIM_NS_PER_S;
	bool busy = p->profile == PROFILE_FLAT && !b->rates; /* at that rate all day */
	if (p->trace || p->concurrency || p->requests || !busy) return;
	if (horizon_ns == INT64_MAX || drawn <= 2.0 * WORKLOAD_REQUESTS_MAX) return;
	err_at(e, object_attr_pos(o, "rate"),
	    "workload: %.3g requests are more than %d; lower rate= or duration=", drawn,
	    WORKLOAD_REQUESTS_MAX);
}

static void build_check(
    const struct build *b, const struct object *o, int64_t horizon_ns, struct err_list *e)
{
	if (b->par->origin == ORIGIN_RULE_HOMES && !b->homes)
		err_at(e, object_attr_pos(o, "origin"),
		    "workload: there are no homes to ask from; add <homes> or write "
		    "origin=\"outside\"");
	if (!b->par->trace && !b->par->requests && horizon_ns == INT64_MAX)
		err_at(e, o->pos,
		    "workload: it never ends; write requests= here or duration= at <time>");
	check_many(b, o, horizon_ns, e);
	struct arrivals_par par = workload_arrivals(b->par, b->rate_hz);
	struct mmpp m;
	char why[200];
	if (!b->par->trace && !b->par->concurrency && par.kind == ARRIVALS_MMPP &&
	    !mmpp_fit(&par, &m, why, sizeof why))
		err_at(e, object_attr_pos(o, "arrivals"), "workload: %s", why);
}

/* Reads the table of rates, if there is one; its largest is the rate unless one is
 * written. */
static void read_rates(struct build *b, const struct object *o, struct err_list *e)
{
	const struct workload_par *p = b->par;
	if (!p->rates || p->concurrency) return;
	b->rates = rates_read(p->rates, p->rates_column, e);
	if (!b->rates || !isnan(b->rate_hz) || p->trace) return;
	b->rate_hz = rates_largest(b->rates);
	if (b->rate_hz > WORKLOAD_RATE_MAX_HZ)
		err_at(e, object_attr_pos(o, "rates"),
		    "workload: the largest rate of the table is %g; if that is not meant in "
		    "requests a second, write rate=",
		    b->rate_hz);
}

static void finish(const struct build *b, const struct object *o, struct err_list *e)
{
	if (b->full)
		err_at(e, o->pos,
		    "workload: more than %d requests or a century; lower rate=, repeat= or "
		    "requests=",
		    WORKLOAD_REQUESTS_MAX);
	else if (!b->w->count && !b->par->concurrency)
		err_warn(e, o->pos, "workload: no request comes before the end of the scenario");
}

static struct workload *new_workload(const struct object *o)
{
	const struct workload_par *p = o->par;
	struct workload *w = mem_new(1, sizeof *w);
	w->bytes_per_token = p->bytes_per_token;
	w->slo = slo_list(o, &w->slos);
	return w;
}

struct workload *workload_build(const struct object *o, uint64_t seed, uint32_t homes,
    double start_local_s, int64_t horizon_ns, struct err_list *e)
{
	const struct workload_par *p = o->par;
	const char *name = o->name ? o->name : "workload";
	size_t before = err_count(e);
	struct build b = {
		.w = new_workload(o),
		.par = p,
		.rate_hz = p->rate_hz,
		.share = 1,
		.homes = homes,
		.keep = rng_stream(seed, 0, rng_entity(name), RNG_ARRIVAL),
		.origin = rng_stream(seed, 0, rng_entity(name), RNG_ORIGIN),
		.draws_homes = p->origin != ORIGIN_RULE_OUTSIDE && homes > 0,
		.start_local_s = start_local_s,
		.horizon_ns = p->concurrency ? INT64_MAX : horizon_ns,
	};
	read_rates(&b, o, e);
	build_check(&b, o, horizon_ns, e);
	if (err_count(e) == before) {
		if (p->trace)
			replay(&b, o, e);
		else if (!p->concurrency)
			invent(&b, seed, name);
	}
	if (err_count(e) == before) finish(&b, o, e);
	rates_free(b.rates);
	if (p->concurrency) b.w->loop = loop_new(b.w, p, seed, name, homes);
	if (err_count(e) == before) return b.w;
	workload_free(b.w);
	return NULL;
}

void workload_free(struct workload *w)
{
	if (!w) return;
	free(w->request);
	free(w->prefix);
	free(w->trace_name);
	free(w->slo);
	loop_free(w->loop);
	free(w);
}
