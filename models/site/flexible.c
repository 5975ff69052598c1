#include "models/site/flexible.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/full.h"
#include "models/metric.h"
#include "models/site/alert.h"

extern const struct metric flexible_metrics[];
const struct metric flexible_metrics[] = {
	{ "flexible.nodes", "1", "replicas that follow a <flexible>", "count", "counted" },
	{ "flexible.on_frac", "1",
	    "share of the time in which its condition held, and with it the cap, mean over "
	    "replicas",
	    "sum over steps and replicas with the condition / steps * replicas",
	    "models/site/flexible.h" },
	{ "flexible.energy_j", "J", "energy of these replicas at their inlets",
	    "sum over steps and replicas", "models/site/flexible.h" },
	{ "flexible.energy_on_j", "J",
	    "of it, what they drew while the condition held; against a run with cap=\"100 %\", "
	    "which "
	    "watches the same hours, it says what was kept out of them",
	    "sum over steps and replicas with the condition", "models/site/flexible.h",
	    LOWER_IS_BETTER },
	{ "flexible.power_on_w", "W",
	    "mean power of a replica at its inlet while the condition held",
	    "flexible.energy_on_j / time with the condition, summed over replicas",
	    "models/site/flexible.h" },
	{ "flexible.power_off_w", "W", "the same while it did not",
	    "(flexible.energy_j - flexible.energy_on_j) / time without it, summed over replicas",
	    "models/site/flexible.h" },
	{ 0 },
};

/* One <flexible> at one site. */
struct watch {
	const struct object *object;
	double cap_frac;
	struct alert alert;
	uint32_t centre; /* number of the data centre; HOMES */
	uint32_t nodes;
	bool on;         /* caps are set */
	double import_w; /* of the step before; NAN: there was none */
	double step_j;   /* of its nodes, in the last step */
	double energy_j; /* and until its end */
};
#define HOMES UINT32_MAX

struct flexible {
	struct watch *rule;
	size_t rules, rules_cap;
	size_t *rule_of;                 /* [nodes]; NO_RULE */
	double *cap_w;                   /* [nodes]: of each board while the rule is on */
	uint32_t nodes;                  /* of the pool */
	uint32_t ruled;                  /* of them, those with a rule */
	double on_s, off_s, on_j, off_j; /* sums over replicas */
};
#define NO_RULE SIZE_MAX

const struct object *flexible_rule(const struct object *node)
{
	const struct object *own = object_child(node, &flexible_class);
	if (own || !node->parent) return own;
	return object_child(node->parent, &flexible_class);
}

static size_t add_rule(struct flexible *f, const struct object *o, const struct object *site,
    uint32_t centre, double zone_s, struct err_list *e)
{
	const struct flexible_par *p = o->par;
	f->rule = mem_grow(f->rule, f->rules, &f->rules_cap, sizeof *f->rule);
	f->rule[f->rules] = (struct watch){
		.object = o,
		.cap_frac = p->cap_frac,
		.centre = centre,
		.import_w = NAN,
	};
	alert_init(&f->rule[f->rules].alert, &p->trigger, site, site->parent, zone_s, e);
	return f->rules++;
}

/* Rules are few: one a site, and a node's own. */
static size_t find_rule(
    struct flexible *f, const struct pool *p, uint32_t node, double zone_s, struct err_list *e)
{
	const struct object *element = pool_element(p, node), *o = flexible_rule(element);
	struct pool_place where = pool_where(p, node);
	if (!o) return NO_RULE;
	for (size_t i = 0; i < f->rules; i++)
		if (f->rule[i].object == o) return i;
	uint32_t centre = where.home == ORIGIN_OUTSIDE ? where.centre : HOMES;
	return add_rule(f, o, element->parent, centre, zone_s, e);
}

/* Replicas of one <node> stand in a row: its power is looked up once. */
static double cap_of(const struct flexible *f, const struct pool *p, uint32_t n)
{
	if (n > 0 && pool_element(p, n) == pool_element(p, n - 1)) return f->cap_w[n - 1];
	return f->rule[f->rule_of[n]].cap_frac * full_board_w(pool_node(p, n));
}

