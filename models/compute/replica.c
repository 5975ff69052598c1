#include "models/compute/replica.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/replica_state.h"

struct replica *replica_new(const struct iteration_model *m)
{
	struct replica *r = mem_new(1, sizeof *r);
	uint32_t slots = (uint32_t)m->max_sequences;
	r->m = m;
	r->slot = mem_new(slots, sizeof *r->slot);
	for (uint32_t i = 0; i < slots; i++) r->slot[i].next = i + 1 < slots ? i + 1 : NO_SLOT;
	r->oldest = r->newest = NO_SLOT;
	r->chunk = mem_new(slots, sizeof *r->chunk);
	r->first = mem_new(slots, sizeof *r->first);
	r->finished = mem_new(slots, sizeof *r->finished);
	r->fresh = mem_new(slots, sizeof *r->fresh);
	waitlist_init(&r->waiting);
	slotheap_init(&r->finish, slots);
	slotheap_init(&r->longest, slots);
	r->kv = (struct kv){ .total = m->kv_blocks, .block = m->block_tokens };
	r->governor = governor_init(m->cap_w);
	r->end_ns = INT64_MAX;
	return r;
}

void replica_free(struct replica *r)
{
	if (!r) return;
	slotheap_fini(&r->finish);
	slotheap_fini(&r->longest);
	waitlist_fini(&r->waiting);
	free(r->slot);
	free(r->chunk);
	free(r->first);
	free(r->finished);
	free(r->fresh);
	free(r);
}

void replica_on_gaps(struct replica *r, gap_fn *fn, void *ctx)
{
	r->on_gaps = fn;
	r->gaps_ctx = ctx;
}

/* ---- running requests ---- */

static uint32_t slot_take(struct replica *r, struct job job)
{
	uint32_t i = r->free;
	r->free = r->slot[i].next;
	r->slot[i] = (struct slot){ .job = job, .prev = r->newest, .next = NO_SLOT };
	if (r->newest != NO_SLOT)
		r->slot[r->newest].next = i;
	else
		r->oldest = i;
	r->newest = i;
	r->running++;
	return i;
}

static void slot_give(struct replica *r, uint32_t i)
{
	struct slot *s = &r->slot[i];
	if (s->prev != NO_SLOT)
		r->slot[s->prev].next = s->next;
	else
		r->oldest = s->next;
	if (s->next != NO_SLOT)
		r->slot[s->next].prev = s->prev;
	else
		r->newest = s->prev;
	s->next = r->free;
	r->free = i;
	r->running--;
}

static void decode_begin(struct replica *r, uint32_t i)
{
	struct slot *s = &r->slot[i];
	s->decoding = true;
	s->base = s->prefilled - r->counter;
	s->share_j = r->share_j;
	s->share_low_j = r->share_low_j;
	r->base_sum += s->base;
	slotheap_push(&r->finish, i, r->counter + s->job.output - s->job.generated);
	slotheap_push(&r->longest, i, -s->base);
	kv_join(&r->kv, s->base);
	r->governor.due = true;
}

/* Takes a request out of the decoding set and settles what it did there. */
static void decode_end(struct replica *r, uint32_t i)
{
	struct slot *s = &r->slot[i];
	s->job.generated = (int32_t)(s->job.output - (r->finish.key[i] - r->counter));
	s->job.energy_j += (r->share_j - s->share_j) + (r->share_low_j - s->share_low_j);
	r->base_sum -= s->base;
	slotheap_remove(&r->finish, i);
	slotheap_remove(&r->longest, i);
	kv_leave(&r->kv, s->base);
	r->kv.used -= kv_blocks(&r->kv, s->base + r->counter);
	r->governor.due = true;
}

/* Tokens to compute before the next one can be generated. */
static int32_t prefill_tokens(const struct job *j)
{
	return j->prompt + j->generated;
}

/* The request admitted last loses its cache and goes to the front of the queue. */
static void preempt_newest(struct replica *r)
{
	uint32_t i = r->newest;
	struct slot *s = &r->slot[i];
	if (s->decoding) {
		decode_end(r, i);
		s->job.last = r->begin;
		r->outstanding += prefill_tokens(&s->job); /* the last token was not computed yet */
	} else {
		r->kv.used -= kv_blocks(&r->kv, s->prefilled);
		r->outstanding += s->prefilled;
	}
	s->job.arrived = 0;
	s->job.preemptions++;
	r->total.preemptions++;
	waitlist_push_front(&r->waiting, s->job);
	slot_give(r, i);
}

