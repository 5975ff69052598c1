#include "models/compute/replica_state.h"

/* Tokens that the decoding requests compute in an iteration: each its last token
 * and its drafts. */
static int64_t decode_tokens(const struct replica *r)
{
	return r->kv.decoding * (1 + r->m->pace.drafts);
}

static void add_chunk(struct replica *r, struct batch *b, uint32_t slot, int64_t tokens,
    int64_t *left)
{
	struct slot *s = &r->slot[slot];
	replica_take_blocks(r,
	    kv_blocks(&r->kv, s->prefilled + tokens) - kv_blocks(&r->kv, s->prefilled));
	batch_prefill(b, r->m, s->prefilled, (double)tokens);
	r->chunk[r->chunks++] = (struct chunk){ slot, (int32_t)tokens };
	*left -= tokens;
	r->governor.due = true;
}

/* Only the request admitted last can be partly prefilled: a chunk that does not
 * finish its prompt uses up the budget, so nobody is admitted behind it. */
static int64_t partial_chunk(const struct replica *r)
{
	if (r->partial == NO_SLOT) return 0;
	const struct slot *s = &r->slot[r->partial];
	return min_i64(
	    job_known(&s->job) - s->prefilled, r->m->token_budget - decode_tokens(r));
}

/* Preempts until the blocks suffice for one iteration of all that run. */
static bool preempt_for_room(struct replica *r)
{
	bool preempted = false;
	for (;; preempted = true) {
		int64_t need = replica_need(r, 1), tokens = partial_chunk(r);
		if (tokens > 0) {
			int64_t done = r->slot[r->partial].prefilled;
			need += kv_blocks(&r->kv, done + tokens) - kv_blocks(&r->kv, done);
		}
		if (need <= kv_free(&r->kv)) return preempted;
		slot_preempt_worst(r);
	}
}

/* Its cache came with it: it decodes at once. */
static void join_arrived(struct replica *r, uint32_t i, int64_t *left)
{
	struct slot *s = &r->slot[i];
	replica_take_blocks(r, kv_blocks(&r->kv, s->job.arrived) - s->units * r->unit_blocks);
	s->prefilled = s->job.arrived;
	slot_share(r, i);
	slot_decode(r, i);
	s->fresh = true;
	r->fresh[r->freshes++] = i;
	*left -= 1 + r->m->pace.drafts;
}

/* What the first of the queue would begin with. */
struct entry {
	struct prefix_match hit;
	int64_t start;  /* tokens that need not be computed */
	int64_t tokens; /* of its first iteration */
	int64_t blocks; /* that must be free: idle units too, for they count as free */
};

static struct entry entry_of(const struct replica *r, const struct job *j, int64_t left)
{
	struct entry e = { .hit = { 0, 0 } };
	if (j->units > 0) {
		int64_t unit = r->m->prefix_tokens, most = (job_known(j) - 1) / unit;
		e.hit = prefix_match(&r->prefix, j->prefix, min_i64(j->units, most));
		e.start = e.hit.units * unit;
	}
	if (j->arrived > 0) e.start = j->arrived;
	e.tokens = min_i64(job_known(j) - e.start, left);
	/* Room for the most that an iteration can gain: so that who is not let in now
	 * cannot be before somebody ends. */
	int64_t begun = r->m->admit_whole ? job_known(j) - e.start : e.tokens;
	int64_t last = e.start + (j->arrived > 0 ? 1 + 2 * r->m->pace.drafts : begun);
	e.blocks = kv_blocks(&r->kv, last) - (e.hit.units - e.hit.idle) * r->unit_blocks;
	return e;
}

static void count_lookup(struct replica *r, const struct job *j, int64_t hit)
{
	r->outstanding -= hit;
	if (r->unit_blocks == 0 || j->preemptions > 0) return;
	r->total.prefix_looked += j->prompt;
	r->total.prefix_hit += hit;
}

