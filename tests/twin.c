#include "tests/twin.h"
#include "tests/twin_time.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct llm_par *draft_model(const struct twin *t)
{
	return t->node->draft_model ? t->node->draft_model->par : NULL;
}

/* Mean tokens of an iteration, 1 + alpha + ... + alpha^g, to 2^-20. */
static long double mean_gain(const struct twin *t)
{
	long double alpha = t->drafts > 0 ? t->node->acceptance : 0;
	return roundl((1 - powl(alpha, t->drafts + 1)) / (1 - alpha) * 0x1p20L) * 0x1p-20L;
}

int twin_gain(const struct twin *t)
{
	return (int)(floorl(mean_gain(t) * (t->steps + 1)) - floorl(mean_gain(t) * t->steps));
}

/* For one of the two models. */
static struct step make_step(const struct twin *t, const struct llm_par *llm, int each)
{
	struct step s = { .each = each };
	long double clock = mean_gain(t) * t->steps;
	for (size_t k = 0; k < t->runs; k++) {
		const struct twin_request *q = &t->request[t->running[k]];
		if (q->chunk == 0) continue;
		s.requests++;
		if (!q->prefilling) {
			double context = (double)(q->base + clock + 1 + t->drafts);
			s.tokens += each;
			s.rows += each;
			s.decodes++;
			s.context_sum += context;
			s.context_max = fmax(s.context_max, context);
		} else {
			s.tokens += q->chunk;
			s.rows++;
			step_prefill(t, llm, &s, q->computed, q->chunk);
			if (!t->table) continue;
			s.chunk_s += layer_table_chunk_s(t->table, q->computed, q->chunk);
			s.before_sum += (double)q->computed * q->chunk;
			s.chunk_sum += q->chunk;
		}
	}
	return s;
}

static void add_gap(struct twin *t, double gap_s)
{
	t->gap_s = mem_grow(t->gap_s, t->gaps, &t->gaps_cap, sizeof *t->gap_s);
	t->gap_s[t->gaps++] = gap_s;
}

/* One more token of q. */
static void token(struct twin *t, struct twin_request *q, long double now_s)
{
	if (q->generated++ == 0)
		q->first_s = (double)now_s;
	else
		add_gap(t, (double)(now_s - q->last_s));
	q->last_s = now_s;
	t->tokens_out++;
	if (q->generated == q->output) q->done_s = (double)now_s;
}

static void end_decode(struct twin *t, struct twin_request *q, int gain, long double now_s)
{
	t->served++;
	q->computed += gain;
	for (int i = 0; i < gain && q->generated < q->output; i++) token(t, q, now_s);
}

static void end_chunk(struct twin *t, struct twin_request *q, long double now_s)
{
	t->tokens_in += q->chunk;
	q->computed += q->chunk;
	twin_share(t, q);
	if (q->computed < q->prompt + q->generated) return;
	t->served++;
	token(t, q, now_s);
	q->prefilling = false;
	q->base = q->computed - t->clock;
}

static void let_go(struct twin *t)
{
	for (size_t i = 0; i < t->leavings; i++) twin_release(t, &t->request[t->leaving[i]]);
	t->leavings = 0;
}

static bool ahead(const struct twin *t)
{
	return node_engine(t->node)->ahead;
}

/* Those with all their tokens leave, in the order of their turns. */
static void leave(struct twin *t)
{
	for (;;) {
		size_t first = t->runs;
		for (size_t k = 0; k < t->runs; k++) {
			const struct twin_request *q = &t->request[t->running[k]];
			if (q->generated < q->output) continue;
			if (first == t->runs || twin_before(t, t->running[k], t->running[first]))
				first = k;
		}
		if (first == t->runs) break;
		t->leaving[t->leavings++] = t->running[first];
		memmove(t->running + first, t->running + first + 1,
		    (--t->runs - first) * sizeof *t->running);
	}
	if (!ahead(t)) let_go(t);
}

static void end_iteration(struct twin *t, const struct step *s, long double now_s, double energy_j)
{
	int gain = twin_gain(t);
	if (s->decodes > 0) {
		t->steps++;
		t->clock += gain;
	}
	for (size_t k = 0; k < t->runs; k++) {
		struct twin_request *q = &t->request[t->running[k]];
		if (q->chunk == 0) continue;
		q->energy_j += energy_j * q->chunk / s->tokens;
		q->prefilling ? end_chunk(t, q, now_s) : end_decode(t, q, gain, now_s);
		q->chunk = 0;
	}
	leave(t);
}

/* Between the rows around it, by search from the end. */
static double tabled_w(const struct levels *l, int tokens)
{
	int k = l->n - 1;
	while (k > 0 && l->tokens[k] > tokens) k--;
	if (k == l->n - 1 || tokens <= l->tokens[k]) return l->power_w[k];
	double above = (tokens - l->tokens[k]) / (l->tokens[k + 1] - l->tokens[k]);
	return (1 - above) * l->power_w[k] + above * l->power_w[k + 1];
}

