/* A window of time over a source: from edge to edge of its counter. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench/joules/estimate.h"
#include "bench/joules/parts.h"

/* Rated power to expect of a channel where the user gave none: more than any socket or
 * board has. A counter of 2^32 units of 2^-16 J is then read every 16 s. */
#define EXPECTED_W 1e3

/* A counter whose steps are fewer in the window says less than integrated power does:
 * 50 of them are 2 %. */
#define STEPS_MIN 50

static double day_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void nap(double s)
{
	struct timespec t = { (time_t)s, (long)((s - floor(s)) * 1e9) };
	nanosleep(&t, NULL);
}

/* Reads until the first counter steps: at once where that takes milliseconds, else with
 * naps of a hundredth of a step. *edged tells whether it stepped within four times the
 * longest step; value has the last reading in either case. */
static bool wait_edge(struct joules *j, struct joules_value *value, bool *edged)
{
	const struct joules_source *s = &j->source;
	char *why = j->sampler.why;
	size_t size = sizeof j->sampler.why;
	double until_s = sampler_now_s() + 4 * s->step_s;
	*edged = false;
	if (!sampler_read(s, value, why, size)) return false;
	if (!s->channel[0].counts || s->step_s <= 0) return true;
	uint64_t before = value[0].count;
	while (!*edged && sampler_now_s() < until_s) {
		if (s->step_s > 0.02) nap(s->step_s / 100);
		if (!sampler_read(s, value, why, size)) return false;
		*edged = value[0].count != before;
	}
	return true;
}

/* How often the thread must look: for news of power, and for every counter's wrap. */
static double interval_s(const struct joules *j)
{
	const struct joules_source *s = &j->source;
	double tdp_w = j->setup.tdp_w, interval = s->news_s > 0 ? s->news_s : INFINITY;
	for (size_t i = 0; i < s->channels; i++)
		interval = fmin(interval,
		    track_interval_s(&s->channel[i], isnan(tdp_w) ? EXPECTED_W : tdp_w));
	return interval;
}

void joules_begin(struct joules *j)
{
	struct joules_value value[JOULES_CHANNELS_MAX];
	const struct joules_source *s = &j->source;
	j->sampler = (struct sampler){ .source = s, .track = j->track, .cpus = j->cpus };
	j->begin_s = sampler_now_s();
	if (s->class && s->class->read) {
		j->sampler.failed = !wait_edge(j, value, &j->edged);
		j->begin_s = sampler_now_s();
		for (size_t i = 0; i < s->channels && !j->sampler.failed; i++)
			track_begin(&j->track[i], &s->channel[i], value[i], j->begin_s);
		j->sampler.interval_s = interval_s(j);
		if (!j->sampler.failed) sampler_start(&j->sampler);
	}
	j->begin_day_s = day_s();
	j->work_s = sampler_now_s();
}

/* Sums over the channels; NAN as soon as one has none. */
static void sums(const struct joules *j, double *counted_j, double *integrated_j,
    double *quantum_j)
{
	*counted_j = *integrated_j = *quantum_j = 0;
	for (size_t i = 0; i < j->source.channels; i++) {
		*counted_j += track_counted_j(&j->track[i]);
		*integrated_j += j->track[i].integrated_j;
		*quantum_j += j->source.channel[i].quantum_j;
	}
}

static bool lost(const struct joules *j)
{
	for (size_t i = 0; i < j->source.channels; i++)
		if (j->track[i].lost) return true;
	return false;
}

/* Takes the counter where it has steps enough, else power. Neither is ever 0: what
 * does not move measures nothing. */
static void choose(const struct joules *j, bool edged, struct energy *r)
{
	double counted_j, integrated_j, quantum_j;
	sums(j, &counted_j, &integrated_j, &quantum_j);
	if (!(counted_j > 0)) counted_j = NAN;
	if (!(integrated_j > 0)) integrated_j = NAN;
	bool counts = isnan(integrated_j) || counted_j >= STEPS_MIN * quantum_j;
	r->method = counts ? ENERGY_COUNTER : ENERGY_INTEGRATED;
	r->measured_j = counts ? counted_j : integrated_j;
	r->other_j = counts ? integrated_j : counted_j;
	double open_s = !counts        ? j->source.news_s
	    : j->edged && edged ? r->span_s - r->work_s
	                        : 2 * j->source.step_s;
	r->error_j = r->measured_j / r->span_s * open_s + (counts ? quantum_j : 0);
	if (!isnan(r->measured_j)) return;
	snprintf(r->why, sizeof r->why, "%s",
	    lost(j) ? "the counter went back within the window: it began anew"
	            : "the counter did not move within the window, which is no data");
}

/* The last reading, at an edge, and what it gives. */
static void close_window(struct joules *j, struct energy *r)
{
	struct joules_value value[JOULES_CHANNELS_MAX];
	struct sampler *s = &j->sampler;
	bool edged = false;
	sampler_stop(s);
	r->sampler_s = s->cpu_s;
	if (!s->failed) s->failed = !wait_edge(j, value, &edged);
	double end_s = sampler_now_s();
	r->span_s = end_s - j->begin_s;
	if (s->failed) {
		snprintf(r->why, sizeof r->why, "%s", s->why);
		return;
	}
	for (size_t i = 0; i < j->source.channels; i++)
		track_add(&j->track[i], value[i], end_s, sampler_age_s(&j->source));
	choose(j, edged, r);
}

/* What a reading is before anything has been read. */
static struct energy blank(const struct joules *j)
{
	bool measures = j->source.class;
	return (struct energy){
		.measured_j = NAN, .power_w = NAN, .idle_j = NAN, .net_j = NAN, .error_j = NAN,
		.other_j = NAN, .estimate_j = NAN, .estimate_low_j = NAN, .estimate_high_j = NAN,
		.source = measures ? j->source.class->name : "none",
		.scope = measures ? j->source.scope : ENERGY_NOWHERE,
	};
}

/* idle + utilisation (tdp - idle), beside what was measured. */
static void estimate(const struct joules *j, double utilisation, struct energy *r)
{
	struct estimate e =
	    estimate_energy(j->setup.idle_w, j->setup.tdp_w, utilisation, r->work_s);
	if (!j->model || isnan(e.j)) return;
	r->estimate_j = e.j;
	r->estimate_low_j = e.low_j;
	r->estimate_high_j = e.high_j;
	if (j->source.class) return;
	r->source = "model";
	r->method = ENERGY_MODEL;
}

void joules_end(struct joules *j, double utilisation, struct energy *r)
{
	double end_s = sampler_now_s(), end_day_s = day_s();
	*r = blank(j);
	r->work_s = r->span_s = end_s - j->work_s;
	if (j->source.class && j->source.class->read)
		close_window(j, r);
	else if (j->source.class) {
		r->span_s = end_day_s - j->begin_day_s;
		j->source.class->window(j->source.state, j->begin_day_s, end_day_s, r);
	}
	if (isnan(r->measured_j)) r->method = ENERGY_UNKNOWN;
	r->power_w = r->measured_j / r->span_s;
	r->idle_j = j->idle_w * r->span_s;
	r->net_j = r->measured_j - r->idle_j;
	estimate(j, utilisation, r);
}

bool joules_idle(struct joules *j, double length_s)
{
	struct energy r;
	if (!j->source.class) return false;
	joules_begin(j);
	nap(length_s);
	joules_end(j, 0, &r);
	j->idle_w = r.power_w;
	return !isnan(r.power_w);
}
