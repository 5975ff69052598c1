#include "models/grid/controls.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/flow.h"
#include "models/grid/tie_currents.h"

static const double whole_day_s = 86400;

static double complex voltage(const double complex *v, uint32_t node)
{
	return node == NET_GROUND ? 0 : v[node];
}

/* ---- what devices measure ---- */

/* A wye unit to earth; an open-delta one to the phase that passes through. */
static double relay_v(const struct controls *c, const struct regulator_at *at,
    const double complex *v, const double complex *through)
{
	const struct net_tie *tie = &c->network->tie[at->tie[0]];
	double complex to = tie->terms > 1 ? v[tie->from[1]] : 0;
	return regulator_relay_v(&at->par, v[tie->node] - to, through[at->tie[0]]);
}

static double bank_pu(
    const struct controls *c, const struct capacitor_at *at, const double complex *v)
{
	double sum = 0;
	for (uint32_t i = 0; i < at->units; i++) {
		const uint32_t *node = c->network->element[at->element[i]].node;
		double nominal_v = control_nominal_v(c->network, node);
		if (nominal_v > 0) sum += cabs(v[node[0]] - voltage(v, node[1])) / nominal_v;
	}
	return sum / at->units;
}

static double bank_measures(
    const struct controls *c, const struct capacitor_at *at, const double complex *v)
{
	const struct net_element *line;
	switch (at->par.by) {
	case CAPACITOR_BY_REACTIVE:
		line = &c->network->element[at->line];
		return c->network->alike * cimag(flow_power(line, v, 0, line->sends));
	case CAPACITOR_BY_TIME:
		return c->day_s;
	case CAPACITOR_BY_VOLTAGE:
		break;
	}
	return bank_pu(c, at, v);
}

static double inverter_v_pu(
    const struct controls *c, const struct inverter_at *at, const double complex *v)
{
	double sum = 0;
	for (uint32_t i = 0; i < at->units; i++) {
		const struct net_load *l = &c->network->load[at->load[i]];
		if (l->nominal_v > 0) sum += cabs(v[l->plus] - voltage(v, l->minus)) / l->nominal_v;
	}
	return sum / at->units;
}

static double see_regulators(struct controls *c, const double complex *v)
{
	double due_s = INFINITY;
	if (!c->list->regulators) return due_s;
	const double complex *through = tie_currents_at(c->currents, v);
	for (size_t i = 0; i < c->list->regulators; i++) {
		const struct regulator_at *at = &c->list->regulator[i];
		struct regulator_state *s = &c->regulator[i].state;
		regulator_see(&at->par, s, relay_v(c, at, v, through));
		due_s = fmin(due_s, s->left_s);
		c->rests &= s->wants == 0;
	}
	return due_s;
}

static double see_capacitors(struct controls *c, const double complex *v)
{
	double due_s = INFINITY;
	for (size_t i = 0; i < c->list->capacitors; i++) {
		const struct capacitor_at *at = &c->list->capacitor[i];
		struct capacitor_state *s = &c->capacitor[i].state;
		capacitor_see(&at->par, s, bank_measures(c, at, v));
		due_s = fmin(due_s, capacitor_due_s(s));
		c->rests &= !s->wants || (at->par.by == CAPACITOR_BY_TIME && s->left_s > 0);
	}
	return due_s;
}

static double see_inverters(struct controls *c, const double complex *v)
{
	for (size_t i = 0; i < c->list->inverters; i++)
		c->inverters.unit[i].v_pu = inverter_v_pu(c, &c->list->inverter[i], v);
	double due_s = inverter_bank_see(&c->inverters);
	c->rests &= c->inverters.rests;
	return due_s;
}

double controls_see(struct controls *c, const double complex *v)
{
	c->rests = true;
	double regulators_s = see_regulators(c, v), capacitors_s = see_capacitors(c, v);
	return fmin(fmin(regulators_s, capacitors_s), see_inverters(c, v));
}

/* ---- time ---- */

void controls_pass(struct controls *c, double dt_s)
{
	for (size_t i = 0; i < c->list->regulators; i++)
		regulator_pass(&c->regulator[i].state, dt_s);
	for (size_t i = 0; i < c->list->capacitors; i++)
		capacitor_pass(&c->capacitor[i].state, dt_s);
	inverter_bank_pass(&c->inverters, dt_s);
	c->now_s += dt_s;
	c->day_s = fmod(c->day_s + dt_s, whole_day_s);
}

/* ---- what devices do ---- */