static bool newest_prefills(const struct replica *r)
{
	return r->newest != NO_SLOT && !r->slot[r->newest].decoding;
}

/* ---- the boundary: what the next iteration computes ---- */

static void add_chunk(struct replica *r, struct batch *b, uint32_t slot, int64_t tokens,
    int64_t *left)
{
	struct slot *s = &r->slot[slot];
	r->kv.used += kv_blocks(&r->kv, s->prefilled + tokens) - kv_blocks(&r->kv, s->prefilled);
	batch_prefill(b, r->m, s->prefilled, (double)tokens);
	r->chunk[r->chunks++] = (struct chunk){ slot, (int32_t)tokens };
	*left -= tokens;
	r->governor.due = true;
}

/* Only the newest running request can be partly prefilled: a chunk that does not
 * finish its prompt uses up the budget, so nobody is admitted behind it. */
static int64_t partial_chunk(const struct replica *r, int64_t left)
{
	if (!newest_prefills(r)) return 0;
	const struct slot *s = &r->slot[r->newest];
	return min_i64(prefill_tokens(&s->job) - s->prefilled, left);
}

/* Preempts until the blocks suffice for one iteration of all that run. */
static bool make_room(struct replica *r)
{
	bool preempted = false;
	int64_t tokens = partial_chunk(r, r->m->token_budget - r->kv.decoding);
	if (tokens > 0) {
		int64_t done = r->slot[r->newest].prefilled;
		int64_t need = kv_blocks(&r->kv, done + tokens) - kv_blocks(&r->kv, done);
		if (kv_need(&r->kv, r->counter, 1) + need > kv_free(&r->kv)) {
			preempt_newest(r);
			preempted = true;
		}
	}
	while (kv_need(&r->kv, r->counter, 1) > kv_free(&r->kv)) {
		preempt_newest(r);
		preempted = true;
	}
	return preempted;
}

/* Its cache came with it: it decodes at once. */
static void join_arrived(struct replica *r, uint32_t i, int64_t *left)
{
	struct slot *s = &r->slot[i];
	s->prefilled = s->job.arrived;
	r->kv.used += kv_blocks(&r->kv, s->prefilled);
	decode_begin(r, i);
	r->fresh[r->freshes++] = i;
	*left -= 1;
}

static void admit(struct replica *r, struct batch *b, int64_t *left)
{
	while (*left > 0 && r->waiting.count > 0 && r->free != NO_SLOT) {
		const struct job *j = waitlist_front(&r->waiting);
		int64_t reserved = kv_need(&r->kv, r->counter, 1); /* for those that decode */
		int64_t tokens = min_i64(prefill_tokens(j) - j->arrived, *left);
		if (kv_blocks(&r->kv, j->arrived + tokens) > kv_free(&r->kv) - reserved) break;
		uint32_t i = slot_take(r, waitlist_pop(&r->waiting));
		if (r->slot[i].job.arrived > 0)
			join_arrived(r, i, left);
		else
			add_chunk(r, b, i, tokens, left);
	}
}

static void add_decodes(const struct replica *r, struct batch *b)
{
	b->decodes = r->kv.decoding;
	if (b->decodes == 0) return;
	int64_t next = r->counter + 1;
	b->context_sum = (double)(r->base_sum + b->decodes * next);
	b->context_max = (double)(next - r->longest.key[slotheap_first(&r->longest)]);
}

/* Iterations until the batch changes by itself. */
static int64_t span_length(const struct replica *r, int64_t longest)
{
	int64_t left = r->finish.key[slotheap_first(&r->finish)] - r->counter;
	return kv_lasts(&r->kv, r->counter, min_i64(left, longest));
}

static void set_end(struct replica *r, int64_t length)
{
	r->length = length;
	r->end_ns = instant_up_ns(instant_add(r->begin, run_time_s(&r->run, length)));
}

