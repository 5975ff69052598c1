/* When a replica begins with a request: iterations planned ahead, whole prompts. */
#include "tests/unit.h"

#include "models/compute/replica.h"
#include "tests/rig.h"

struct played {
	int64_t sent_ns;
	int32_t prompt, output;
	int64_t first_ns, done_ns;
};

static void end_span(struct replica *r, struct played *p)
{
	int64_t now_ns = replica_end_ns(r);
	size_t n;
	replica_advance(r);
	const uint32_t *first = replica_first(r, &n);
	for (size_t i = 0; i < n; i++) p[first[i]].first_ns = now_ns;
	const struct replica_done *done = replica_finished(r, &n);
	for (size_t i = 0; i < n; i++) p[done[i].id].done_ns = now_ns;
}

static void play(struct rig *rig, struct played *p, uint32_t n)
{
	struct iteration_model *m = iteration_new(&rig->node);
	m->kv_blocks = 5;
	struct replica *r = replica_new(m);
	for (uint32_t next = 0; next < n || replica_end_ns(r) != INT64_MAX;) {
		if (next == n || replica_end_ns(r) <= p[next].sent_ns) {
			end_span(r, p);
			continue;
		}
		replica_submit(r, p[next].sent_ns, &(struct ask){ .id = next,
			.prompt_tokens = p[next].prompt, .output_tokens = p[next].output });
		next++;
	}
	cr_expect_eq(replica_kv_used(r, p[0].done_ns), 0);
	replica_free(r);
	iteration_free(m);
}

static bool near_ns(int64_t got, double want)
{
	return llabs(got - (int64_t)want) <= 2;
}

/* rig_toy: 3584 us a token, 512 a request, 64 for each token of context. The first
 * computes its prompt until 11648 us and decodes at context 4 until 16000, at 5 in
 * 4416 us, at 6 in 4480. The second, prompt 2, comes in the first decode. */
Test(ahead, who_comes_joins_the_iteration_after_the_next)
{
	static const struct {
		bool ahead;
		double first_us;
	} row[] = {
		/* 3 x 3584 + 2 x 512 + 64 (5 + 1 + 2) = 12288 */
		{ false, 16000 + 12288 },
		/* 3 x 3584 + 2 x 512 + 64 (6 + 1 + 2) = 12352 */
		{ true, 16000 + 4416 + 12352 },
	};
	for (size_t i = 0; i < 2; i++) {
		struct played p[] = { { .sent_ns = 0, .prompt = 3, .output = 7 },
			{ .sent_ns = 13000000, .prompt = 2, .output = 1 } };
		struct rig rig;
		rig_toy(&rig);
		rig.engine.ahead = row[i].ahead;
		play(&rig, p, 2);
		cr_expect(near_ns(p[1].first_ns, 1e3 * row[i].first_us), "%lld ns, %g us",
		    (long long)p[1].first_ns, row[i].first_us);
		cr_expect_eq(p[1].done_ns, p[1].first_ns);
	}
}

/* Two places. All come in the first iteration or before: the second begins beside the
 * last decode of the first, until 28288 us as above, the third waits for a place. The
 * second decodes alone at context 3, 4288 us, and at 4 beside the third:
 * 3 x 3584 + 2 x 512 + 64 (4 + 1 + 2) = 12224. */
Test(ahead, who_ends_keeps_its_place_for_one_plan_more)
{
	struct played p[] = { { .sent_ns = 0, .prompt = 3, .output = 3 },
		{ .sent_ns = 1000000, .prompt = 2, .output = 7 },
		{ .sent_ns = 2000000, .prompt = 2, .output = 1 } };
	struct rig rig;
	rig_toy(&rig);
	rig.engine.ahead = true;
	rig.engine.max_sequences = 2;
	play(&rig, p, 3);
	cr_expect(near_ns(p[0].done_ns, 28288e3));
	cr_expect(near_ns(p[1].first_ns, 28288e3));
	cr_expect(near_ns(p[2].first_ns, 28288e3 + 4288e3 + 12224e3));
}

/* One place: nothing can be planned beside the last iteration of the first, so that
 * the second is planned when that has ended, as without plans ahead: 11648 + 4352,
 * then 2 x 3584 + 512 + 64 (1 + 2) = 7872. */
Test(ahead, an_engine_that_has_run_dry_does_not_wait)
{
	for (int ahead = 0; ahead < 2; ahead++) {
		struct played p[] = { { .sent_ns = 0, .prompt = 3, .output = 2 },
			{ .sent_ns = 1000000, .prompt = 2, .output = 1 } };
		struct rig rig;
		rig_toy(&rig);
		rig.engine.ahead = ahead > 0;
		rig.engine.max_sequences = 1;
		play(&rig, p, 2);
		cr_expect(near_ns(p[1].first_ns, 16000e3 + 7872e3), "ahead %d", ahead);
	}
}

/* Five blocks of 16 tokens, of which the first has one and then two: there is room
 * for a chunk of the second's prompt, 64 tokens, but not for all of it. */
Test(admission, a_whole_prompt_waits_for_room)
{
	static const struct {
		enum engine_admission admission;
		bool waits;
	} row[] = { { ENGINE_ADMIT_CHUNK, false }, { ENGINE_ADMIT_WHOLE, true } };
	for (size_t i = 0; i < 2; i++) {
		struct played p[] = { { .sent_ns = 0, .prompt = 16, .output = 17 },
			{ .sent_ns = 1000000, .prompt = 64, .output = 1 } };
		struct rig rig;
		rig_toy(&rig);
		rig.engine.token_budget = 23;
		rig.engine.block_tokens = 16;
		rig.engine.admission = row[i].admission;
		play(&rig, p, 2);
		/* the second alone: 23 + 23 + 18 tokens, 64 x 3584 + 3 x 512 + 64 x 65 x 32 */
		double alone_ns = 1e3 * (64 * 3584 + 3 * 512 + 64 * 65 * 32);
		cr_expect_eq(near_ns(p[1].first_ns, (double)p[0].done_ns + alone_ns), row[i].waits,
		    "row %zu: %lld ns after the first", i,
		    (long long)(p[1].first_ns - p[0].done_ns));
	}
}
