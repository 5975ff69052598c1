#include "models/site/checks.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"

#define CONSERVATION "conservation of energy"
#define KEY_HEAD "check."

extern const struct metric check_metrics[];
const struct metric check_metrics[] = {
	{ KEY_HEAD "ledger_residual", "1",
	    "energy without source or sink at a site or in all, as a share of the throughput",
	    "worst over the ledgers of |sources - sinks| / max(sources, sinks)", CONSERVATION,
	    LOWER_IS_BETTER },
	{ KEY_HEAD "meter_residual", "1",
	    "difference of what one site hands out and the next one draws, as a share",
	    "worst of |delivered - import|, |collected - export| between sites / the largest of "
	    "the "
	    "four",
	    CONSERVATION, LOWER_IS_BETTER },
	{ KEY_HEAD "store_residual", "1",
	    "energy that batteries and cars gained or lost without a cause, as a share",
	    "(charge - discharge - leak - trips - gain) / max(in, out, stored at first)",
	    CONSERVATION },
	{ KEY_HEAD "plant_residual", "1",
	    "the same of the batteries of data centres, the worst of them",
	    "(charge - discharge - leak - gain) / max(in, out, stored at first)", CONSERVATION },
	{ KEY_HEAD "power_flow_failures", "1",
	    "share of the steps whose power flow has no solution: the feeder is beyond its limits",
	    "grid.unsolved_steps / steps", "counted", LOWER_IS_BETTER },
	{ KEY_HEAD "low_voltage_steps", "1",
	    "share of the steps with a customer below the voltage at which loads keep their power",
	    "grid.low_voltage_steps / steps", "counted", LOWER_IS_BETTER },
	{ KEY_HEAD "requests_rejected", "1", "share of the requests that no node could ever hold",
	    "service.rejected / service.requests", "counted", LOWER_IS_BETTER },
	{ KEY_HEAD "requests_pending", "1",
	    "share of the requests not finished at the end, which latencies leave out; in a "
	    "closed loop without one of each client",
	    "max(0, service.pending - clients) / service.requests", "counted", LOWER_IS_BETTER },
	{ KEY_HEAD "handover_memory", "1",
	    "share of a prefill node's KV cache that its prompts and the caches on their way from "
	    "it would take: with more than all a real node computes no prompt until one has left",
	    "largest of (blocks in use + tokens under way) / capacity when a prompt is done",
	    "counted", LOWER_IS_BETTER },
	{ 0 },
};

void checks_add(struct checks *c, const char *key, double value, double limit,
    enum validity otherwise)
{
	const struct metric *m = metric_find(key);
	assert(c->n < CHECKS_MAX && m);
	c->row[c->n++] = (struct check){ m, value, limit, fabs(value) <= limit, otherwise };
}

enum validity checks_validity(const struct checks *c)
{
	enum validity worst = VALIDITY_VALID;
	for (int i = 0; i < c->n; i++)
		if (!c->row[i].pass && c->row[i].otherwise > worst) worst = c->row[i].otherwise;
	return worst;
}

void checks_export(const struct checks *c, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "checks");
	struct ds_dim *dim = ds_dim(g, "check", (size_t)c->n);
	char **name = ds_column(g, "check", DS_TEXT, dim, NULL, "", "what was checked");
	char **about = ds_column(g, "about", DS_TEXT, dim, NULL, "", "what it means");
	double *value = ds_column(g, "value", DS_F64, dim, NULL, "1", "what was found");
	double *limit = ds_column(g, "tolerance", DS_F64, dim, NULL, "1", "what is allowed");
	int8_t *pass = ds_column(g, "pass", DS_I8, dim, NULL, "1", "1: within the tolerance");
	char **otherwise =
	    ds_column(g, "otherwise", DS_TEXT, dim, NULL, "", "stamp of a run that fails it");
	for (int i = 0; i < c->n; i++) {
		name[i] = mem_text(c->row[i].metric->key + strlen(KEY_HEAD));
		about[i] = mem_text(c->row[i].metric->about);
		value[i] = c->row[i].value;
		limit[i] = c->row[i].limit;
		pass[i] = c->row[i].pass;
		otherwise[i] = mem_text(validity_word(c->row[i].otherwise));
		metric_put(d, c->row[i].metric->key, NULL, estimate_exact(c->row[i].value, 1));
	}
}

const char *validity_word(enum validity v)
{
	switch (v) {
	case VALIDITY_VALID:
		return "VALID";
	case VALIDITY_SUSPECT:
		return "SUSPECT";
	case VALIDITY_INVALID:
		return "INVALID";
	}
	return NULL;
}
