#include "models/grid/feeder_controls.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/metric.h"

const struct metric feeder_controls_metrics[] = {
	{ "grid.tap_operations", "1", "steps that the taps of regulators have moved",
	    "sum over regulators of steps", "IEEE Std C57.15, step voltage regulators",
	    LOWER_IS_BETTER },
	{ "grid.capacitor_operations", "1", "openings and closings of capacitor banks",
	    "sum over banks of operations", "IEEE Std 18, shunt capacitors", LOWER_IS_BETTER },
	{ "grid.volt_watt_j", "J", "energy that inverters kept back by Volt-Watt",
	    "sum over inverters and time of available power above the limit times dt",
	    "IEEE Std 1547-2018, clause 5.4.2 (recalled)", LOWER_IS_BETTER },
	{ "grid.volt_var_j", "J",
	    "energy that inverters kept back so that active and reactive power keep to the rating",
	    "sum over inverters and time of (allowed - sqrt(S^2 - Q^2)) dt, where positive",
	    "IEEE Std 1547-2018, clauses 5.2 and 5.3.3 (recalled)", LOWER_IS_BETTER },
	{ NULL, NULL, NULL, NULL, NULL },
};

/* ---- life ---- */

static void make_networks(struct feeder_controls *c, double day_s)
{
	const struct feeder *f = c->feeder;
	size_t most = 0;
	c->network = mem_new(f->circuits, sizeof(struct controls *));
	for (uint32_t i = 0; i < f->circuits; i++) {
		struct network *n = f->circuit[i]->network;
		c->network[i] = controls_new(n, day_s);
		if (c->network[i]) circuit_change(f->circuit[i], CONTROLS_ADMITTANCES);
		if (n->nodes > most) most = n->nodes;
	}
	c->dead_v = mem_new(most, sizeof *c->dead_v);
}

/* The rating is of apparent power too: active power gives way to what reactive power needs. */
static void make_roofs(struct feeder_controls *c, const double *rated_w)
{
	const struct feeder *f = c->feeder;
	uint32_t units = 0;
	c->customer = mem_new(f->customers, sizeof *c->customer);
	for (uint32_t k = 0; k < f->customers; k++)
		if (rated_w[k] > 0 && (f->par.volt_var || f->par.volt_watt))
			c->customer[units++] = k;
	inverter_bank_init(&c->roofs, units);
	for (uint32_t i = 0; i < units; i++) {
		double w = rated_w[c->customer[i]];
		struct inverter_par p = inverter_default(INVERTER_CATEGORY_B, w, w);
		p.volt_var = f->par.volt_var;
		p.volt_watt = f->par.volt_watt;
		c->roofs.unit[i].par = p;
	}
}

static bool acts(const struct feeder_controls *c)
{
	bool any = c->roofs.units > 0;
	for (uint32_t i = 0; i < c->feeder->circuits; i++) any |= c->network[i] != NULL;
	return any;
}

struct feeder_controls *feeder_controls_new(struct feeder *f, const double *rated_w, double day_s)
{
	struct feeder_controls *c = mem_new(1, sizeof *c);
	c->feeder = f;
	c->day_s = day_s;
	make_networks(c, day_s);
	make_roofs(c, rated_w);
	c->p_w = mem_new(f->customers, sizeof *c->p_w);
	c->q_var = mem_new(f->customers, sizeof *c->q_var);
	if (acts(c)) return c;
	feeder_controls_free(c);
	return NULL;
}

void feeder_controls_free(struct feeder_controls *c)
{
	if (!c) return;
	for (uint32_t i = 0; i < c->feeder->circuits; i++) controls_free(c->network[i]);
	inverter_bank_fini(&c->roofs);
	free(c->network);
	free(c->customer);
	free(c->p_w);
	free(c->q_var);
	free(c->dead_v);
	free(c);
}

/* ---- a step ---- */

static double kept_back_w(const struct inverter_bank *b)
{
	double sum_w = 0;
	for (size_t i = 0; i < b->units; i++) sum_w += b->unit[i].available_w - b->unit[i].power.w;
	return sum_w;
}

/* What customers would have drawn and given without their inverters' functions; circuits have
 * counted plants by what they give now. */
static void count_wanted(struct feeder_controls *c)
{
	struct circuit_sums *s = &c->feeder->sums;
	for (uint32_t k = 0; k < c->feeder->customers; k++) {
		if (c->p_w[k] == c->net_w[k]) continue;
		s->delivered_w += fmax(c->net_w[k], 0) - fmax(c->p_w[k], 0);
		s->collected_w += fmax(-c->net_w[k], 0) - fmax(-c->p_w[k], 0);
		s->curtailed_w += c->p_w[k] - c->net_w[k];
	}
	for (uint32_t i = 0; i < c->feeder->circuits; i++) {
		if (!c->network[i]) continue;
		double kept_w = kept_back_w(&c->network[i]->inverters);
		s->plant_w += kept_w;
		s->curtailed_w += kept_w;
	}
}

