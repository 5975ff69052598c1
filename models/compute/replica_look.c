#include <math.h>

#include "models/compute/replica_state.h"

int64_t replica_ended(const struct replica *r, int64_t now_ns)
{
	return run_ended(&r->run, r->length, r->begin.frac_ns, (double)(now_ns - r->begin.ns));
}

int64_t replica_end_ns(const struct replica *r)
{
	return r->end_ns;
}

const uint32_t *replica_first(const struct replica *r, size_t *count)
{
	*count = r->firsts;
	return r->first;
}

const struct replica_done *replica_finished(const struct replica *r, size_t *count)
{
	*count = r->finishes;
	return r->finished;
}

/* Tokens that each decoding request has surely gained in n of the span's
 * iterations: with speculation, how many the last one is worth shows at its end. */
static int64_t decoded(const struct replica *r, int64_t n)
{
	if (r->decodes == 0 || r->chunks > 0) return 0;
	return replica_gain(r, r->m->pace.drafts > 0 ? min_i64(n, r->length - 1) : n);
}

/* Adds the part of the span under way that lies before now_ns. */
static void add_partial(const struct replica *r, int64_t now_ns, struct replica_total *t)
{
	double elapsed_s = ((double)(now_ns - r->begin.ns) - r->begin.frac_ns) * 1e-9;
	double devices = (double)r->m->devices;
	int64_t n = replica_ended(r, now_ns);
	double j = (double)n, ended_s = run_time_s(&r->run, n);
	double one_s = r->run.time_s + j * r->run.time_step_s;
	double part = n == r->length ? 0 : fmin(1, fmax(0, (elapsed_s - ended_s) / one_s));
	double one_j = run_energy_j(&r->run, &r->m->meter, n, n + 1);
	t->busy_s += ended_s + part * one_s;
	if (r->governor.slow > 1) t->slowed_s += ended_s + part * one_s;
	t->device_j += devices * (run_energy_j(&r->run, &r->m->meter, 0, n) + part * one_j);
	t->flops += devices * series_sum(r->run.flops, r->run.flops_step, n);
	t->bytes += devices * series_sum(r->run.bytes, r->run.bytes_step, n);
	t->tokens_out += r->decodes * decoded(r, n);
	t->served += r->decodes * n;
	t->iterations += n;
}

/* The same of a load under way, or of an idle time. */
static void add_rest(const struct replica *r, int64_t now_ns, struct replica_total *t)
{
	double gap_s = instant_gap_s(r->begin, (struct instant){ .ns = now_ns });
	if (r->loading)
		t->loading_s += fmax(0, gap_s);
	else
		t->unloaded_s += fmax(0, rest_unloaded_s(&r->m->rest, gap_s));
}

struct replica_total replica_total(const struct replica *r, int64_t now_ns)
{
	const struct iteration_model *m = r->m;
	struct replica_total t = r->total;
	r->busy ? add_partial(r, now_ns, &t) : add_rest(r, now_ns, &t);
	double active_s = t.busy_s + t.loading_s;
	double rest_s = fmax(0, (double)now_ns * 1e-9 - active_s);
	double rest_j = m->rest.idle_w * (rest_s - t.unloaded_s) +
	    m->rest.unloaded_w * t.unloaded_s + m->rest.load_w * t.loading_s;
	t.device_j += (double)m->devices * rest_j;
	double given_j = t.device_j + m->host_active_w * active_s + m->host_idle_w * rest_s;
	t.node_j = node_inlet_j(m->psu_frac, m->psu_loss_w, given_j, active_s + rest_s);
	return t;
}

int64_t replica_outstanding(const struct replica *r, int64_t now_ns)
{
	if (!r->busy || r->chunks > 0) return r->outstanding;
	return r->outstanding - r->decodes * decoded(r, replica_ended(r, now_ns));
}

int64_t replica_kv_used(const struct replica *r, int64_t now_ns)
{
	int64_t used = r->kv.used;
	if (r->busy && r->chunks == 0) {
		int64_t begun = min_i64(replica_ended(r, now_ns) + 1, r->length);
		used += replica_need(r, begun);
	}
	return used * r->kv.block;
}

int64_t replica_kv_capacity(const struct replica *r)
{
	return r->kv.total * r->kv.block;
}

/* The last iteration may gain and verify as many tokens more as there are drafts. */
int64_t replica_longest(const struct replica *r)
{
	int64_t tokens = replica_kv_capacity(r) - 2 * r->m->pace.drafts;
	return r->m->prefill_first ? min_i64(tokens, r->m->token_budget) : tokens;
}

uint32_t replica_running(const struct replica *r)
{
	return r->running;
}

size_t replica_waiting(const struct replica *r)
{
	return waitlist_count(&r->waiting) + waitlist_count(&r->coming);
}
