/* What the controls of a network have done, as tables and as JSON. */
#include <math.h>

#include "cli/grid_table.h"

/* Phases of some nodes: "ac". */
static const char *phases_of(
    const struct network *n, const uint32_t *node, uint32_t count, char text[CONTROL_UNITS + 1])
{
	for (uint32_t i = 0; i < count; i++) text[i] = (char)('a' + n->node[node[i]].phase);
	text[count] = 0;
	return text;
}

static const char *regulator_phases(
    const struct controls *c, const struct regulator_at *at, char text[CONTROL_UNITS + 1])
{
	const struct net_tie *tie = &c->network->tie[at->tie[0]];
	uint32_t node[CONTROL_UNITS] = { tie->node, tie->from[1] };
	if (tie->terms > 1) return phases_of(c->network, node, 2, text); /* open delta: ab */
	for (uint32_t i = 0; i < at->units; i++) node[i] = c->network->tie[at->tie[i]].node;
	return phases_of(c->network, node, at->units, text);
}

static const char *inverter_phases(
    const struct controls *c, const struct inverter_at *at, char text[CONTROL_UNITS + 1])
{
	uint32_t node[CONTROL_UNITS];
	for (uint32_t i = 0; i < at->units; i++) node[i] = c->network->load[at->load[i]].plus;
	return phases_of(c->network, node, at->units, text);
}

/* ---- tables ---- */

static const struct table_column regulator_columns[] = {
	{ "regulator", "regulator", TABLE_LEFT }, { "phase", "phase", TABLE_LEFT },
	{ "tap", "tap", TABLE_RIGHT }, { "operations", "moves", TABLE_RIGHT },
	{ "last_s", "last at, s", TABLE_RIGHT }, { "relay_v", "relay V", TABLE_RIGHT },
	{ "band_low_v", NULL, TABLE_RIGHT }, { "band_high_v", NULL, TABLE_RIGHT },
	{ NULL, "band, V", TABLE_LEFT }, { NULL },
};

/* The band, and what the relay's voltage is to it. */
static void add_band(struct table *t, const struct regulator_at *at, double relay_v)
{
	double low_v = at->par.set_v - at->par.band_v / 2, high_v = at->par.set_v + at->par.band_v / 2;
	const char *where = "";
	if (relay_v == 0) where = ", without voltage";
	else if (regulator_outside_v(&at->par, relay_v) != 0) where = ", at its last step";
	table_number(t, low_v, "%g", low_v);
	table_number(t, high_v, "%g", high_v);
	table_words(t, NULL, "%g to %g%s", low_v, high_v, where);
}

struct table *grid_table_regulators(const struct grid_case *g)
{
	const struct controls *c = g->controls;
	char phases[CONTROL_UNITS + 1];
	if (!c || !c->list->regulators) return NULL;
	struct table *t = table_new(regulator_columns);
	for (size_t i = 0; i < c->list->regulators; i++) {
		const struct regulator_at *at = &c->list->regulator[i];
		const struct regulator_seen *s = &c->regulator[i];
		table_text(t, at->name);
		table_text(t, regulator_phases(c, at, phases));
		table_number(t, s->state.tap, "%+d", s->state.tap);
		table_count(t, s->state.moves);
		table_number(t, s->last_s, "%.0f", s->last_s);
		table_number(t, s->state.relay_v, "%.3f", s->state.relay_v);
		add_band(t, at, s->state.relay_v);
	}
	return t;
}

static const char *const by_name[] = { [CAPACITOR_BY_VOLTAGE] = "voltage",
	[CAPACITOR_BY_REACTIVE] = "reactive",
	[CAPACITOR_BY_TIME] = "time" };

/* From SI to the units of the table. */
static const double by_unit[] = {
	[CAPACITOR_BY_VOLTAGE] = 1, [CAPACITOR_BY_REACTIVE] = 1e3, [CAPACITOR_BY_TIME] = 3600
};
static const char *const by_unit_name[] = { [CAPACITOR_BY_VOLTAGE] = "of nominal",
	[CAPACITOR_BY_REACTIVE] = "kvar",
	[CAPACITOR_BY_TIME] = "h" };

static const struct table_column capacitor_columns[] = {
	{ "bus", "capacitor", TABLE_LEFT }, { "by", NULL, TABLE_LEFT },
	{ "closed", NULL, TABLE_LEFT }, { NULL, "state", TABLE_LEFT },
	{ "operations", "moves", TABLE_RIGHT }, { "last_s", "last at, s", TABLE_RIGHT },
	{ "measured", "measures", TABLE_LEFT }, { NULL },
};

