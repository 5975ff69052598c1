#include "analysis/pick.h"

#include <stdbool.h>
#include <string.h>

static const char *const wanted[] = {
	"service.requests",
	"service.done",
	"service.rejected",
	"service.pending",
	"service.preemptions",
	"service.prompt_tokens",
	"service.output_tokens",
	"grid.margin_pu",
	"grid.voltage_pu.min",
	"grid.voltage_pu.max",
	"grid.en50160_customer_min",
	"grid.transformer_loading_pu.max",
	"grid.transformer_overload_min",
	"grid.transformer_hot_spot_degc.max",
	"grid.transformer_ageing_iec.worst",
	"grid.line_loading_pu.max",
	"grid.peak_w.15min",
	"grid.ramp_w_per_s.15min",
	"grid.loss_share_pu",
	"grid.reverse_min",
	"grid.unserved_j",
	"bulk.price_per_kwh.mean",
	"bulk.price_per_kwh.max",
	"bulk.average_g_per_kwh",
	"bulk.marginal_g_per_kwh",
	"bulk.unserved_j",
	"bulk.lole_h",
	"bulk.margin_frac",
	"frequency.nadir_hz",
	"frequency.rocof_hz_per_s",
	"frequency.outside_s",
	"frequency.ufls_steps",
	"frequency.shed_j",
};

static bool is_wanted(const char *key)
{
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (!strcmp(wanted[i], key)) return true;
	return false;
}

static bool begins(const char *key, const char *prefix)
{
	return !strncmp(key, prefix, strlen(prefix));
}

/* Whether the run has metrics of the prefix that we name. */
static bool has_wanted(const struct ds_group *g, const char *prefix)
{
	for (size_t i = 0; i < g->vars; i++)
		if (begins(g->var[i]->name, prefix) && is_wanted(g->var[i]->name)) return true;
	return false;
}

size_t pick_next(const struct dataset *d, const char *prefix, enum pick which, size_t from,
    struct ds_metric *m)
{
	const struct ds_group *g = ds_find(d, "summary");
	if (!g) return 0;
	bool named = has_wanted(g, prefix);
	for (size_t i = from; i < g->vars; i++) {
		const char *key = g->var[i]->name;
		enum pick is = !named || is_wanted(key) ? PICK_FIRST : PICK_OTHER;
		if (begins(key, prefix) && is == which && ds_metric_find(d, key, m)) return i + 1;
	}
	return 0;
}
