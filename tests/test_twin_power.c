/* Power in all its forms against the step-by-step twin (tests/twin.h). */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tests/rig.h"
#include "tests/twin_check.h"

enum { CAPS = 41 };

/* Serves requests that come gap_s apart, while the cap changes at t->cap. The twin's
 * node is the rig's where it has none. */
static struct replica_total run(int seed, struct rig *rig, double gap_s, struct twin *t)
{
	struct pcg64 g = rng_stream((uint64_t)seed, 0, rng_entity("power"), RNG_TEST);
	if (!t->node) t->node = &rig->node;
	t->requests = TWIN_REQUESTS;
	rig->engine.token_budget = seed % 2 ? 257 : 2048;
	rig->engine.max_sequences = 31;
	t->request = mem_new(TWIN_REQUESTS, sizeof *t->request);
	int largest = twin_draw(&g, gap_s, t->request);
	struct iteration_model *m = iteration_new(&rig->node);
	m->kv_blocks = t->blocks_total = (largest + 15) / 16 + 17;
	struct replica_total total = twin_check(seed, m, t);
	twin_fini(t);
	iteration_free(m);
	free(t->request);
	return total;
}

Test(twin_power, constants_by_phase)
{
	for (int seed = 0; seed < 4; seed++) {
		struct rig rig;
		struct twin t = { .caps = 0 };
		rig_cloud(&rig);
		rig.device.power.form = POWER_PHASE;
		rig.device.power.prompt_w = 701;
		rig.device.power.token_w = 379;
		run(seed, &rig, 0.31, &t);
	}
}

Test(twin_power, a_table_by_phase_and_tokens)
{
	static const char path[] = "test_twin_power.csv";
	FILE *f = fopen(path, "w");
	fputs("phase,tokens,power_w\nprompt,3,211\nprompt,129,313.7\nprompt,700,401\n"
	      "token,1,181.3\ntoken,5,190\ntoken,23,229.9\n", f);
	fclose(f);
	for (int seed = 4; seed < 8; seed++) {
		struct rig rig;
		struct twin t = { .caps = 0 };
		rig_home(&rig);
		rig.device.power.form = POWER_TABLE;
		rig.device.power.table = path;
		run(seed, &rig, 0.31, &t);
	}
	remove(path);
}

/* H100: prefilling draws up to 620 W, decoding about 400 W. */
Test(twin_power, a_cap_that_stays)
{
	static const double cap_w[] = { 223, 301, 389, 397.3, 403, 452, 631 };
	double slowed_s = 0, spans = 0, iterations = 0;
	for (int seed = 8; seed < 22; seed++) {
		struct rig rig;
		struct twin t = { .caps = 0 };
		rig_cloud(&rig);
		rig.node.cap_w = cap_w[seed % 7];
		if (seed % 3 == 0) {
			rig.device.power.form = POWER_PHASE;
			rig.device.power.prompt_w = 701;
			rig.device.power.token_w = 379;
		}
		struct replica_total total = run(seed, &rig, 0.31, &t);
		cr_log_info("%g W: slowed %.0f of %.0f s, %lld iterations in %lld spans",
		    rig.node.cap_w, total.slowed_s, total.busy_s, (long long)total.iterations,
		    (long long)total.spans);
		slowed_s += total.slowed_s;
		spans += (double)total.spans;
		iterations += (double)total.iterations;
	}
	cr_expect_gt(slowed_s, 0);
	cr_expect_lt(spans, iterations / 3);
}

/* Where the host sets the pace, iterations take the same time and read more and more: power
 * grows through a span, and many pass a cap in the midst of one. */
Test(twin_power, a_cap_that_is_reached_in_a_span)
{
	double slowed_s = 0, busy_s = 0;
	for (int seed = 50; seed < 58; seed++) {
		struct rig rig;
		struct twin t = { .caps = 0 };
		rig_home(&rig);
		rig.engine.host_s = 1e-3;
		rig.node.cap_w = 300 + 3 * (seed - 50);
		struct replica_total total = run(seed, &rig, 0.41, &t);
		slowed_s += total.slowed_s;
		busy_s += total.busy_s;
	}
	cr_expect_gt(slowed_s, 0.1 * busy_s);
	cr_expect_lt(slowed_s, 0.9 * busy_s);
}

/* Changes at any time: idle, in a prompt, twice in an iteration, with a request. */
Test(twin_power, a_cap_that_changes)
{
	for (int seed = 22; seed < 34; seed++) {
		struct pcg64 g = rng_stream((uint64_t)seed, 0, rng_entity("cap"), RNG_TEST);
		struct twin_cap cap[CAPS];
		struct rig rig;
		struct twin t = { .cap = cap, .caps = CAPS };
		double at_s = 0;
		seed % 2 ? rig_cloud(&rig) : rig_home(&rig);
		double low_w = power_least_w(&rig.device.power);
		for (int i = 0; i < CAPS; i++) {
			if (i % 5) at_s += -7 * log(pcg64_open(&g));
			double cap_w = low_w + 1 + 311 * pcg64_unit(&g);
			cap[i] = (struct twin_cap){ (int64_t)(at_s * 1e9),
				pcg64_unit(&g) < 0.2 ? INFINITY : cap_w };
		}
		struct replica_total total = run(seed, &rig, 0.31, &t);
		cr_expect_gt(total.slowed_s, 0, "seed %d", seed);
	}
}

/* Gaps of 37 s and more come about every 200 requests, shorter ones often. */
Test(twin_power, a_model_that_is_unloaded)
{
	static const double after_s[] = { 0, 0.7, 3.1, 17 };
	for (int seed = 34; seed < 46; seed++) {
		struct twin_cap cap[] = { { 77 * 1000000000LL, 331 } };
		struct rig rig;
		struct twin t = { .cap = cap, .caps = seed % 2 };
		rig_cloud(&rig);
		rig.device.power.unloaded_w = 75;
		rig.node.unload_after_s = after_s[seed % 4];
		rig.node.cold_start_s = seed % 3 ? 1.7 : 0;
		rig.node.load_bytes_s = 61e9;
		rig.node.load_w = 131;
		struct replica_total total = run(seed, &rig, 1.1, &t);
		cr_log_info("after %g s: %lld loads in %.0f s, unloaded %.0f s",
		    rig.node.unload_after_s, (long long)total.loads, total.loading_s,
		    total.unloaded_s);
		cr_expect_gt(total.loads, 1, "seed %d", seed);
	}
}

/* The twin's device is slowed by hand: at 0.83 of the clock the voltage falls to
 * 1 - 1.66 x 0.17 = 0.7178 and switching takes 0.83 x 0.7178^2 = 0.427650... */
Test(twin_power, a_locked_clock)
{
	for (int seed = 46; seed < 50; seed++) {
		struct rig rig, slow;
		rig_cloud(&rig);
		rig_cloud(&slow);
		rig.node.clock_frac = 0.83;
		double k = 0.83 * 0.7178 * 0.7178;
		slow.device.fp16_flops_s *= 0.83;
		slow.device.power.base_w = 113 + k * (308 - 113);
		slow.device.power.fl_w = k * 1089;
		slow.engine.token_budget = seed % 2 ? 257 : 2048;
		slow.engine.max_sequences = 31;
		struct twin t = { .node = &slow.node };
		struct replica_total total = run(seed, &rig, 0.31, &t);
		cr_expect_gt(total.iterations, 1000);
	}
}
