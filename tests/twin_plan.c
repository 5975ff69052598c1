/* The twin's scheduler: who takes part in the next iteration. Plain lists, every
 * one walked from its begin. */
#include "tests/twin.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int ceil_div(int a, int b)
{
	return (a + b - 1) / b;
}

static int known_tokens(const struct twin_request *q)
{
	return q->prompt + q->generated;
}

static bool by_priority(const struct twin *t)
{
	return node_engine(t->node)->order == ENGINE_PRIORITY;
}

static bool prefill_first(const struct twin *t)
{
	return node_engine(t->node)->schedule == ENGINE_PREFILL_FIRST;
}

/* ---- the prefix cache: a list of units ---- */

static int unit_blocks(const struct twin *t)
{
	return t->unit_tokens / (int)node_engine(t->node)->block_tokens;
}

static struct twin_unit *find(struct twin *t, uint64_t id)
{
	return t->where[id] ? &t->unit[t->where[id] - 1] : NULL;
}

static int idle_blocks(const struct twin *t)
{
	return t->idle * unit_blocks(t);
}

/* Gives up idle units, the one left longest ago first, until so many blocks are free. */
static void make_free(struct twin *t, int blocks)
{
	while (t->free_blocks < blocks) {
		size_t oldest = t->units;
		for (size_t i = 0; i < t->units; i++) {
			if (t->unit[i].holders > 0) continue;
			if (oldest == t->units || t->unit[i].left < t->unit[oldest].left) oldest = i;
		}
		if (oldest == t->units) return;
		t->where[t->unit[oldest].id] = 0;
		t->unit[oldest] = t->unit[--t->units];
		if (oldest < t->units) t->where[t->unit[oldest].id] = oldest + 1;
		t->idle--;
		t->free_blocks += unit_blocks(t);
	}
}

void twin_forget(struct twin *t)
{
	make_free(t, (int)t->blocks_total);
}

void twin_share(struct twin *t, struct twin_request *q)
{
	if (t->unit_tokens == 0) return;
	int most = q->ids < q->prompt / t->unit_tokens ? q->ids : q->prompt / t->unit_tokens;
	for (; q->held < most && (q->held + 1) * t->unit_tokens <= q->computed; q->held++) {
		struct twin_unit *u = find(t, q->id[q->held]);
		q->blocks -= unit_blocks(t);
		if (u) {
			t->idle -= u->holders++ == 0;
			t->free_blocks += unit_blocks(t);
			continue;
		}
		t->unit = mem_grow(t->unit, t->units, &t->units_cap, sizeof *t->unit);
		t->unit[t->units++] = (struct twin_unit){ q->id[q->held], 1, 0 };
		t->where[q->id[q->held]] = t->units;
	}
}

void twin_release(struct twin *t, struct twin_request *q)
{
	t->free_blocks += q->blocks;
	q->blocks = 0;
	for (; q->held > 0; q->held--) {
		struct twin_unit *u = find(t, q->id[q->held - 1]);
		if (--u->holders > 0) continue;
		u->left = ++t->leaves;
		t->idle++;
	}
}

/* ---- blocks ---- */

/* Blocks that q lacks for so many tokens. */
static int lacks(const struct twin *t, const struct twin_request *q, int tokens)
{
	int block = (int)node_engine(t->node)->block_tokens;
	return ceil_div(tokens, block) - q->held * unit_blocks(t) - q->blocks;
}

/* Tokens that it must have blocks for when it computes `chunk`; while it decodes,
 * for what it gains and all drafts behind. */
static int last_token(const struct twin *t, const struct twin_request *q, int chunk)
{
	return q->computed + (q->prefilling ? chunk : twin_gain(t) + t->drafts);
}

static void take(struct twin *t, struct twin_request *q, int blocks)
{
	make_free(t, blocks);
	t->free_blocks -= blocks;
	q->blocks += blocks;
}

static bool allocate(struct twin *t, struct twin_request *q, int chunk)
{
	int need = lacks(t, q, last_token(t, q, chunk));
	if (need > t->free_blocks + idle_blocks(t)) return false;
	take(t, q, need);
	q->chunk = chunk;
	return true;
}

