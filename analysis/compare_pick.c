#include "analysis/compare_pick.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const usual[] = {
	"service.done",
	"service.rejected",
	"service.pending",
	"service.goodput_frac",
	"service.output_token_rate_per_s",
	"latency.ttft_s.p50",
	"latency.ttft_s.p99",
	"latency.tpot_s.p50",
	"latency.tpot_s.p99",
	"latency.e2e_s.p50",
	"latency.e2e_s.p99",
	"energy.device_j_per_token",
	"energy.node_j_per_token",
	"energy.site_j_per_token",
	"energy.grid_j_per_token",
	"grid.margin_pu",
	"grid.transformer_loading_pu.max",
	"grid.transformer_ageing_iec.worst",
	"grid.line_loading_pu.max",
	"grid.voltage_pu.min",
	"grid.voltage_pu.max",
	"grid.en50160_customer_min",
	"grid.peak_w.15min",
	"grid.ramp_w_per_s.15min",
	"grid.loss_share_pu",
	"grid.unserved_j",
	"datacentre.peak_import_w",
	"homes.peak_import_w",
	"homes.self_sufficiency_frac",
	"frequency.nadir_hz",
	"bulk.unserved_j",
	"cost.total",
	"cost.inference_per_mtoken",
	"cost.levelised_per_mtoken",
	"carbon.total_kg",
	"carbon.inference_g_per_token",
	"score.expected_frac",
	"score.device_correct_per_kj",
	"score.grid_correct_per_kj",
};

static bool is_part(const char *key, const char *name)
{
	size_t n = strlen(name);
	return !strncmp(key, name, n) && (!key[n] || key[n] == '.');
}

static void add(struct compare_pick *p, const char *key)
{
	for (size_t i = 0; i < p->keys; i++)
		if (!strcmp(p->key[i], key)) return;
	p->key = mem_grow(p->key, p->keys, &p->cap, sizeof *p->key);
	p->key[p->keys++] = key;
}

bool compare_pick_name(struct compare_pick *p, const char *name, const char *const *have, size_t n)
{
	bool found = false;
	for (size_t i = 0; i < n; i++) {
		if (!is_part(have[i], name)) continue;
		add(p, have[i]);
		found = true;
	}
	return found;
}

void compare_pick_usual(struct compare_pick *p, const char *const *have, size_t n)
{
	for (size_t u = 0; u < sizeof usual / sizeof *usual; u++)
		for (size_t i = 0; i < n; i++)
			if (!strcmp(have[i], usual[u])) add(p, have[i]);
}

void compare_pick_all(struct compare_pick *p, const char *const *have, size_t n)
{
	for (size_t i = 0; i < n; i++) add(p, have[i]);
}

void compare_pick_fini(struct compare_pick *p)
{
	free(p->key);
	*p = (struct compare_pick){ 0 };
}