/* Ends the span at the first boundary later than now. */
static void cut(struct replica *r, int64_t now_ns)
{
	set_end(r, min_i64(r->length, replica_ended(r, now_ns) + 1));
}

/* Begins the span at r->begin, or rests when there is nothing to do. */
static void begin_span(struct replica *r)
{
	r->chunks = 0;
	bool preempted = make_room(r);
	struct batch b = { 0 };
	int64_t left = r->m->token_budget - r->kv.decoding;
	int64_t tokens = partial_chunk(r, left);
	if (tokens > 0) add_chunk(r, &b, r->newest, tokens, &left);
	if (!preempted) admit(r, &b, &left);
	add_decodes(r, &b);
	r->tokens = b.decodes + b.prefill_tokens;
	r->busy = r->tokens > 0;
	if (!r->busy) {
		assert(r->waiting.count == 0); /* whoever fits can start on an empty replica */
		r->end_ns = INT64_MAX;
		return;
	}
	int64_t longest;
	r->run = iteration_run(r->m, &b, &longest);
	if (r->chunks > 0) {
		r->kv.used += kv_need(&r->kv, r->counter, 1);
		longest = 1;
	} else {
		longest = preempted ? 1 : span_length(r, longest);
	}
	set_end(r, governor_apply(&r->governor, &r->m->meter, r->counter, &r->run, longest));
}

/* ---- the end of a span ---- */

/* Knuth 1997, "The Art of Computer Programming" 2, 4.2.2: the error of a sum. */
static void share_add(struct replica *r, double j)
{
	double sum = r->share_j + j, part = sum - r->share_j;
	r->share_low_j += (r->share_j - (sum - part)) + (j - part);
	r->share_j = sum;
}

static double add_totals(struct replica *r)
{
	struct replica_total *t = &r->total;
	int64_t n = r->length;
	double devices = (double)r->m->devices;
	double energy_j = devices * run_energy_j(&r->run, &r->m->meter, 0, n);
	t->busy_s += run_time_s(&r->run, n);
	if (r->governor.slow > 1) t->slowed_s += run_time_s(&r->run, n);
	t->device_j += energy_j;
	t->flops += devices * series_sum(r->run.flops, r->run.flops_step, n);
	t->bytes += devices * series_sum(r->run.bytes, r->run.bytes_step, n);
	t->tokens_in += r->tokens - r->kv.decoding;
	t->tokens_out += n * r->kv.decoding;
	t->iterations += n;
	t->spans++;
	return energy_j;
}

static void tell_gaps(const struct replica *r, struct gap_run g)
{
	if (r->on_gaps && g.iterations > 0 && g.each > 0) r->on_gaps(r->gaps_ctx, &g);
}

/* The first gap of a fresh request has begun before the span. */
static void report_gaps(struct replica *r)
{
	struct gap_run all = { r->run.time_s, r->run.time_step_s, r->length, r->kv.decoding };
	if (r->freshes > 0) {
		struct instant end = instant_add(r->begin, r->run.time_s);
		for (int64_t k = 0; k < r->freshes; k++) {
			const struct job *j = &r->slot[r->fresh[k]].job;
			tell_gaps(r, (struct gap_run){ instant_gap_s(j->last, end), 0, 1, 1 });
		}
		tell_gaps(r,
		    (struct gap_run){ all.first_s, 0, 1, r->kv.decoding - r->freshes });
		all.first_s += all.step_s;
		all.iterations--;
		r->freshes = 0;
	}
	tell_gaps(r, all);
}

static void finish(struct replica *r, uint32_t i)
{
	const struct job *j = &r->slot[i].job;
	r->finished[r->finishes++] = (struct replica_done){ j->id, j->preemptions, j->energy_j };
	slot_give(r, i);
}

static void finish_decodes(struct replica *r)
{
	while (r->finish.count > 0 && r->finish.key[slotheap_first(&r->finish)] == r->counter) {
		uint32_t i = slotheap_first(&r->finish);
		decode_end(r, i);
		finish(r, i);
	}
}

