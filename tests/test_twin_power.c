/* Power in all its forms against the step-by-step twin (tests/twin.h). */
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tests/rig.h"
#include "tests/twin_check.h"

/* A replica of four H100 that often waits and sometimes preempts. */
static struct replica_total run_seed(int seed, struct rig *rig, double gap_s)
{
	struct pcg64 g = rng_stream((uint64_t)seed, 0, rng_entity("power"), RNG_TEST);
	struct twin t = { .node = &rig->node, .requests = TWIN_REQUESTS };
	rig->engine.token_budget = seed % 2 ? 257 : 2048;
	rig->engine.max_sequences = 31;
	t.request = mem_new(TWIN_REQUESTS, sizeof *t.request);
	int largest = twin_draw(&g, gap_s, t.request);
	struct iteration_model *m = iteration_new(&rig->node);
	m->kv_blocks = t.blocks_total = (largest + 15) / 16 + 17;
	struct replica_total total = twin_check(seed, m, &t);
	twin_fini(&t);
	iteration_free(m);
	free(t.request);
	return total;
}

Test(twin_power, constants_by_phase)
{
	for (int seed = 0; seed < 4; seed++) {
		struct rig rig;
		rig_cloud(&rig);
		rig.device.power.form = POWER_PHASE;
		rig.device.power.prompt_w = 701;
		rig.device.power.token_w = 379;
		run_seed(seed, &rig, 0.31);
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
		rig_home(&rig);
		rig.device.power.form = POWER_TABLE;
		rig.device.power.table = path;
		run_seed(seed, &rig, 0.31);
	}
	remove(path);
}