/* ---- preemption ---- */

bool twin_before(const struct twin *t, size_t a, size_t b)
{
	const struct twin_request *p = &t->request[a], *q = &t->request[b];
	if (by_priority(t) && p->priority != q->priority) return p->priority < q->priority;
	return a < b;
}

static void wait_again(struct twin *t, size_t i)
{
	size_t k = 0;
	while (by_priority(t) && k < t->waits && twin_before(t, t->waiting[k], i)) k++;
	memmove(t->waiting + k + 1, t->waiting + k, (t->waits - k) * sizeof *t->waiting);
	t->waiting[k] = i;
	t->waits++;
}

static void preempt(struct twin *t, size_t k)
{
	size_t i = t->running[k];
	struct twin_request *q = &t->request[i];
	memmove(t->running + k, t->running + k + 1, (--t->runs - k) * sizeof *t->running);
	twin_release(t, q);
	q->computed = 0;
	q->chunk = 0;
	q->arrives = false;
	q->prefilling = true;
	q->preemptions++;
	t->preemptions++;
	wait_again(t, i);
}

/* The tokens that q computes in this iteration. */
static int chunk_of(const struct twin *t, const struct twin_request *q, int budget)
{
	int chunk = known_tokens(q) - q->computed;
	if (!q->prefilling) return 1 + t->drafts;
	return chunk < budget ? chunk : budget;
}

/* While those that run lack more than there is, the one with the last turn goes. */
static bool preempt_worst(struct twin *t, int all)
{
	bool preempted = false;
	for (;; preempted = true) {
		int need = 0, budget = all;
		size_t worst = 0;
		for (size_t k = 0; k < t->runs; k++) {
			struct twin_request *q = &t->request[t->running[k]];
			int chunk = chunk_of(t, q, budget);
			need += lacks(t, q, last_token(t, q, chunk));
			budget -= chunk;
			if (twin_before(t, t->running[worst], t->running[k])) worst = k;
		}
		if (need <= t->free_blocks + idle_blocks(t)) return preempted;
		preempt(t, worst);
	}
}

/* Those that run, in the order of their admission. With neither priorities nor a
 * prefix cache it does not matter when the victims go: who finds no blocks takes
 * them from the last. True when somebody was preempted. */
static bool schedule_running(struct twin *t, int *budget)
{
	bool first = by_priority(t) || t->unit_tokens > 0;
	bool preempted = first && preempt_worst(t, *budget);
	for (size_t k = 0; k < t->runs; k++) {
		struct twin_request *q = &t->request[t->running[k]];
		int chunk = chunk_of(t, q, *budget);
		while (k < t->runs && !allocate(t, q, chunk)) {
			preempt(t, t->runs - 1);
			preempted = true;
		}
		if (k < t->runs) *budget -= chunk;
	}
	return preempted;
}

/* ---- admission ---- */

/* Leading units of its prompt that are there; one token must be left to compute. */
static int hits(struct twin *t, const struct twin_request *q, int *idle)
{
	int n = 0, last = known_tokens(q) - 1;
	*idle = 0;
	if (t->unit_tokens == 0) return 0;
	while (n < q->ids && (n + 1) * t->unit_tokens <= q->prompt &&
	    (n + 1) * t->unit_tokens <= last && find(t, q->id[n]))
		*idle += find(t, q->id[n++])->holders == 0;
	return n;
}

static void hold(struct twin *t, struct twin_request *q, int n)
{
	for (; q->held < n; q->held++) t->idle -= find(t, q->id[q->held])->holders++ == 0;
}

/* Blocks that decoding requests will take when they go on. */
static int owed(const struct twin *t)
{
	int sum = 0;
	if (!prefill_first(t)) return 0; /* they have taken them already */
	for (size_t k = 0; k < t->runs; k++) {
		const struct twin_request *q = &t->request[t->running[k]];
		if (!q->prefilling) sum += lacks(t, q, last_token(t, q, 0));
	}
	return sum;
}

