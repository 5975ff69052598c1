/* What came of a pool: its nodes, its metrics, its checks. */
#include "models/site/pool_state.h"

#include <math.h>

#include "base/mem.h"
#include "models/compute/node_spiking.h"
#include "models/site/flexible.h"
#include "models/site/node_metrics.h"

uint32_t pool_answered(const struct pool *p, uint32_t node)
{
	return p->place[node].answered;
}

uint32_t pool_insufficient(const struct pool *p, uint32_t node)
{
	return p->place[node].insufficient;
}

const struct policy_par *pool_policy(const struct pool *p)
{
	return &p->policy;
}

double pool_now_s(const struct pool *p)
{
	return (double)sim_now(p->sim) / (double)SIM_NS_PER_S;
}

/* At times at least. */
static bool is_capped(const struct object *node)
{
	const struct object *rule = flexible_rule(node);
	bool gives_way = rule && ((const struct flexible_par *)rule->par)->cap_frac < 1;
	return gives_way || !isnan(((const struct node_par *)node->par)->cap_w);
}

static void export_power(const struct pool *p, struct dataset *d)
{
	int64_t now_ns = sim_now(p->sim);
	double now_s = (double)now_ns * 1e-9;
	struct node_sum sum = { 0 };
	for (size_t i = 0; i < p->places; i++) {
		struct replica_total t = server_total(p->place[i].server, now_ns);
		node_sum_add(&sum, p->place[i].object->par, is_capped(p->place[i].object), &t,
		    now_s);
	}
	if (now_ns > 0) node_sum_put(&sum, now_s, d);
}

static void export_tiers(const struct pool *p, struct dataset *d)
{
	struct cascade_tier energy[TIERS] = { 0 };
	for (size_t i = 0; i < p->places; i++) {
		struct cascade_tier *t = &energy[p->place[i].tier];
		t->device_j += p->place[i].device_j;
		t->node_j += p->place[i].node_j;
	}
	if (p->cascade) cascade_export(p->cascade, p->outcome, p->requests, energy, d);
}

/* Columns of group "nodes" that are only there with tiers. */
static void export_tier_columns(const struct pool *p, struct ds_group *g, struct ds_dim *dim)
{
	if (!p->cascade) return;
	int8_t *tier = ds_column(g, "tier", DS_I8, dim, NULL, "1", "tier of its model");
	int64_t *thrown = ds_column(g, "insufficient", DS_I64, dim, NULL, "1",
	    "its answers that were insufficient and thrown away, beside those it answered");
	for (size_t i = 0; i < p->places; i++) {
		tier[i] = (int8_t)p->place[i].tier;
		thrown[i] = p->place[i].insufficient;
	}
	static const int8_t flags[] = { TIER_SMALL, TIER_LARGE };
	ds_attr_i8s(g, "tier", "flag_values", flags, sizeof flags);
	ds_attr_text(g, "tier", "flag_meanings", "small large");
}

void pool_check(const struct pool *p, struct checks *c)
{
	handover_check(p->handover, c);
}

void pool_export(const struct pool *p, struct dataset *d)
{
	handover_export(p->handover, d);
	if (!p->places) return;
	if (!p->held) export_power(p, d);
	export_tiers(p, d);
	struct ds_group *g = ds_group(d, "nodes");
	struct ds_dim *dim = ds_dim(g, "node", p->places);
	int64_t *id =
	    ds_column(g, "node", DS_I64, dim, NULL, "1", "number of the node, as in requests");
	char **name = ds_column(g, "name", DS_TEXT, dim, NULL, "", "name of its <node> element");
	int8_t *role = ds_column(g, "role", DS_I8, dim, NULL, "1", "what it does of a request");
	int32_t *home =
	    ds_column(g, "home", DS_I32, dim, NULL, "1", "home it stands in; -1: data centre");
	int64_t *done = ds_column(g, "answered", DS_I64, dim, NULL, "1", "requests answered");
	int64_t *handed = ds_column(g, "handed_over", DS_I64, dim, NULL, "1",
	    "requests whose KV cache it handed over to a decode node");
	char **boundary = ds_column(g, "boundary", DS_TEXT, dim, NULL, "",
	    "around what the energy of its accelerators is counted");
	double *busy = ds_column(g, "busy", DS_F64, dim, NULL, "s", "time with requests running");
	double *device =
	    ds_column(g, "device_energy", DS_F64, dim, NULL, "J", "energy of its accelerators");
	double *wall = ds_column(g, "node_energy", DS_F64, dim, NULL, "J", "energy at its inlet");
	for (size_t i = 0; i < p->places; i++) {
		const struct place *at = &p->place[i];
		const struct node_par *par = at->object->par;
		id[i] = (int64_t)i;
		name[i] = mem_text(at->object->name ? at->object->name : "node");
		role[i] = (int8_t)par->role;
		home[i] = at->where.home == ORIGIN_OUTSIDE ? -1 : (int32_t)at->where.home;
		done[i] = at->answered;
		handed[i] = at->handed_over;
		boundary[i] = mem_text(node_boundary(par));
		busy[i] = pool_total(p, (uint32_t)i).busy_s;
		device[i] = at->device_j;
		wall[i] = at->node_j;
	}
	export_tier_columns(p, g, dim);
	static const int8_t roles[] = { NODE_BOTH, NODE_PREFILL, NODE_DECODE };
	ds_attr_i8s(g, "role", "flag_values", roles, sizeof roles);
	ds_attr_text(g, "role", "flag_meanings", NODE_ROLE_WORDS);
}