void feeder_controls_solve(struct feeder_controls *c)
{
	struct feeder *f = c->feeder;
	memcpy(c->p_w, c->net_w, f->customers * sizeof *c->p_w);
	memcpy(c->q_var, c->net_var, f->customers * sizeof *c->q_var);
	for (size_t i = 0; i < c->roofs.units; i++) {
		const struct inverter_unit *u = &c->roofs.unit[i];
		c->p_w[c->customer[i]] += u->available_w - u->power.w;
		c->q_var[c->customer[i]] -= u->power.var;
	}
	feeder_solve(f, c->p_w, c->q_var);
	count_wanted(c);
}

static double see_network(struct feeder_controls *c, uint32_t i)
{
	struct circuit *at = c->feeder->circuit[i];
	if (!c->network[i]) return INFINITY;
	return controls_see(c->network[i], at->converged && !at->cut ? circuit_v(at) : c->dead_v);
}

double feeder_controls_see(struct feeder_controls *c)
{
	for (size_t i = 0; i < c->roofs.units; i++)
		c->roofs.unit[i].v_pu = c->feeder->at.v_pu[c->customer[i]];
	double due_s = inverter_bank_see(&c->roofs);
	for (uint32_t i = 0; i < c->feeder->circuits; i++) due_s = fmin(due_s, see_network(c, i));
	return due_s;
}

void feeder_controls_pass(struct feeder_controls *c, double dt_s)
{
	inverter_bank_pass(&c->roofs, dt_s);
	inverter_bank_act(&c->roofs);
	for (uint32_t i = 0; i < c->feeder->circuits; i++) {
		if (!c->network[i]) continue;
		controls_pass(c->network[i], dt_s);
		circuit_change(c->feeder->circuit[i], controls_act(c->network[i]));
	}
}

static bool rests(const struct feeder_controls *c)
{
	bool all = c->roofs.rests;
	for (uint32_t i = 0; i < c->feeder->circuits; i++)
		if (c->network[i]) all &= c->network[i]->rests;
	return all;
}

static void come_to_rest(struct feeder_controls *c)
{
	for (double left_s = FEEDER_CONTROLS_REST_S; left_s > 0;) {
		feeder_controls_solve(c);
		double part_s = fmin(feeder_controls_see(c), left_s);
		if (rests(c)) break;
		feeder_controls_pass(c, part_s);
		left_s -= part_s;
	}
	inverter_bank_recount(&c->roofs);
	for (uint32_t i = 0; i < c->feeder->circuits; i++)
		if (c->network[i]) controls_recount(c->network[i], c->day_s);
}

void feeder_controls_begin(
    struct feeder_controls *c, const double *net_w, const double *net_var, const double *solar_w)
{
	c->net_w = net_w;
	c->net_var = net_var;
	for (size_t i = 0; i < c->roofs.units; i++)
		c->roofs.unit[i].available_w = solar_w[c->customer[i]];
	inverter_bank_act(&c->roofs);
	if (!c->begun) come_to_rest(c);
	c->begun = true;
}

/* ---- results ---- */

struct counts {
	double taps, banks, volt_watt_j, clipped_j;
	int64_t regulators, capacitors, inverters;
};

static void count_inverters(struct counts *n, const struct inverter_bank *b)
{
	n->volt_watt_j += b->volt_watt_j;
	n->clipped_j += b->clipped_j;
	n->inverters += (int64_t)b->units;
}

static void count_network(struct counts *n, const struct controls *c)
{
	for (size_t i = 0; i < c->list->regulators; i++) n->taps += c->regulator[i].state.moves;
	for (size_t i = 0; i < c->list->capacitors; i++)
		n->banks += c->capacitor[i].state.operations;
	n->regulators += (int64_t)c->list->regulators;
	n->capacitors += (int64_t)c->list->capacitors;
	count_inverters(n, &c->inverters);
}

void feeder_controls_export(const struct feeder_controls *c, struct dataset *out)
{
	struct counts n = { 0 };
	count_inverters(&n, &c->roofs);
	for (uint32_t i = 0; i < c->feeder->circuits; i++)
		if (c->network[i]) count_network(&n, c->network[i]);
	if (n.regulators)
		metric_put(out, "grid.tap_operations", NULL, estimate_exact(n.taps, n.regulators));
	if (n.capacitors)
		metric_put(
		    out, "grid.capacitor_operations", NULL, estimate_exact(n.banks, n.capacitors));
	if (!n.inverters) return;
	metric_put(out, "grid.volt_watt_j", NULL, estimate_exact(n.volt_watt_j, n.inverters));
	metric_put(out, "grid.volt_var_j", NULL, estimate_exact(n.clipped_j, n.inverters));
}