static bool admit(struct twin *t, struct twin_request *q, int *budget)
{
	int idle, n = hits(t, q, &idle), kept = owed(t);
	q->prefilling = !q->arrives;
	q->computed = q->arrives ? q->prompt : n * t->unit_tokens;
	int chunk = chunk_of(t, q, *budget);
	bool whole = q->computed + chunk >= known_tokens(q);
	q->held = n;
	bool all = node_engine(t->node)->admission == ENGINE_ADMIT_WHOLE;
	int begun = all ? known_tokens(q) - q->computed : chunk;
	int last = q->computed + (q->arrives ? 1 + 2 * t->drafts : begun);
	int need = lacks(t, q, last) + idle * unit_blocks(t);
	q->held = 0;
	if (need > t->free_blocks + idle_blocks(t) - kept || chunk > *budget ||
	    (prefill_first(t) && !whole)) {
		q->computed = 0;
		return false;
	}
	if (!q->arrives && q->preemptions == 0 && t->unit_tokens > 0) {
		t->looked += q->prompt;
		t->hit += q->computed;
	}
	hold(t, q, n);
	if (q->arrives) {
		take(t, q, lacks(t, q, q->computed));
		twin_share(t, q);
		q->base = q->computed - t->clock;
	}
	if (q->arrives && prefill_first(t)) { /* its turn to decode is not now */
		take(t, q, lacks(t, q, q->computed + t->drafts));
	} else {
		take(t, q, lacks(t, q, last_token(t, q, chunk)));
		q->chunk = chunk;
	}
	*budget -= chunk;
	return true;
}

static void schedule_waiting(struct twin *t, int *budget)
{
	while (t->waits > 0 && *budget > 0 &&
	    (int64_t)(t->runs + t->leavings) < node_engine(t->node)->max_sequences) {
		make_free(t, owed(t));
		if (!admit(t, &t->request[t->waiting[0]], budget)) break;
		t->running[t->runs++] = t->waiting[0];
		memmove(t->waiting, t->waiting + 1, --t->waits * sizeof *t->waiting);
	}
}

/* Tokens that q has still to compute or to get. */
static int remaining(const struct twin_request *q, bool running)
{
	bool has_cache = running ? !q->prefilling : q->arrives;
	return (has_cache ? 0 : known_tokens(q) - q->computed) + q->output - q->generated;
}

struct twin_known twin_known(const struct twin *t)
{
	struct twin_known k = { t->iterations, t->tokens_in, t->tokens_out, t->served,
		(double)t->flops, (double)t->bytes, 0, 0, t->submitted };
	for (size_t i = 0; i < t->runs; i++) {
		const struct twin_request *q = &t->request[t->running[i]];
		k.outstanding += remaining(q, true);
		int ahead = lacks(t, q, q->computed + t->drafts);
		if (!q->prefilling && ahead > 0) k.kv_blocks += ahead; /* held while it waits */
	}
	for (size_t i = 0; i < t->waits; i++)
		k.outstanding += remaining(&t->request[t->waiting[i]], false);
	k.kv_blocks += t->blocks_total - t->free_blocks - idle_blocks(t);
	return k;
}

void twin_submit(struct twin *t, size_t i)
{
	t->submitted++;
	struct twin_request *q = &t->request[i];
	if (q->arrives) {
		q->generated = 1;
		q->last_s = q->first_ns * 1e-9L;
	}
	q->prefilling = true;
	if (by_priority(t))
		wait_again(t, i);
	else
		t->waiting[t->waits++] = i;
}

void twin_plan(struct twin *t)
{
	int budget = (int)node_engine(t->node)->token_budget, prompts = 0;
	if (!prefill_first(t)) {
		if (!schedule_running(t, &budget)) schedule_waiting(t, &budget);
		return;
	}
	schedule_waiting(t, &budget);
	for (size_t k = 0; k < t->runs; k++) prompts += t->request[t->running[k]].chunk > 0;
	if (prompts > 0) return;
	budget = INT_MAX;
	schedule_running(t, &budget);
}
