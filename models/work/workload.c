#include "models/work/workload.h"

#include <math.h>

#include "models/work/trace.h"

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
	    "last request"),
	ATTR_ENUM(struct workload_par, profile, "profile", "flat", PROFILE_WORDS,
	    "how busy the hours of a day are"),
	ATTR_FILE(struct workload_par, rates, "rates", OPTIONAL,
	    "instead of a profile: CSV of hour,NAME (0 to 23) or window_start_s,NAME (from the "
	    "midnight before the scenario begins, and again when it ends)"),
	ATTR_TEXT(struct workload_par, rates_column, "rates-column", OPTIONAL,
	    "which column of that table, when there are several"),
	ATTR_QTY(struct workload_par, rate_hz, "rate", DIM_RATE, OPTIONAL, 1e-9,
	    WORKLOAD_RATE_MAX_HZ,
	    "mean rate of requests when it is busiest by the profile or the rates; a trace is "
	    "thinned to it, or run faster; when absent, the trace's or the largest of the rates, "
	    "1/s"),
	ATTR_INT(struct workload_par, requests, "requests", "0", 0, WORKLOAD_REQUESTS_MAX,
	    "ends after that many requests; 0: no such limit"),
	ATTR_ENUM(struct workload_par, origin, "origin", "auto", ORIGIN_WORDS,
	    "who asks: as the trace says and else the homes if there are any; homes; clients "
	    "outside"),
	ATTR_QTY(struct workload_par, bytes_per_token, "bytes-per-token", DIM_BYTES, "4 B", 0, 1e6,
	    "what a token takes on a link"),
	ATTR_INT(struct workload_par, concurrency, "concurrency", "0", 0, WORKLOAD_CLIENTS_MAX,
	    "closed loop: so many clients, each of which sends its next request when the last "
	    "one is answered, with the lengths of the trace in order if there is one; 0: open"),
	ATTR_DIST(struct workload_par, think, "think", DIM_TIME, OPTIONAL, 0, 86400,
	    "closed loop: from an answer to the client's next request, and before its first; "
	    "none when absent"),
	ATTR_ENUM(struct workload_par, arrivals, "arrivals", "gamma", ARRIVAL_WORDS,
	    "how synthetic requests come: at any time alike; with independent gaps of some "
	    "burstiness; at a busy and a calm rate by turns (Markov-modulated)"),
	ATTR_QTY(struct workload_par, burstiness, "burstiness", DIM_NUMBER, "1", 0.01, 100,
	    "coefficient of variation of synthetic gaps: 1 is a Poisson process, for mmpp that it "
	    "is not known"),
	ATTR_QTY(struct workload_par, idc, "idc", DIM_NUMBER, OPTIONAL, 1, 1e6,
	    "mmpp: index of dispersion, variance over mean of the counts in long windows"),
	ATTR_QTY(struct workload_par, timescale_s, "timescale", DIM_TIME, OPTIONAL, 1e-6,
	    366 * 86400.0, "mmpp: time constant with which the rate's autocorrelation decays"),
	ATTR_QTY(struct workload_par, peak_hz, "peak", DIM_RATE, OPTIONAL, 1e-9,
	    1000 * WORKLOAD_RATE_MAX_HZ,
	    "mmpp: the busy rate; takes the place of burstiness or idc"),
	ATTR_DIST(struct workload_par, prompt, "prompt", DIM_TOKENS,
	    "lognormal(1020, 0.498) tokens", 1, TRACE_TOKENS_MAX,
	    "prompt length of synthetic requests"),
	ATTR_DIST(struct workload_par, output, "output", DIM_TOKENS, "lognormal(129, 0.993) tokens",
	    1, TRACE_TOKENS_MAX, "output length of synthetic requests"),
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

static void check_loop(const struct object *o, struct err_list *e)
{
	static const char *const of_open[] = { "profile", "rates", "period", NULL };
	const struct workload_par *p = o->par;
	bool plain = p->arrivals == ARRIVALS_GAMMA && p->burstiness == 1;
	if (!isnan(p->rate_hz))
		err_at(e, object_attr_pos(o, "rate"),
		    "workload: clients that wait for answers ask at no given rate; leave out rate= "
		    "or concurrency=");
	if (p->profile != PROFILE_FLAT || p->rates || !isnan(p->period_s))
		warn_if_written(o, of_open, "is for requests that wait for no answer", e);
	if (!plain)
		err_warn(e, object_attr_pos(o, "arrivals"),
		    "workload: arrivals= and burstiness= have no effect on clients that wait for "
		    "answers");
}

static void check_open(const struct object *o, struct err_list *e)
{
	const struct workload_par *p = o->par;
	bool has_figures = !isnan(p->idc) || !isnan(p->timescale_s) || !isnan(p->peak_hz);
	if (!p->trace && !p->rates && isnan(p->rate_hz))
		err_at(e, o->pos,
		    "workload: neither a trace nor a rate; write trace=, rate=, rates= or "
		    "concurrency=");
	if (p->profile != PROFILE_FLAT && p->rates)
		err_at(e, object_attr_pos(o, "rates"),
		    "workload: rates= and profile= both say how busy it is; leave one out");
	if (p->arrivals != ARRIVALS_MMPP && has_figures)
		err_at(e, object_attr_pos(o, "arrivals"),
		    "workload: idc=, timescale= and peak= are of arrivals=\"mmpp\"; write that");
	if (p->arrivals == ARRIVALS_POISSON && p->burstiness != 1)
		err_at(e, object_attr_pos(o, "burstiness"),
		    "workload: a Poisson process has burstiness 1; write arrivals=\"gamma\"");
	if (!workload_is_closed(p) && !isnan(p->think.a))
		err_at(e, object_attr_pos(o, "think"),
		    "workload: think= is for clients that wait for answers; write concurrency=");
}

static void check(const struct object *o, struct err_list *e)
{
	static const char *const of_trace[] = { "repeat", "period", NULL };
	static const char *const of_synthetic[] = { "arrivals", "burstiness", "idc", "timescale",
		"peak", "prompt", "output", NULL };
	const struct workload_par *p = o->par;
	if (p->trace)
		warn_if_written(o, of_synthetic, "is for requests without a trace", e);
	else
		warn_if_written(o, of_trace, "is for a trace", e);
	if (p->rates_column && !p->rates)
		err_at(e, object_attr_pos(o, "rates-column"),
		    "workload: rates-column= without a table; write rates=");
	if (workload_is_closed(p))
		check_loop(o, e);
	else
		check_open(o, e);
}

bool workload_is_closed(const struct workload_par *p)
{
	return p->concurrency > 0;
}

struct arrivals_par workload_arrivals(const struct workload_par *p, double rate_hz)
{
	return (struct arrivals_par){
		.kind = (enum arrival_kind)p->arrivals,
		.rate_hz = rate_hz,
		.cv = p->burstiness,
		.idc = p->idc,
		.timescale_s = p->timescale_s,
		.peak_hz = p->peak_hz,
	};
}

const struct class workload_class = {
	.element = "workload",
	.parents = "scenario",
	.about =
	    "The requests to language models: recorded ones, synthetic ones of a given rate, or "
	    "those of clients that wait for the answer before they ask again.",
	.par_size = sizeof(struct workload_par),
	.attrs = attrs,
	.max = 1,
	.check = check,
};