static void enter(struct replica *r, struct batch *b, const struct entry *e, int64_t *left)
{
	uint32_t i = slot_take(r, waitlist_pop(&r->waiting));
	struct slot *s = &r->slot[i];
	if (e->hit.units > 0) {
		prefix_hold(&r->prefix, s->job.prefix, e->hit.units);
		r->kv.used += e->hit.idle * r->unit_blocks;
		s->units = (int32_t)e->hit.units;
	}
	if (s->job.arrived > 0) {
		join_arrived(r, i, left);
		return;
	}
	s->prefilled = (int32_t)e->start;
	count_lookup(r, &s->job, e->start);
	add_chunk(r, b, i, e->tokens, left);
}

/* Admits from the queue while a place, blocks and budget are there. True when the
 * first one left fails for blocks and has idle prefix units: with fewer of them it
 * would compute more and so, within the budget, take less. */
static bool admit(struct replica *r, struct batch *b, int64_t left)
{
	while (left > 0 && waitlist_count(&r->waiting) > 0 && r->free != NO_SLOT) {
		int64_t reserved = replica_need(r, 1); /* for those that decode */
		replica_make_room(r, reserved);
		const struct job *j = waitlist_front(&r->waiting);
		struct entry e = entry_of(r, j, left);
		bool whole = j->arrived > 0 || e.start + e.tokens == job_known(j);
		if (r->m->prefill_first && !whole) break;
		if (j->arrived > 0 && left < 1 + r->m->pace.drafts) break;
		if (e.blocks > kv_free(&r->kv) - reserved) return e.hit.idle > 0;
		enter(r, b, &e, &left);
	}
	return false;
}

static void add_decodes(const struct replica *r, struct batch *b)
{
	b->decodes = r->kv.decoding;
	if (b->decodes == 0) return;
	int64_t next = r->clock + 1 + r->m->pace.drafts;
	double part = pace_part(&r->m->pace, r->counter);
	b->context_sum = (double)(r->base_sum + b->decodes * next) + (double)b->decodes * part;
	b->context_max = (double)(next - r->longest.key[slotheap_first(&r->longest)]) + part;
}

/* Prompts alone while one can be admitted, else decoding alone. */
static enum next plan_prefill_first(struct replica *r, struct batch *b)
{
	admit(r, b, r->m->token_budget);
	if (r->chunks > 0) return NEXT_ONE;
	bool preempted = preempt_for_room(r);
	add_decodes(r, b);
	return preempted ? NEXT_ONE : NEXT_STEADY;
}

static enum next plan(struct replica *r, struct batch *b)
{
	if (r->m->prefill_first) return plan_prefill_first(r, b);
	bool preempted = preempt_for_room(r), hinges = false;
	int64_t left = r->m->token_budget - decode_tokens(r), tokens = partial_chunk(r);
	if (tokens > 0) add_chunk(r, b, r->partial, tokens, &left);
	if (!preempted) hinges = admit(r, b, left);
	add_decodes(r, b);
	if (preempted || r->chunks > 0) return NEXT_ONE;
	return hinges ? NEXT_HINGES : NEXT_STEADY;
}

/* Those that came in time for that iteration begin to wait. */
static void take_coming(struct replica *r, int64_t iteration)
{
	while (waitlist_count(&r->coming) > 0 && waitlist_front(&r->coming)->from <= iteration) {
		struct job j = waitlist_pop(&r->coming);
		waitlist_push(&r->waiting, j, j.order);
	}
}

/* As it was planned when the iteration before began: those that ended with that one
 * still had their places and blocks. Where that planned nothing, the engine waits
 * for its end and plans with what it then knows. */
static enum next plan_ahead(struct replica *r, struct batch *b)
{
	take_coming(r, r->total.iterations);
	enum next next = plan(r, b);
	bool ended = r->leavings > 0;
	replica_make_room(r, replica_need(r, 1)); /* the blocks of the plan, before others are free */
	slots_let_go(r);
	if (b->decodes == 0 && b->prefills == 0) {
		take_coming(r, INT64_MAX);
		return plan(r, b);
	}
	bool more = ended && waitlist_count(&r->waiting) > 0;
	return more || waitlist_count(&r->coming) > 0 ? NEXT_ONE : next;
}

enum next replica_plan(struct replica *r, struct batch *b)
{
	return r->m->ahead ? plan_ahead(r, b) : plan(r, b);
}
