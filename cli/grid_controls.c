/* What the controls of a network have done, as text and as JSON. */
#include <math.h>
#include <string.h>

#include "cli/grid.h"

static int wider(int width, const char *name)
{
	return (int)strlen(name) > width ? (int)strlen(name) : width;
}

static int name_width(const struct control_list *l)
{
	int width = (int)strlen("regulator");
	for (size_t i = 0; i < l->regulators; i++) width = wider(width, l->regulator[i].name);
	for (size_t i = 0; i < l->capacitors; i++) width = wider(width, l->capacitor[i].name);
	for (size_t i = 0; i < l->inverters; i++) width = wider(width, l->inverter[i].name);
	return width;
}

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

/* ---- text ---- */

static void print_when(double last_s)
{
	if (isnan(last_s))
		printf(" %10s", "-");
	else
		printf(" %10.0f", last_s);
}

static void print_regulators(const struct controls *c, int width)
{
	char phases[CONTROL_UNITS + 1];
	if (!c->list->regulators) return;
	printf("\n%-*s  phase   tap  moves  last at, s   relay V  band, V\n", width, "regulator");
	for (size_t i = 0; i < c->list->regulators; i++) {
		const struct regulator_at *at = &c->list->regulator[i];
		const struct regulator_seen *s = &c->regulator[i];
		bool within = regulator_outside_v(&at->par, s->state.relay_v) == 0;
		printf("%-*s  %-5s %+5d %6u ", width, at->name, regulator_phases(c, at, phases),
		    s->state.tap, s->state.moves);
		print_when(s->last_s);
		printf(" %9.3f  %g to %g%s\n", s->state.relay_v, at->par.set_v - at->par.band_v / 2,
		    at->par.set_v + at->par.band_v / 2,
		    s->state.relay_v == 0 ? ", without voltage"
		    : within              ? ""
					  : ", at its last step");
	}
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

static void print_capacitors(const struct controls *c, int width)
{
	if (!c->list->capacitors) return;
	printf("\n%-*s  state  moves  last at, s  measures\n", width, "capacitor");
	for (size_t i = 0; i < c->list->capacitors; i++) {
		const struct capacitor_at *at = &c->list->capacitor[i];
		const struct capacitor_seen *s = &c->capacitor[i];
		double unit = by_unit[at->par.by];
		printf("%-*s  %-6s %5u ", width, at->name, s->state.closed ? "closed" : "open",
		    s->state.operations);
		print_when(s->last_s);
		printf("  %.4g %s: closes at %g, opens at %g\n", s->state.seen / unit,
		    by_unit_name[at->par.by], at->par.on / unit, at->par.off / unit);
	}
}

static void print_inverters(const struct controls *c, int width)
{
	char phases[CONTROL_UNITS + 1];
	if (!c->list->inverters) return;
	printf("\n%-*s  phase  of nominal        kW      kvar  kW kept back\n", width, "inverter");
	for (size_t i = 0; i < c->list->inverters; i++) {
		const struct inverter_at *at = &c->list->inverter[i];
		const struct inverter_unit *s = &c->inverters.unit[i];
		printf("%-*s  %-5s %11.5f %9.3f %+9.3f %13.3f\n", width, at->name,
		    inverter_phases(c, at, phases), s->v_pu, s->power.w / 1e3, s->power.var / 1e3,
		    (s->available_w - s->power.w) / 1e3);
	}
}

void grid_print_controls(const struct controls *c)
{
	int width = name_width(c->list);
	printf("\ncontrols at rest after %.0f s\n", c->now_s);
	print_regulators(c, width);
	print_capacitors(c, width);
	print_inverters(c, width);
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