static void set_tap(struct controls *c, const struct regulator_at *at, int tap)
{
	double ratio = regulator_ratio(tap);
	for (uint32_t i = 0; i < at->units; i++) {
		struct net_tie *tie = &c->network->tie[at->tie[i]];
		tie->weight[0] = ratio;
		if (tie->terms > 1) tie->weight[1] = 1 - ratio;
	}
}

static void set_bank(struct controls *c, const struct capacitor_at *at, bool closed)
{
	for (uint32_t i = 0; i < at->units; i++) {
		double complex y = closed ? at->y_s[i] : 0;
		double complex *to = c->network->element[at->element[i]].y;
		to[0] = to[3] = y;
		to[1] = to[2] = -y;
	}
}

static void set_inverters(struct controls *c)
{
	inverter_bank_act(&c->inverters);
	for (size_t i = 0; i < c->list->inverters; i++) {
		const struct inverter_at *at = &c->list->inverter[i];
		const struct inverter_power *g = &c->inverters.unit[i].power;
		for (uint32_t k = 0; k < at->units; k++)
			c->network->load[at->load[k]].s_va = -(g->w + I * g->var) / at->units;
	}
}

static enum controls_change move_taps(struct controls *c)
{
	enum controls_change change = CONTROLS_POWERS;
	for (size_t i = 0; i < c->list->regulators; i++) {
		const struct regulator_at *at = &c->list->regulator[i];
		struct regulator_seen *s = &c->regulator[i];
		if (!regulator_act(&at->par, &s->state)) continue;
		s->last_s = c->now_s;
		set_tap(c, at, s->state.tap);
		change = CONTROLS_WEIGHTS;
	}
	return change;
}

static enum controls_change switch_banks(struct controls *c)
{
	enum controls_change change = CONTROLS_POWERS;
	for (size_t i = 0; i < c->list->capacitors; i++) {
		const struct capacitor_at *at = &c->list->capacitor[i];
		struct capacitor_seen *s = &c->capacitor[i];
		if (!capacitor_act(&at->par, &s->state)) continue;
		s->last_s = c->now_s;
		set_bank(c, at, s->state.closed);
		change = CONTROLS_ADMITTANCES;
	}
	return change;
}

enum controls_change controls_act(struct controls *c)
{
	enum controls_change taps = move_taps(c), banks = switch_banks(c);
	set_inverters(c);
	return banks > taps ? banks : taps;
}

/* ---- life ---- */

static void begin_all(struct controls *c)
{
	const struct control_list *l = c->list;
	for (size_t i = 0; i < l->regulators; i++) {
		regulator_begin(&c->regulator[i].state, l->regulator[i].tap);
		c->regulator[i].last_s = NAN;
		set_tap(c, &l->regulator[i], l->regulator[i].tap);
	}
	for (size_t i = 0; i < l->capacitors; i++) {
		capacitor_begin(&c->capacitor[i].state, l->capacitor[i].closed);
		c->capacitor[i].last_s = NAN;
		set_bank(c, &l->capacitor[i], l->capacitor[i].closed);
	}
	for (size_t i = 0; i < l->inverters; i++) {
		c->inverters.unit[i].par = l->inverter[i].par;
		c->inverters.unit[i].available_w = l->inverter[i].available_w;
	}
	set_inverters(c);
}

struct controls *controls_new(struct network *n, double day_s)
{
	const struct control_list *l = n->controls;
	if (!l || l->regulators + l->capacitors + l->inverters == 0) return NULL;
	struct controls *c = mem_new(1, sizeof *c);
	c->network = n;
	c->list = l;
	c->day_s = day_s;
	c->regulator = mem_new(l->regulators, sizeof *c->regulator);
	c->capacitor = mem_new(l->capacitors, sizeof *c->capacitor);
	inverter_bank_init(&c->inverters, l->inverters);
	if (l->regulators) c->currents = tie_currents_new(n);
	begin_all(c);
	return c;
}

void controls_recount(struct controls *c, double day_s)
{
	c->now_s = 0;
	c->day_s = day_s;
	for (size_t i = 0; i < c->list->regulators; i++) {
		c->regulator[i].state.moves = 0;
		c->regulator[i].last_s = NAN;
	}
	for (size_t i = 0; i < c->list->capacitors; i++) {
		c->capacitor[i].state.operations = 0;
		c->capacitor[i].last_s = NAN;
	}
	inverter_bank_recount(&c->inverters);
}

void controls_free(struct controls *c)
{
	if (!c) return;
	tie_currents_free(c->currents);
	free(c->regulator);
	free(c->capacitor);
	inverter_bank_fini(&c->inverters);
	free(c);
}