/* The boards of a pipeline on average, where those of stages without a micro-batch rest. */
static double in_turns_w(const struct twin *t, const struct step *s, double works_w)
{
	double stages = (double)t->node->pipeline_parallel, busy = step_parts(t, s);
	return (busy * works_w + (stages - busy) * node_device(t->node)->power.idle_w) / stages;
}

/* Of one device. */
static double drawn_w(const struct twin *t, const struct step *s, struct work w, double time_s)
{
	const struct device_par *d = node_device(t->node);
	const struct power *p = &t->power;
	bool prompt = s->requests > s->decodes;
	double peak = device_peak_flops_s(d, (enum weights)t->node->weights);
	switch ((enum power_form)d->power.form) {
	case POWER_PHASE:
		return in_turns_w(t, s, prompt ? d->power.prompt_w : d->power.token_w);
	case POWER_TABLE: {
		int k = step_parts(t, s), tokens = (s->tokens + k - 1) / k;
		return in_turns_w(t, s, tabled_w(&p->level[prompt ? 0 : 1], tokens));
	}
	case POWER_UTIL: break;
	}
	return power_w(p, w.bytes / (time_s * d->bandwidth_bytes_s), w.flops / (time_s * peak));
}

static void take_cap(struct twin *t)
{
	t->cap_w = t->cap[t->next_cap++].cap_w;
	t->cap_changed = true;
}

/* Whether the batch is another than in the iteration before, or computes a prompt
 * in either of them; keeps it for the next. */
static bool batch_changed(struct twin *t, const struct step *s)
{
	bool prompt = s->requests > s->decodes;
	bool changed = prompt || t->prompt_before || t->befores != t->runs ||
	    memcmp(t->before, t->running, t->runs * sizeof *t->running);
	memcpy(t->before, t->running, t->runs * sizeof *t->running);
	t->befores = t->runs;
	t->prompt_before = prompt;
	return changed;
}

/* The governor of governor.h: sets t->slow for an iteration that would draw so much. */
static void govern(struct twin *t, const struct step *s, double demand_w)
{
	bool changed = batch_changed(t, s) || t->cap_changed || t->iterations % 64 == 0;
	double floor_w = t->power.cap_floor_w;
	t->cap_changed = false;
	if (!changed) return;
	t->slow = 1;
	if (demand_w > t->cap_w)
		t->slow = 1 /
		    pow((t->cap_w - floor_w) / (demand_w - floor_w), t->power.cap_exp);
}

static void add_stretch(struct twin *t, const struct twin_known *known, long double from_s,
    long double time_s, double energy_j)
{
	t->stretch = mem_grow(t->stretch, t->stretches, &t->stretches_cap, sizeof *t->stretch);
	t->stretch[t->stretches++] =
	    (struct twin_stretch){ (double)from_s, (double)(from_s + time_s), energy_j, *known };
}

/* A request comes at sent_s to a replica that has been idle since idle_s: when the
 * replica can begin. */
static long double wake(struct twin *t, long double idle_s, long double sent_s)
{
	const struct node_par *n = t->node;
	const struct power_par *p = &node_device(n)->power;
	double devices = (double)(n->tensor_parallel * n->pipeline_parallel);
	double weight = weights_bytes((enum weights)n->weights);
	double load_w = isnan(n->load_w) ? p->idle_w : n->load_w;
	double bytes = llm_weight_bytes(node_model(n), n->tensor_parallel, weight);
	if (draft_model(t)) bytes += llm_weight_bytes(draft_model(t), n->tensor_parallel, weight);
	double load_s = n->cold_start_s + (double)n->tensor_parallel * bytes / n->load_bytes_s;
	if (!(sent_s - idle_s >= n->unload_after_s)) return sent_s; /* never, when it is NAN */
	long double from_s = idle_s + n->unload_after_s;
	struct twin_known known = twin_known(t);
	add_stretch(t, &known, from_s, sent_s - from_s,
	    devices * p->unloaded_w * (double)(sent_s - from_s));
	add_stretch(t, &known, sent_s, load_s, devices * load_w * load_s);
	t->loads++;
	twin_forget(t);
	return sent_s + load_s;
}

/* The draft model guesses one token after the other; its first pass takes in what
 * is new of the prompts. */
static double guess(struct twin *t, struct work *sum)
{
	struct step s = make_step(t, draft_model(t), 1);
	double time_s = 0;
	for (int i = 0; i < t->drafts && s.requests > 0; i++) {
		time_s += step_s(t, draft_model(t), &s, sum);
		s.tokens = s.rows = s.requests = s.decodes;
		s.prefill = s.prefill_windowed = (struct work){ 0, 0 };
	}
	return time_s;
}

/* With plans ahead, what begins now was planned before anybody came or ended in the
 * iteration before; only where that was nothing, with them. */
static void plan(struct twin *t)
{
	twin_plan(t);
	if (!ahead(t)) return;
	let_go(t);
	for (size_t i = 0; i < t->lates; i++) twin_submit(t, t->late[i]);
	t->lates = 0;
	for (size_t k = 0; k < t->runs; k++)
		if (t->request[t->running[k]].chunk > 0) return;
	twin_plan(t);
}

