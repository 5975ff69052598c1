#include "models/site/deferral.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/metric.h"
#include "models/site/alert.h"
#include "models/site/service.h"

extern const struct metric deferral_metrics[];
const struct metric deferral_metrics[] = {
	{ "deferral.requests", "1", "requests sent that can wait", "count", "counted" },
	{ "deferral.held", "1", "of them, those that had to", "count", "counted" },
	{ "deferral.waiting", "1", "of them, those that still did when the run ended", "count",
	    "counted", LOWER_IS_BETTER },
	{ "deferral.delay_s", "s", "how long requests were held back, of those that were let go",
	    "t(sent to a node) - t(request sent)", "models/site/deferral.h", LOWER_IS_BETTER },
	{ "deferral.missed", "1",
	    "requests that can wait whose deadline came before their last token",
	    "count of t(last token received) > t(request sent) + deadline; unfinished ones whose "
	    "deadline is past the end of the run are not counted",
	    "models/site/deferral.h", LOWER_IS_BETTER },
	{ "deferral.ttft_s", "s",
	    "time to first token of finished requests that can wait, from when they were let go",
	    "t(first token received) - t(sent to a node)", "models/site/deferral.h",
	    LOWER_IS_BETTER },
	{ "deferral.e2e_s", "s", "end-to-end latency of the same, their wait included",
	    "t(last token received) - t(request sent)", "models/site/deferral.h", LOWER_IS_BETTER },
	{ 0 },
};

struct deferral {
	struct sim *sim;
	unsigned on_release;
	struct deferral_par par;
	struct alert alert;
	const struct workload *work;
	deferral_send *send;
	void *ctx;

	bool on;
	uint32_t *queue;      /* [requests]: those that waited, in order */
	uint32_t head, tail;  /* those that do: [head, tail) */
	int64_t free_ns;      /* from when on the rate lets another one go */
	sim_handle next;      /* when the head is let go; 0: not while the rule is on */
	int64_t *released_ns; /* [requests]; -1 */
};

static int64_t nanoseconds(double s)
{
	return llround(s * (double)SIM_NS_PER_S);
}

static int64_t latest_ns(const struct deferral *d, uint32_t request)
{
	return d->work->request[request].sent_ns + nanoseconds(d->par.deadline_s - d->par.margin_s);
}

static void let_go(struct deferral *d, uint32_t request)
{
	d->released_ns[request] = sim_now(d->sim);
}

/* When the head is let go, as things stand. Deadlines are in the order of the queue. */
static void schedule(struct deferral *d)
{
	int64_t now_ns = sim_now(d->sim);
	sim_cancel(d->sim, d->next);
	d->next = 0;
	if (d->head == d->tail) return;
	int64_t at_ns = latest_ns(d, d->queue[d->head]);
	if (!d->on && d->free_ns < at_ns) at_ns = d->free_ns;
	if (at_ns < now_ns) at_ns = now_ns;
	d->next = sim_at(d->sim, at_ns, d->on_release, 0, 0, 0);
}

static void on_release(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct deferral *d = ctx;
	uint32_t request = d->queue[d->head++];
	(void)ev;
	d->next = 0;
	d->free_ns = sim_now(s) + nanoseconds(1 / d->par.rate_hz);
	let_go(d, request);
	schedule(d);
	d->send(d->ctx, request);
}

struct deferral *deferral_new(struct sim *sim, const struct object *scenario,
    const struct workload *w, double zone_s, struct err_list *e)
{
	const struct object *work = object_child(scenario, &workload_class);
	const struct object *o = work ? object_child(work, &deferral_class) : NULL;
	if (!o || !w) return NULL;
	struct deferral *d = mem_new(1, sizeof *d);
	d->sim = sim;
	d->on_release = sim_type(sim, "release", SIM_PHASE_REQUEST, on_release, d);
	d->par = *(const struct deferral_par *)o->par;
	d->work = w;
	struct trigger_par trigger = trigger_without_import(d->par.trigger);
	alert_init(&d->alert, &trigger, scenario, scenario, zone_s, e);
	d->queue = mem_new(w->count, sizeof *d->queue);
	d->released_ns = mem_new(w->count, sizeof *d->released_ns);
	for (uint32_t i = 0; i < w->count; i++) d->released_ns[i] = -1;
	if (!err_count(e)) return d;
	deferral_free(d);
	return NULL;
}