/* The prompt is computed: the iteration that did it gave one token. */
static void prefill_end(struct replica *r, uint32_t i)
{
	struct job *j = &r->slot[i].job;
	if (j->generated == 0)
		r->first[r->firsts++] = j->id;
	else
		tell_gaps(r, (struct gap_run){ instant_gap_s(j->last, r->begin), 0, 1, 1 });
	j->generated++;
	r->total.tokens_out++;
	r->outstanding--;
	if (j->generated < j->output) {
		decode_begin(r, i);
		return;
	}
	r->kv.used -= kv_blocks(&r->kv, r->slot[i].prefilled);
	finish(r, i);
}

static void end_chunks(struct replica *r, double token_j)
{
	if (r->chunks > 0) r->governor.due = true;
	for (size_t c = 0; c < r->chunks; c++) {
		struct slot *s = &r->slot[r->chunk[c].slot];
		s->prefilled += r->chunk[c].tokens;
		s->job.energy_j += token_j * r->chunk[c].tokens;
		if (s->prefilled == prefill_tokens(&s->job)) prefill_end(r, r->chunk[c].slot);
	}
}

static void end_load(struct replica *r)
{
	r->loading = false;
	r->total.loading_s += r->m->rest.load_s;
	r->begin = instant_add(r->begin, r->m->rest.load_s);
	begin_span(r);
}

/* The energy of a span's iterations, shared by all their tokens. A span of many
 * iterations has the same tokens in each, so that each request bears 1/tokens of
 * the whole. */
void replica_advance(struct replica *r)
{
	r->firsts = r->finishes = 0;
	if (r->loading) {
		end_load(r);
		return;
	}
	assert(r->busy);
	double token_j = add_totals(r) / (double)r->tokens;
	share_add(r, token_j);
	report_gaps(r);
	if (r->chunks == 0) r->kv.used += kv_need(&r->kv, r->counter, r->length);
	r->outstanding -= r->length * r->tokens;
	r->counter += r->length;
	r->begin = instant_add(r->begin, run_time_s(&r->run, r->length));
	finish_decodes(r);
	end_chunks(r, token_j);
	begin_span(r);
}

/* ---- requests come in ---- */

bool replica_fits(const struct replica *r, int64_t prompt_tokens, int64_t output_tokens)
{
	return kv_blocks(&r->kv, prompt_tokens + output_tokens - 1) <= r->kv.total;
}

/* A request has come: begins with it, or loads the model. */
static void wake(struct replica *r, struct instant now)
{
	double unloaded_s = rest_unloaded_s(&r->m->rest, instant_gap_s(r->begin, now));
	r->begin = now;
	if (unloaded_s < 0) {
		begin_span(r);
		return;
	}
	r->total.unloaded_s += unloaded_s;
	r->total.loads++;
	r->loading = true;
	r->end_ns = instant_up_ns(instant_add(now, r->m->rest.load_s));
}

bool replica_submit(struct replica *r, int64_t now_ns, const struct ask *a)
{
	bool computed = a->computed_tokens > 0;
	assert(a->prompt_tokens > 0 && a->output_tokens > computed);
	assert(!computed || a->computed_tokens == a->prompt_tokens);
	assert(replica_fits(r, a->prompt_tokens, a->output_tokens));
	int64_t end_ns = r->end_ns;
	bool first = r->waiting.count == 0;
	waitlist_push(&r->waiting, (struct job){ .id = a->id, .prompt = a->prompt_tokens,
	    .output = a->output_tokens, .arrived = a->computed_tokens, .generated = computed,
	    .last = { .ns = a->first_ns } });
	r->outstanding += computed ? a->output_tokens - 1 :
				     (int64_t)a->prompt_tokens + a->output_tokens;
	if (!r->busy) {
		if (!r->loading) wake(r, (struct instant){ .ns = now_ns });
	} else if (first && r->chunks == 0 && r->free != NO_SLOT) {
		cut(r, now_ns);
	}
	return r->end_ns != end_ns;
}

/* ---- the cap changes ---- */

bool replica_set_cap(struct replica *r, int64_t now_ns, double cap_w)
{
	int64_t end_ns = r->end_ns;
	assert(cap_w > r->m->meter.cap_floor_w);
	r->governor.cap_w = cap_w;
	r->governor.due = true;
	if (r->busy && r->chunks == 0) cut(r, now_ns);
	return r->end_ns != end_ns;
}