/* Token after token enters the pipeline; steps are as long as the mean context wants.
 * Returns their time, adds events and sets the power of the chip. */
static double stream(const struct twin *t, struct work *w, double *device_w)
{
	const struct event_cost *c = &t->chip->cost;
	double seen = 0, j = 0, time_s = 0;
	int tokens = 0;
	for (size_t k = 0; k < t->runs; k++) {
		const struct twin_request *q = &t->request[t->running[k]];
		for (int i = 1; i <= q->chunk; i++, tokens++) {
			double sees = q->computed + i, ops = c->token_ops + sees * c->context_ops;
			double rest = c->token_rest + sees * c->context_rest;
			seen += sees;
			j += ops * t->chip->op_j + rest;
			w->flops += ops;
			w->bytes += rest;
		}
	}
	for (double i = 0; i < tokens * c->steps + c->depth - 1; i++)
		time_s += c->step_s + c->context_step_s * seen / tokens;
	*device_w = node_device(t->node)->power.idle_w + j / time_s;
	return time_s;
}

/* What the devices do: its time, work and power. */
static double compute(struct twin *t, const struct step *s, struct work *w, double *device_w)
{
	if (t->chip) return stream(t, w, device_w);
	double time_s = step_s(t, node_model(t->node), s, w);
	if (draft_model(t)) time_s += guess(t, w);
	*device_w = drawn_w(t, s, *w, time_s);
	return time_s;
}

/* Runs one iteration from now_s; returns when it ends. */
static long double iterate(struct twin *t, long double now_s)
{
	double devices = (double)(t->node->tensor_parallel * t->node->pipeline_parallel);
	plan(t);
	struct twin_known known = twin_known(t);
	struct step s = make_step(t, node_model(t->node), 1 + t->drafts);
	struct work w = { 0, 0 };
	double device_w, time_s = compute(t, &s, &w, &device_w);
	govern(t, &s, device_w);
	if (t->slow > 1 || device_w > t->cap_w) device_w = t->cap_w;
	time_s *= t->slow;
	if (t->slow > 1) t->slowed_s += time_s;
	double energy_j = devices * time_s * device_w;
	t->flops += devices * w.flops;
	t->bytes += devices * w.bytes;
	add_stretch(t, &known, now_s, time_s, energy_j);
	t->iterations++;
	now_s += time_s;
	end_iteration(t, &s, now_s, energy_j);
	return now_s;
}

/* Caps and requests, from number `next` on, that came before now_s. */
static size_t take_until(struct twin *t, size_t next, long double now_s, bool late)
{
	while (t->next_cap < t->caps && t->cap[t->next_cap].at_ns * 1e-9L < now_s) take_cap(t);
	for (; next < t->requests && t->request[next].sent_ns * 1e-9L < now_s; next++) {
		if (late)
			t->late[t->lates++] = next;
		else
			twin_submit(t, next);
	}
	return next;
}

void twin_run(struct twin *t)
{
	size_t next = 0;
	long double now_s = 0;
	t->running = mem_new(t->requests, sizeof *t->running);
	t->waiting = mem_new(t->requests, sizeof *t->waiting);
	t->late = mem_new(t->requests, sizeof *t->late);
	t->leaving = mem_new(t->requests, sizeof *t->leaving);
	t->layers_s = mem_new((size_t)node_engine(t->node)->token_budget + 1, sizeof *t->layers_s);
	t->draft_layers_s =
	    mem_new((size_t)node_engine(t->node)->token_budget + 1, sizeof *t->draft_layers_s);
	t->drafts = (int)t->node->draft_tokens;
	t->free_blocks = t->blocks_total;
	t->before = mem_new(t->requests, sizeof *t->before);
	t->where = mem_new(t->id_end, sizeof *t->where);
	t->power = power_init(&node_device(t->node)->power);
	t->cap_w = t->node->cap_w > 0 ? t->node->cap_w : INFINITY;
	t->slow = 1;
	while (next < t->requests || t->runs > 0 || t->waits > 0 || t->lates > 0) {
		if (t->runs == 0 && t->waits == 0 && t->lates == 0) {
			/* idle: begins with whoever comes first */
			let_go(t);
			int64_t sent_ns = t->request[next].sent_ns;
			while (t->next_cap < t->caps && t->cap[t->next_cap].at_ns <= sent_ns)
				take_cap(t);
			now_s = wake(t, now_s, fmaxl(now_s, sent_ns * 1e-9L));
			twin_submit(t, next++);
			next = take_until(t, next, now_s, false);
		}
		now_s = iterate(t, now_s);
		next = take_until(t, next, now_s, ahead(t));
	}
}

void twin_fini(struct twin *t)
{
	free(t->running);
	free(t->waiting);
	free(t->late);
	free(t->leaving);
	free(t->before);
	free(t->layers_s);
	free(t->draft_layers_s);
	free(t->stretch);
	free(t->gap_s);
	free(t->unit);
	free(t->where);
}
