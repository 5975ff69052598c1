#include "models/work/workload.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/work/trace.h"
#include "sim/sim.h"

/* Lengths: lognormal with the median and the mean of the Azure 2023 conversation
 * trace (Patel et al. 2024), sigma = sqrt(2 ln(mean / median)): prompts 1020 and
 * 1155 tokens give 0.498, outputs 129 and 211 tokens give 0.993. The mean is met
 * because load follows it; the tails are not: the trace's 99th percentiles are
 * 4142 and 601 tokens, the laws' 3250 and 1300. */
static const struct attr attrs[] = {
	ATTR_FILE(struct workload_par, trace, "trace", OPTIONAL,
	    "requests as recorded: CSV of Azure 2023 or of hearth, or Mooncake JSON lines"),
	ATTR_INT(struct workload_par, repeat, "repeat", "1", 1, 1000000,
	    "how many times the trace is laid end to end"),
	ATTR_QTY(struct workload_par, period_s, "period", DIM_TIME, OPTIONAL, 1e-3, 366 * 86400.0,
	    "copies of the trace begin at multiples of it; when absent, one mean gap after the "
	    "last "
	    "request"),
	ATTR_ENUM(struct workload_par, profile, "profile", "flat", PROFILE_WORDS,
	    "how busy the hours of a day are"),
	ATTR_QTY(struct workload_par, rate_hz, "rate", DIM_RATE, OPTIONAL, 1e-9, 1e6,
	    "mean rate of requests in the profile's busiest hour; a trace is thinned to it, or run "
	    "faster"),
	ATTR_INT(struct workload_par, requests, "requests", "0", 0, WORKLOAD_REQUESTS_MAX,
	    "ends after that many requests; 0: no such limit"),
	ATTR_ENUM(struct workload_par, origin, "origin", "auto", ORIGIN_WORDS,
	    "who asks: as the trace says and else the homes if there are any; homes; clients "
	    "outside"),
	ATTR_QTY(struct workload_par, bytes_per_token, "bytes-per-token", DIM_BYTES, "4 B", 0, 1e6,
	    "what a token takes on a link"),
	ATTR_QTY(struct workload_par, burstiness, "burstiness", DIM_NUMBER, "1", 0.01, 100,
	    "coefficient of variation of synthetic gaps: 1 is a Poisson process, more is gamma "
	    "bursts"),
	ATTR_DIST(struct workload_par, prompt, "prompt", DIM_TOKENS,
	    "lognormal(1020, 0.498) tokens", 1, 131072, "prompt length of synthetic requests"),
	ATTR_DIST(struct workload_par, output, "output", DIM_TOKENS, "lognormal(129, 0.993) tokens",
	    1, 131072, "output length of synthetic requests"),
	ATTR_END,
};

static bool is_written(const struct object *o, const char *attr)
{
	struct err_pos at = object_attr_pos(o, attr);
	return at.line != o->pos.line || at.col != o->pos.col;
}

/* Not a fault: the resolved scenario writes every attribute, and is one itself. */
static void warn_if_written(
    const struct object *o, const char *const *names, const char *why, struct err_list *e)
{
	for (; *names; names++)
		if (is_written(o, *names))
			err_warn(e, object_attr_pos(o, *names),
			    "workload: %s= has no effect here: it %s", *names, why);
}

static void check(const struct object *o, struct err_list *e)
{
	static const char *const of_trace[] = { "repeat", "period", NULL };
	static const char *const of_synthetic[] = { "burstiness", "prompt", "output", NULL };
	const struct workload_par *p = o->par;
	if (p->trace) {
		warn_if_written(o, of_synthetic, "is for requests without a trace", e);
		return;
	}
	warn_if_written(o, of_trace, "is for a trace", e);
	if (isnan(p->rate_hz))
		err_at(e, o->pos, "workload: neither a trace nor a rate; write trace= or rate=");
}

const struct class workload_class = {
	.element = "workload",
	.parents = "scenario",
	.about =
	    "The requests to language models: recorded ones, or synthetic ones of a given rate.",
	.par_size = sizeof(struct workload_par),
	.attrs = attrs,
	.max = 1,
	.check = check,
};