void deferral_free(struct deferral *d)
{
	if (!d) return;
	alert_fini(&d->alert);
	free(d->queue);
	free(d->released_ns);
	free(d);
}

void deferral_on_send(struct deferral *d, deferral_send *send, void *ctx)
{
	d->send = send;
	d->ctx = ctx;
}

bool deferral_holds(struct deferral *d, uint32_t request)
{
	if (!d->work->request[request].deferrable) return false;
	if (!d->on && d->head == d->tail) {
		let_go(d, request);
		return false;
	}
	d->queue[d->tail++] = request;
	if (d->tail - d->head == 1) schedule(d);
	return true;
}

void deferral_begin(struct deferral *d, const struct step *st)
{
	bool was = d->on;
	d->on = alert_begin(&d->alert, st, NAN);
	if (d->on != was) schedule(d);
}

void deferral_end(struct deferral *d, const struct market_quote *q)
{
	alert_end(&d->alert, q);
}

uint32_t deferral_waiting(const struct deferral *d)
{
	return d->tail - d->head;
}

const int64_t *deferral_released_ns(const struct deferral *d)
{
	return d->released_ns;
}

static double seconds(int64_t ns)
{
	return (double)ns / (double)SIM_NS_PER_S;
}

/* The deadline came, and the last token had not. */
static bool missed(const struct deferral *d, const struct request *q, const struct outcome *o)
{
	int64_t deadline_ns = q->sent_ns + nanoseconds(d->par.deadline_s);
	int64_t now_ns = sim_now(d->sim);
	return o->status == REQUEST_DONE ? o->done_ns > deadline_ns : now_ns > deadline_ns;
}

static void put_count(struct dataset *out, const char *key, int64_t n, int64_t of)
{
	metric_put(out, key, NULL, estimate_exact((double)n, of));
}

static void export_counts(const struct deferral *d, const struct outcome *o, struct dataset *out)
{
	int64_t n = 0, late = 0, now_ns = sim_now(d->sim);
	for (uint32_t i = 0; i < d->work->count; i++) {
		const struct request *q = &d->work->request[i];
		if (!q->deferrable || q->sent_ns > now_ns) continue;
		n++;
		late += missed(d, q, &o[i]);
	}
	put_count(out, "deferral.requests", n, n);
	put_count(out, "deferral.held", d->tail, n);
	put_count(out, "deferral.waiting", deferral_waiting(d), n);
	put_count(out, "deferral.missed", late, n);
}

static void export_delay(const struct deferral *d, struct dataset *out)
{
	double *v = mem_new(d->head, sizeof *v);
	for (uint32_t k = 0; k < d->head; k++) {
		uint32_t i = d->queue[k];
		v[k] = seconds(d->released_ns[i] - d->work->request[i].sent_ns);
	}
	service_put_latency(out, "deferral.delay_s", v, d->head);
	free(v);
}

static void export_latencies(const struct deferral *d, const struct outcome *o, struct dataset *out)
{
	double *ttft_s = mem_new(d->work->count, sizeof *ttft_s);
	double *e2e_s = mem_new(d->work->count, sizeof *e2e_s);
	size_t n = 0;
	for (uint32_t i = 0; i < d->work->count; i++) {
		const struct request *q = &d->work->request[i];
		if (!q->deferrable || o[i].status != REQUEST_DONE) continue;
		ttft_s[n] = seconds(o[i].first_ns - d->released_ns[i]);
		e2e_s[n++] = request_e2e_s(q, &o[i]);
	}
	service_put_latency(out, "deferral.ttft_s", ttft_s, n);
	service_put_latency(out, "deferral.e2e_s", e2e_s, n);
	free(ttft_s);
	free(e2e_s);
}

void deferral_export(const struct deferral *d, const struct outcome *o, struct dataset *out)
{
	export_counts(d, o, out);
	export_delay(d, out);
	export_latencies(d, o, out);
}
