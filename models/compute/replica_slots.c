#include "models/compute/replica_state.h"

void replica_make_room(struct replica *r, int64_t blocks)
{
	if (r->unit_blocks > 0)
		prefix_shrink(&r->prefix,
		    max_i64(0, kv_free(&r->kv) - blocks) / r->unit_blocks);
}

void replica_take_blocks(struct replica *r, int64_t blocks)
{
	r->kv.used += blocks;
	replica_make_room(r, 0);
}

uint32_t slot_take(struct replica *r, struct job job)
{
	uint32_t i = r->free;
	r->free = r->slot[i].next;
	r->slot[i] = (struct slot){ .job = job };
	slotheap_push(&r->worst, i, -job.order);
	r->running++;
	return i;
}

/* Gives up its place and its blocks: prefix units stay, held by others or idle. */
static void slot_give(struct replica *r, uint32_t i)
{
	struct slot *s = &r->slot[i];
	r->kv.used -= kv_blocks(&r->kv, s->prefilled) - s->units * r->unit_blocks;
	if (s->units > 0)
		r->kv.used -=
		    r->unit_blocks * prefix_release(&r->prefix, s->job.prefix, s->units);
	s->next = r->free;
	r->free = i;
}

/* It runs no more. */
static void slot_stop(struct replica *r, uint32_t i)
{
	slotheap_remove(&r->worst, i);
	r->running--;
}

void slot_share(struct replica *r, uint32_t i)
{
	struct slot *s = &r->slot[i];
	for (; s->units < s->job.units; s->units++) {
		if ((s->units + 1) * r->m->prefix_tokens > s->prefilled) break;
		if (prefix_put(&r->prefix, s->job.prefix[s->units])) r->kv.used -= r->unit_blocks;
	}
}

/* Tokens that it holds blocks for while it decodes: those under verification are
 * more than it has. */
static int64_t held_tokens(const struct replica *r, const struct slot *s)
{
	return s->base + r->clock + r->m->pace.drafts;
}

void slot_decode(struct replica *r, uint32_t i)
{
	struct slot *s = &r->slot[i];
	s->decoding = true;
	s->base = s->prefilled - r->clock;
	s->share_j = r->share_j;
	s->share_low_j = r->share_low_j;
	r->base_sum += s->base;
	slotheap_push(&r->finish, i, r->clock + s->job.output - s->job.generated);
	slotheap_push(&r->longest, i, -s->base);
	kv_join(&r->kv, s->base + r->m->pace.drafts);
	r->governor.due = true;
	r->kv.used += kv_blocks(&r->kv, held_tokens(r, s)) - kv_blocks(&r->kv, s->prefilled);
}

/* Takes a request, gone from `finish`, out of the decoding set and settles what it
 * did there. */
static void decode_end(struct replica *r, uint32_t i)
{
	struct slot *s = &r->slot[i];
	double share_j = (r->share_j - s->share_j) + (r->share_low_j - s->share_low_j);
	s->job.generated = (int32_t)(s->job.output - (r->finish.key[i] - r->clock));
	s->job.energy_j += (double)(1 + r->m->pace.drafts) * share_j;
	r->base_sum -= s->base;
	slotheap_remove(&r->longest, i);
	kv_leave(&r->kv, s->base + r->m->pace.drafts);
	s->prefilled = (int32_t)held_tokens(r, s);
	r->governor.due = true;
}

void slot_finish(struct replica *r, uint32_t i)
{
	const struct job *j = &r->slot[i].job;
	if (r->slot[i].decoding) decode_end(r, i);
	r->finished[r->finishes++] = (struct replica_done){ j->id, j->preemptions, j->energy_j };
	slot_stop(r, i);
	r->leaving[r->leavings++] = i;
	if (!r->m->ahead) slots_let_go(r);
}

void slots_let_go(struct replica *r)
{
	for (size_t k = 0; k < r->leavings; k++) slot_give(r, r->leaving[k]);
	r->leavings = 0;
}

static void forget_fresh(struct replica *r, uint32_t i)
{
	int64_t k = 0;
	while (r->fresh[k] != i) k++;
	r->fresh[k] = r->fresh[--r->freshes];
}

void slot_preempt_worst(struct replica *r)
{
	uint32_t i = slotheap_first(&r->worst);
	struct slot *s = &r->slot[i];
	if (s->decoding) {
		slotheap_remove(&r->finish, i);
		decode_end(r, i);
		if (s->fresh)
			forget_fresh(r, i);
		else
			s->job.last = r->decoded;
		r->outstanding += job_known(&s->job); /* the last token was not computed yet */
	} else {
		r->outstanding += s->prefilled;
	}
	if (r->partial == i) r->partial = NO_SLOT;
	s->job.arrived = 0;
	s->job.preemptions++;
	r->total.preemptions++;
	waitlist_push(&r->waiting, s->job, s->job.order);
	slot_stop(r, i);
	slot_give(r, i);
}