struct flexible *flexible_new(const struct pool *p, double zone_s, struct err_list *e)
{
	struct flexible *f = mem_new(1, sizeof *f);
	f->nodes = pool_nodes(p);
	f->rule_of = mem_new(f->nodes, sizeof *f->rule_of);
	f->cap_w = mem_new(f->nodes, sizeof *f->cap_w);
	for (uint32_t n = 0; n < f->nodes; n++) {
		size_t r = f->rule_of[n] = find_rule(f, p, n, zone_s, e);
		if (r == NO_RULE) continue;
		f->cap_w[n] = cap_of(f, p, n);
		f->rule[r].nodes++;
		f->ruled++;
	}
	if (f->rules && !err_count(e)) return f;
	flexible_free(f);
	return NULL;
}

void flexible_free(struct flexible *f)
{
	if (!f) return;
	for (size_t i = 0; i < f->rules; i++) alert_fini(&f->rule[i].alert);
	free(f->rule);
	free(f->rule_of);
	free(f->cap_w);
	free(f);
}

static void set_caps(const struct flexible *f, struct pool *p, size_t rule)
{
	for (uint32_t n = 0; n < f->nodes; n++) {
		if (f->rule_of[n] != rule) continue;
		double own_w = pool_node(p, n)->cap_w;
		double free_w = isnan(own_w) ? INFINITY : own_w;
		pool_set_cap(p, n, f->rule[rule].on ? f->cap_w[n] : free_w);
	}
}

void flexible_begin(struct flexible *f, struct pool *p, const struct step *st)
{
	for (size_t i = 0; i < f->rules; i++) {
		struct watch *r = &f->rule[i];
		bool was = r->on;
		r->on = alert_begin(&r->alert, st, r->import_w);
		if (r->on != was && r->cap_frac < 1) set_caps(f, p, i);
	}
}

/* What the nodes of each rule drew in the step, added to what they have drawn. */
static void read_nodes(struct flexible *f, const struct pool *p)
{
	for (size_t i = 0; i < f->rules; i++) f->rule[i].step_j = -f->rule[i].energy_j;
	for (size_t i = 0; i < f->rules; i++) f->rule[i].energy_j = 0;
	for (uint32_t n = 0; n < f->nodes; n++)
		if (f->rule_of[n] != NO_RULE) f->rule[f->rule_of[n]].energy_j += pool_node_j(p, n);
	for (size_t i = 0; i < f->rules; i++) f->rule[i].step_j += f->rule[i].energy_j;
}

void flexible_end(struct flexible *f, const struct pool *p, const struct step *st,
    const struct flexible_seen *seen, struct record_row *row)
{
	uint32_t on = 0;
	read_nodes(f, p);
	for (size_t i = 0; i < f->rules; i++) {
		struct watch *r = &f->rule[i];
		double net_j = r->centre == HOMES ? seen->homes_j : seen->centre_j[r->centre];
		r->import_w = net_j / st->dt_s;
		alert_end(&r->alert, seen->quote);
		*(r->on ? &f->on_j : &f->off_j) += r->step_j;
		*(r->on ? &f->on_s : &f->off_s) += r->nodes * st->dt_s;
		if (r->on) on += r->nodes;
	}
	row->flexible_frac = (double)on / f->ruled;
}

static void put(struct dataset *d, const char *key, double value, int64_t n)
{
	metric_put(d, key, NULL, estimate_exact(value, n));
}

void flexible_export(const struct flexible *f, struct dataset *d)
{
	double run_s = f->on_s + f->off_s;
	put(d, "flexible.nodes", f->ruled, 1);
	if (run_s == 0) return;
	put(d, "flexible.on_frac", f->on_s / run_s, f->ruled);
	put(d, "flexible.energy_j", f->on_j + f->off_j, f->ruled);
	put(d, "flexible.energy_on_j", f->on_j, f->ruled);
	if (f->on_s > 0) put(d, "flexible.power_on_w", f->on_j / f->on_s, f->ruled);
	if (f->off_s > 0) put(d, "flexible.power_off_w", f->off_j / f->off_s, f->ruled);
}