/* A workload in the making. */
struct build {
	struct workload *w;
	const struct workload_par *par;
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
	double local_s = b->start_local_s + (double)q.sent_ns / (double)SIM_NS_PER_S;
	if (u >= b->share * profile_factor((enum profile)b->par->profile, local_s)) return true;
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
	if (period_s == 0 && (b->par->repeat > 1 || !isnan(b->par->rate_hz)))
		err_at(e, object_attr_pos(o, "trace"),
		    "workload: all requests of the trace come at once; write period= to repeat it "
		    "or to "
		    "give it a rate");
	else if (check_homes(b, o, &t, e)) {
		if (!isnan(b->par->rate_hz)) {
			double wanted = b->par->rate_hz * period_s / (double)t.count;
			b->share = fmin(1, wanted);
			pace = fmax(1, wanted);
		}
		lay_copies(b, &t, period_s, pace);
	}
	b->w->trace_name = mem_text(t.name);
	memcpy(b->w->trace_sha256, t.sha256, sizeof t.sha256);
	trace_fini(&t);
}

static int32_t draw_tokens(const struct dist *d, struct pcg64 *g)
{
	return (int32_t)fmax(1, round(dist_draw(d, g)));
}

/* Gaps are independent: exponential for a burstiness of 1, else gamma of shape
 * 1/burstiness^2, whose coefficient of variation is burstiness. */
static double draw_gap_s(const struct workload_par *p, gsl_rng *g)
{
	if (p->burstiness == 1) return gsl_ran_exponential(g, 1 / p->rate_hz);
	double shape = 1 / (p->burstiness * p->burstiness);
	return gsl_ran_gamma(g, shape, 1 / (shape * p->rate_hz));
}

static void invent(struct build *b, uint64_t seed, const char *name)
{
	char *gaps = mem_print("%s/gaps", name);
	gsl_rng *gap = rng_gsl(rng_stream(seed, 0, rng_entity(gaps), RNG_ARRIVAL));
	struct pcg64 length = rng_stream(seed, 0, rng_entity(name), RNG_LENGTH);
	struct request q = { .origin = ORIGIN_OUTSIDE };
	double t_s = 0;
	do {
		t_s += draw_gap_s(b->par, gap);
		q.sent_ns = to_ns(t_s);
		q.prompt_tokens = draw_tokens(&b->par->prompt, &length);
		q.output_tokens = draw_tokens(&b->par->output, &length);
	} while (offer(b, q, NULL, 0));
	gsl_rng_free(gap);
	free(gaps);
}

static void build_check(const struct build *b, const struct object *o, struct err_list *e)
{
	if (b->par->origin == ORIGIN_RULE_HOMES && !b->homes)
		err_at(e, object_attr_pos(o, "origin"),
		    "workload: there are no homes to ask from; add <homes> or write "
		    "origin=\"outside\"");
	if (!b->par->trace && !b->par->requests && b->horizon_ns == INT64_MAX)
		err_at(e, o->pos,
		    "workload: it never ends; write requests= here or duration= at <time>");
}

static void finish(const struct build *b, const struct object *o, struct err_list *e)
{
	if (b->full)
		err_at(e, o->pos,
		    "workload: more than %d requests or a century; lower rate=, repeat= or "
		    "requests=",
		    WORKLOAD_REQUESTS_MAX);
	else if (!b->w->count)
		err_warn(e, o->pos, "workload: no request comes before the end of the scenario");
}

static struct workload *new_workload(const struct object *o)
{
	const struct workload_par *p = o->par;
	const struct object *slo = object_child(o, &slo_class);
	struct workload *w = mem_new(1, sizeof *w);
	w->bytes_per_token = p->bytes_per_token;
	w->has_slo = slo != NULL;
	w->limits = slo ? *(const struct service_limits *)slo->par
			: (struct service_limits){ NAN, NAN, NAN };
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
		.share = 1,
		.homes = homes,
		.keep = rng_stream(seed, 0, rng_entity(name), RNG_ARRIVAL),
		.origin = rng_stream(seed, 0, rng_entity(name), RNG_ORIGIN),
		.draws_homes = p->origin != ORIGIN_RULE_OUTSIDE && homes > 0,
		.start_local_s = start_local_s,
		.horizon_ns = horizon_ns,
	};
	build_check(&b, o, e);
	if (err_count(e) == before) {
		if (p->trace)
			replay(&b, o, e);
		else
			invent(&b, seed, name);
		finish(&b, o, e);
	}
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
	free(w);
}
