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
	r->partial = NO_SLOT;
	r->chunk = mem_new(slots, sizeof *r->chunk);
	r->first = mem_new(slots, sizeof *r->first);
	r->finished = mem_new(slots, sizeof *r->finished);
	r->fresh = mem_new(slots, sizeof *r->fresh);
	r->leaving = mem_new(slots, sizeof *r->leaving);
	waitlist_init(&r->waiting);
	waitlist_init(&r->coming);
	slotheap_init(&r->worst, slots);
	slotheap_init(&r->ended, slots);
	slotheap_init(&r->finish, slots);
	slotheap_init(&r->longest, slots);
	r->kv = (struct kv){ .total = m->kv_blocks, .block = m->block_tokens };
	r->governor = governor_init(m->cap_w);
	r->unit_blocks = m->prefix_tokens / m->block_tokens;
	if (r->unit_blocks > 0)
		prefix_init(&r->prefix, (uint32_t)(m->kv_blocks / r->unit_blocks));
	r->end_ns = INT64_MAX;
	return r;
}

void replica_free(struct replica *r)
{
	if (!r) return;
	if (r->unit_blocks > 0) prefix_fini(&r->prefix);
	slotheap_fini(&r->worst);
	slotheap_fini(&r->ended);
	slotheap_fini(&r->finish);
	slotheap_fini(&r->longest);
	waitlist_fini(&r->waiting);
	waitlist_fini(&r->coming);
	free(r->leaving);
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

/* ---- the begin of a span ---- */

/* Iterations until the batch changes by itself; one at least. */
static int64_t span_length(const struct replica *r, int64_t longest, bool hinges)
{
	int64_t first = r->finish.key[slotheap_first(&r->finish)];
	int64_t most = min_i64(pace_reaches(&r->m->pace, first) - r->counter, longest);
	int64_t blocks = kv_free(&r->kv) - (hinges ? r->prefix.idle * r->unit_blocks : 0);
	int64_t tokens = kv_lasts(&r->kv, r->clock, replica_gain(r, most), blocks);
	return min_i64(most, pace_leaves(&r->m->pace, r->clock + tokens) - r->counter);
}

static void set_end(struct replica *r, int64_t length)
{
	r->length = length;
	r->end_ns = instant_up_ns(instant_add(r->begin, run_time_s(&r->run, length)));
}

/* Ends the span with the iteration that is under way now, or `more` later. */
static void cut(struct replica *r, int64_t now_ns, int64_t more)
{
	set_end(r, min_i64(r->length, replica_ended(r, now_ns) + 1 + more));
}

/* Begins the span at r->begin, or rests when there is nothing to do. */
static void begin_span(struct replica *r)
{
	struct batch b = { 0 };
	r->chunks = 0;
	enum next next = replica_plan(r, &b);
	r->decodes = b.decodes;
	r->prefill = b.prefill_tokens;
	r->busy = r->decodes + r->prefill > 0;
	if (!r->busy) {
		assert(replica_waiting(r) == 0); /* whoever fits can start alone */
		r->end_ns = INT64_MAX;
		return;
	}
	int64_t longest;
	r->run = iteration_run(r->m, &b, &longest);
	if (r->chunks > 0 && r->decodes > 0) replica_take_blocks(r, replica_need(r, 1));
	longest = next == NEXT_ONE ? 1 : span_length(r, longest, next == NEXT_HINGES);
	set_end(r, governor_apply(&r->governor, &r->m->meter, r->total.iterations, &r->run,
		longest));
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
	t->tokens_in += r->prefill;
	t->iterations += n;
	t->spans++;
	return energy_j;
}

static void tell_gaps(const struct replica *r, struct gap_run g)
{
	if (r->on_gaps && g.iterations > 0 && g.each > 0) r->on_gaps(r->gaps_ctx, &g);
}

/* The gaps that ended with the first iteration and began before it. */
static void report_first_gaps(struct replica *r, int64_t others)
{
	struct instant end = instant_add(r->begin, r->run.time_s);
	for (int64_t k = 0; k < r->freshes; k++) {
		struct slot *s = &r->slot[r->fresh[k]];
		tell_gaps(r, (struct gap_run){ instant_gap_s(s->job.last, end), 0, 1, 1 });
		s->fresh = false;
	}
	r->freshes = 0;
	double gap_s = r->paused ? instant_gap_s(r->decoded, end) : r->run.time_s;
	tell_gaps(r, (struct gap_run){ gap_s, 0, 1, others });
}

/* Between the first tokens of iterations. */
static void report_gaps(struct replica *r)
{
	struct gap_run all = { r->run.time_s, r->run.time_step_s, r->length, r->decodes };
	if (r->freshes > 0 || r->paused) {
		report_first_gaps(r, r->decodes - r->freshes);
		all.first_s += all.step_s;
		all.iterations--;
	}
	tell_gaps(r, all);
}

/* The decoding requests have gained tokens; a last iteration may give more than
 * were wanted. Those of one iteration come together. */
static void end_decodes(struct replica *r)
{
	int64_t gain = replica_gain(r, r->length), more = 0;
	report_gaps(r);
	r->counter += r->length;
	r->clock += gain;
	for (uint32_t i; r->finish.count > 0; slotheap_remove(&r->finish, i)) {
		i = slotheap_first(&r->finish);
		if (r->finish.key[i] > r->clock) break;
		more += r->clock - r->finish.key[i];
		slotheap_push(&r->ended, i, r->slot[i].job.order);
	}
	int64_t tokens = gain * r->decodes - more;
	tell_gaps(r, (struct gap_run){ 0, 0, 1, tokens - r->length * r->decodes });
	r->total.tokens_out += tokens;
	r->total.served += r->length * r->decodes;
	r->outstanding -= tokens;
}

/* The prompt is computed: the iteration that did it gave one token. */
static void end_prompt(struct replica *r, uint32_t i)
{
	struct slot *s = &r->slot[i];
	struct job *j = &s->job;
	if (j->generated == 0)
		r->first[r->firsts++] = j->id;
	else
		tell_gaps(r, (struct gap_run){ instant_gap_s(j->last, r->begin), 0, 1, 1 });
	j->generated++;
	j->last = r->begin;
	r->total.tokens_out++;
	r->total.served++;
	r->outstanding--;
	if (j->generated == j->output) {
		slotheap_push(&r->ended, i, j->order);
		return;
	}
	slot_decode(r, i);
	if (!r->m->prefill_first) return; /* the next iteration is its own */
	s->fresh = true;
	r->fresh[r->freshes++] = i;
}

static void end_chunks(struct replica *r, double token_j)
{
	if (r->chunks > 0) r->governor.due = true;
	r->partial = NO_SLOT;
	for (size_t c = 0; c < r->chunks; c++) {
		uint32_t i = r->chunk[c].slot;
		struct slot *s = &r->slot[i];
		s->prefilled += r->chunk[c].tokens;
		s->job.energy_j += token_j * r->chunk[c].tokens;
		r->outstanding -= r->chunk[c].tokens;
		slot_share(r, i);
		if (s->prefilled == job_known(&s->job))
			end_prompt(r, i);
		else
			r->partial = i;
	}
}

/* In order of their turn, so that prefix units become idle in an order that
 * depends on nothing else. */
static void finish_ended(struct replica *r)
{
	while (r->ended.count > 0) {
		uint32_t i = slotheap_first(&r->ended);
		slotheap_remove(&r->ended, i);
		slot_finish(r, i);
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
	bool paused = r->decodes == 0 && r->m->prefill_first;
	int64_t tokens = r->decodes * (1 + r->m->pace.drafts) + r->prefill;
	double token_j = add_totals(r) / (double)tokens;
	if (!paused) share_add(r, token_j);
	if (r->chunks == 0) replica_take_blocks(r, replica_need(r, r->length));
	if (r->decodes > 0) end_decodes(r);
	r->begin = instant_add(r->begin, run_time_s(&r->run, r->length));
	r->paused = paused;
	if (!paused) r->decoded = r->begin;
	end_chunks(r, token_j);
	finish_ended(r);
	begin_span(r);
}

/* ---- requests come in ---- */

bool replica_fits(const struct replica *r, int64_t prompt_tokens, int64_t output_tokens)
{
	return prompt_tokens + output_tokens - 1 <= replica_longest(r);
}

/* Whole units of the prompt with known ids. */
static int32_t shared_units(const struct replica *r, const struct ask *a)
{
	if (r->unit_blocks == 0) return 0;
	return (int32_t)min_i64(a->prefix_count, a->prompt_tokens / r->m->prefix_tokens);
}

/* Number of the first iteration that one who comes now may take part in: where
 * they are planned ahead, the one after the next is being planned now. */
static int64_t first_iteration(const struct replica *r, int64_t now_ns)
{
	if (!r->busy) return r->total.iterations;
	return r->total.iterations + replica_ended(r, now_ns) + 1 + r->m->ahead;
}

static struct job job_for(struct replica *r, int64_t now_ns, const struct ask *a)
{
	int64_t priority = r->m->by_priority ? a->priority : 0;
	return (struct job){
		.id = a->id,
		.prompt = a->prompt_tokens,
		.output = a->output_tokens,
		.generated = a->computed_tokens > 0,
		.arrived = a->computed_tokens,
		.units = shared_units(r, a),
		.prefix = a->prefix,
		.order = priority * ((int64_t)1 << 48) + r->submissions++,
		.from = first_iteration(r, now_ns),
		.last = { .ns = a->first_ns },
	};
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
	if (r->unit_blocks > 0) prefix_shrink(&r->prefix, 0);
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
	struct job j = job_for(r, now_ns, a);
	bool first = waitlist_count(&r->waiting) == 0 ||
	    j.order < waitlist_front(&r->waiting)->order;
	if (r->m->ahead)
		waitlist_push(&r->coming, j, r->submissions);
	else
		waitlist_push(&r->waiting, j, j.order);
	r->outstanding += computed ? a->output_tokens - 1 :
				     (int64_t)a->prompt_tokens + a->output_tokens;
	if (!r->busy) {
		if (!r->loading) wake(r, (struct instant){ .ns = now_ns });
	} else if (first && r->chunks == 0 && r->free != NO_SLOT) {
		cut(r, now_ns, r->m->ahead);
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
	if (r->busy && r->chunks == 0) cut(r, now_ns, 0);
	return r->end_ns != end_ns;
}