struct table *grid_table_capacitors(const struct grid_case *g)
{
	const struct controls *c = g->controls;
	if (!c || !c->list->capacitors) return NULL;
	struct table *t = table_new(capacitor_columns);
	for (size_t i = 0; i < c->list->capacitors; i++) {
		const struct capacitor_at *at = &c->list->capacitor[i];
		const struct capacitor_seen *s = &c->capacitor[i];
		double unit = by_unit[at->par.by];
		table_text(t, at->name);
		table_text(t, by_name[at->par.by]);
		table_flag(t, s->state.closed);
		table_text(t, s->state.closed ? "closed" : "open");
		table_count(t, s->state.operations);
		table_number(t, s->last_s, "%.0f", s->last_s);
		table_number(t, s->state.seen, "%.4g %s: closes at %g, opens at %g",
		    s->state.seen / unit, by_unit_name[at->par.by], at->par.on / unit,
		    at->par.off / unit);
	}
	return t;
}

static const struct table_column inverter_columns[] = {
	{ "inverter", "inverter", TABLE_LEFT }, { "phase", "phase", TABLE_LEFT },
	{ "v_pu", "of nominal", TABLE_RIGHT }, { "w", "kW", TABLE_RIGHT },
	{ "var", "kvar", TABLE_RIGHT }, { "kept_back_w", "kW kept back", TABLE_RIGHT }, { NULL },
};

struct table *grid_table_inverters(const struct grid_case *g)
{
	const struct controls *c = g->controls;
	char phases[CONTROL_UNITS + 1];
	if (!c || !c->list->inverters) return NULL;
	struct table *t = table_new(inverter_columns);
	for (size_t i = 0; i < c->list->inverters; i++) {
		const struct inverter_at *at = &c->list->inverter[i];
		const struct inverter_unit *s = &c->inverters.unit[i];
		double kept_back_w = s->available_w - s->power.w;
		table_text(t, at->name);
		table_text(t, inverter_phases(c, at, phases));
		table_number(t, s->v_pu, "%.5f", s->v_pu);
		table_number(t, s->power.w, "%.3f", s->power.w / 1e3);
		table_number(t, s->power.var, "%+.3f", s->power.var / 1e3);
		table_number(t, kept_back_w, "%.3f", kept_back_w / 1e3);
	}
	return t;
}

/* ---- JSON ---- */

static json_t *when_json(double last_s)
{
	return isnan(last_s) ? json_null() : json_real(last_s);
}

static json_t *regulators_json(const struct controls *c)
{
	json_t *all = json_array();
	char phases[CONTROL_UNITS + 1];
	for (size_t i = 0; i < c->list->regulators; i++) {
		const struct regulator_at *at = &c->list->regulator[i];
		const struct regulator_seen *s = &c->regulator[i];
		json_array_append_new(all,
		    json_pack("{s:s, s:s, s:i, s:i, s:o, s:f, s:f, s:f}", "name", at->name, "phase",
			regulator_phases(c, at, phases), "tap", s->state.tap, "operations",
			(int)s->state.moves, "last_s", when_json(s->last_s), "relay_v",
			s->state.relay_v, "band_low_v", at->par.set_v - at->par.band_v / 2,
			"band_high_v", at->par.set_v + at->par.band_v / 2));
	}
	return all;
}

static json_t *capacitors_json(const struct controls *c)
{
	json_t *all = json_array();
	for (size_t i = 0; i < c->list->capacitors; i++) {
		const struct capacitor_at *at = &c->list->capacitor[i];
		const struct capacitor_seen *s = &c->capacitor[i];
		json_array_append_new(
		    all, json_pack("{s:s, s:s, s:b, s:i, s:o, s:f}", "bus", at->name, "by",
			     by_name[at->par.by], "closed", s->state.closed, "operations",
			     (int)s->state.operations, "last_s", when_json(s->last_s), "measured",
			     s->state.seen));
	}
	return all;
}

static json_t *inverters_json(const struct controls *c)
{
	json_t *all = json_array();
	char phases[CONTROL_UNITS + 1];
	for (size_t i = 0; i < c->list->inverters; i++) {
		const struct inverter_at *at = &c->list->inverter[i];
		const struct inverter_unit *s = &c->inverters.unit[i];
		json_array_append_new(
		    all, json_pack("{s:s, s:s, s:f, s:f, s:f, s:f, s:f}", "name", at->name, "phase",
			     inverter_phases(c, at, phases), "v_pu", s->v_pu, "w", s->power.w,
			     "var", s->power.var, "curtailed_w", s->power.curtailed_w, "clipped_w",
			     s->power.clipped_w));
	}
	return all;
}

json_t *grid_controls_json(const struct controls *c)
{
	return json_pack("{s:f, s:o, s:o, s:o}", "time_s", c->now_s, "regulators",
	    regulators_json(c), "capacitors", capacitors_json(c), "inverters", inverters_json(c));
}
