#include "models/grid/network_csv_control.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/grid/control_list.h"

/* ---- fields that need not be there ---- */

static bool is_given(const struct csv_reader *r, const char *column)
{
	return *sheet_text(&r->t, column) != 0;
}

static double number_or(struct csv_reader *r, const char *column, double otherwise)
{
	return is_given(r, column) ? csv_number(r, column) : otherwise;
}

static double seconds_or(struct csv_reader *r, const char *column, double otherwise)
{
	double s = number_or(r, column, otherwise);
	if (s >= 0) return s;
	csv_refuse(r, column, "must be at least 0, in seconds");
	return otherwise;
}

static bool is_yes(struct csv_reader *r, const char *column)
{
	bool yes = sheet_is(&r->t, column, "yes");
	if (is_given(r, column) && !yes && !sheet_is(&r->t, column, "no"))
		csv_refuse(r, column, "is neither yes nor no");
	return yes;
}

/* The place of the field in `words`, NULL at the end; 0 where it is empty or no such word. */
static int word_of(
    struct csv_reader *r, const char *column, const char *const *words, const char *remedy)
{
	for (int i = 0; words[i]; i++)
		if (sheet_is(&r->t, column, words[i])) return i;
	if (is_given(r, column)) csv_refuse(r, column, remedy);
	return 0;
}

/* ---- regulators ---- */

static struct regulator_par regulator_settings(struct csv_reader *r)
{
	struct regulator_par p = { .set_v = csv_positive(r, "set_v"),
		.band_v = csv_positive(r, "band_v"),
		.pt_ratio = csv_positive(r, "pt_ratio"),
		.r_v = number_or(r, "r_v", 0),
		.x_v = number_or(r, "x_v", 0),
		.ct_a = 1 };
	if (p.r_v != 0 || p.x_v != 0) p.ct_a = csv_positive(r, "ct_a");
	p.delay_s = seconds_or(r, "delay_s", REGULATOR_DELAY_S);
	p.again_s = seconds_or(r, "again_s", p.delay_s);
	if (p.band_v <= REGULATOR_STEP_PU * p.set_v)
		csv_refuse(r, "band_v",
		    "is narrower than a step of 5/8 % of set_v: it would hunt; write at least "
		    "twice that");
	return p;
}

/* The gang of that name which still has room; NULL: none. */
static struct regulator_at *gang_of(struct csv_reader *r)
{
	struct control_list *l = network_controls(r->n);
	for (size_t i = l->regulators; i > 0; i--)
		if (csv_is_name(r, "name", l->regulator[i - 1].name)) return &l->regulator[i - 1];
	return NULL;
}

static void join_gang(struct csv_reader *r, struct regulator_at *gang, double tap)
{
	if (gang->units == CONTROL_UNITS) {
		csv_refuse(r, "name", "has more than three units in its gang; name some otherwise");
		return;
	}
	if (gang->tap != tap)
		csv_refuse(r, "tap", "differs from that of the gang's first unit; write the same");
	if (is_given(r, "set_v"))
		csv_refuse(r, "set_v", "is not read: its gang follows the first unit; leave it empty");
	gang->tie[gang->units++] = (uint32_t)r->n->ties - 1;
}

static void add_regulator(struct csv_reader *r, double tap)
{
	struct regulator_at at = { .name = (char *)csv_name(r, "name"),
		.par = regulator_settings(r),
		.units = 1,
		.tie = { (uint32_t)r->n->ties - 1 } };
	if (rint(tap) != tap || fabs(tap) > REGULATOR_TAP_MAX)
		csv_refuse(r, "tap", "is no step that a control moves; write -16 to 16");
	else
		at.tap = (int)tap;
	control_list_regulator(network_controls(r->n), &at);
}

void csv_regulator_control(struct csv_reader *r, double tap)
{
	bool gang = is_yes(r, "gang");
	struct regulator_at *first = gang ? gang_of(r) : NULL;
	if (first)
		join_gang(r, first, tap);
	else if (is_given(r, "set_v"))
		add_regulator(r, tap);
	else if (gang)
		csv_refuse(r, "set_v", "is empty; the first unit of a gang has its settings");
}

/* ---- capacitors ---- */

/* Its capacitors, which are switched together; false after a fault. */
static bool find_bank(struct csv_reader *r, struct capacitor_at *at)
{
	for (uint32_t i = 0; i < r->n->elements; i++) {
		const struct net_element *el = &r->n->element[i];
		if (el->kind != NET_SHUNT || !csv_is_name(r, "bus", el->name)) continue;
		if (at->units == CONTROL_UNITS) {
			csv_refuse(r, "bus",
			    "has more than three capacitors; give the others a "
			    "bus of their own, behind a switch");
			return false;
		}
		at->y_s[at->units] = el->y[0];
		at->element[at->units++] = i;
	}
	if (!at->units) csv_refuse(r, "bus", "has no capacitor; add it to capacitors.csv");
	const struct control_list *l = network_controls(r->n);
	for (size_t i = 0; i < l->capacitors; i++)
		if (csv_is_name(r, "bus", l->capacitor[i].name)) {
			csv_refuse(r, "bus", "has a control already; keep one of them");
			return false;
		}
	return at->units > 0;
}

static uint32_t find_line(struct csv_reader *r)
{
	for (uint32_t i = 0; i < r->n->elements; i++)
		if (r->n->element[i].kind != NET_SHUNT &&
		    csv_is_name(r, "line", r->n->element[i].name))
			return i;
	csv_refuse(r, "line",
	    "is no line or transformer; name the one whose reactive power the control measures");
	return NET_NONE;
}

static double hour_of(struct csv_reader *r, const char *column)
{
	double h = csv_number(r, column);
	if (h < 0 || h > 24) csv_refuse(r, column, "is no hour of the day; write 0 to 24");
	return 3600 * h;
}

static void read_limits(struct csv_reader *r, struct capacitor_at *at)
{
	struct capacitor_par *p = &at->par;
	at->line = NET_NONE;
	switch (p->by) {
	case CAPACITOR_BY_VOLTAGE:
		p->on = csv_positive(r, "on");
		p->off = csv_positive(r, "off");
		if (p->off <= p->on)
			csv_refuse(r, "off", "must be above 'on': high voltage opens the bank");
		break;
	case CAPACITOR_BY_REACTIVE:
		p->on = 1e3 * csv_number(r, "on");
		p->off = 1e3 * csv_number(r, "off");
		at->line = find_line(r);
		break;
	case CAPACITOR_BY_TIME:
		p->on = hour_of(r, "on");
		p->off = hour_of(r, "off");
		if (fmod(p->on - p->off, 24 * 3600) == 0)
			csv_refuse(r, "off", "is the hour of 'on': write another one");
	}
}

/* What it gives at nominal voltage. */
static double bank_var(struct csv_reader *r, const struct capacitor_at *at)
{
	double var = 0;
	network_nominal(r->n); /* of all that the tables before this one connect */
	for (uint32_t i = 0; i < at->units; i++) {
		double v = control_nominal_v(r->n, r->n->element[at->element[i]].node);
		var += cimag(at->y_s[i]) * v * v;
	}
	return var;
}

/* What the bank takes off a flow when it closes must not open it again. */
static void check_reactive(struct csv_reader *r, const struct capacitor_at *at)
{
	if (at->par.by == CAPACITOR_BY_REACTIVE && at->par.on - at->par.off <= bank_var(r, at))
		csv_refuse(r, "off",
		    "is not so far below 'on' as the bank has kvar: it would hunt; write less");
}

static void read_delays(struct csv_reader *r, struct capacitor_par *p)
{
	bool clock = p->by == CAPACITOR_BY_TIME;
	if (clock && is_given(r, "on_delay_s"))
		csv_refuse(r, "on_delay_s", "is of no use to a clock; leave it empty");
	if (clock && is_given(r, "off_delay_s"))
		csv_refuse(r, "off_delay_s", "is of no use to a clock; leave it empty");
	p->on_delay_s = seconds_or(r, "on_delay_s", clock ? 0 : CAPACITOR_DELAY_S);
	p->off_delay_s = seconds_or(r, "off_delay_s", clock ? 0 : CAPACITOR_DELAY_S);
	p->rest_s = seconds_or(r, "rest_s", CAPACITOR_REST_S);
}

static void open_bank(struct csv_reader *r, const struct capacitor_at *at)
{
	for (uint32_t i = 0; i < at->units; i++)
		for (int k = 0; k < 4; k++) r->n->element[at->element[i]].y[k] = 0;
}

void csv_capacitor_control(struct csv_reader *r)
{
	static const char *const by[] = { "voltage", "reactive", "time", NULL };
	static const char *const state[] = { "closed", "open", NULL };
	struct capacitor_at at = { .name = (char *)csv_name(r, "bus") };
	if (!find_bank(r, &at)) return;
	if (!is_given(r, "by")) csv_refuse(r, "by", "is empty; write voltage, reactive or time");
	at.par.by = (enum capacitor_by)word_of(
	    r, "by", by, "is no control of capacitors; write voltage, reactive or time");
	read_limits(r, &at);
	read_delays(r, &at.par);
	at.closed = !word_of(r, "state", state, "is neither closed nor open");
	check_reactive(r, &at);
	if (!at.closed) open_bank(r, &at);
	control_list_capacitor(network_controls(r->n), &at);
}

/* ---- inverters ---- */

static struct inverter_par inverter_settings(struct csv_reader *r)
{
	static const char *const category[] = { "b", "a", NULL };
	static const char *const priority[] = { "var", "watt", NULL };
	double va = 1e3 * csv_positive(r, "kva");
	double w = is_given(r, "rated_kw") ? 1e3 * csv_positive(r, "rated_kw") : va;
	bool a = word_of(r, "category", category, "is no category of IEEE 1547; write a or b");
	struct inverter_par p =
	    inverter_default(a ? INVERTER_CATEGORY_A : INVERTER_CATEGORY_B, va, w);
	p.volt_var = is_yes(r, "volt_var");
	p.volt_watt = is_yes(r, "volt_watt");
	p.watt_first = word_of(r, "priority", priority, "gives way to nothing; write var or watt");
	if (w > va) csv_refuse(r, "rated_kw", "is more than the inverter's kva");
	return p;
}

static void add_loads(
    struct csv_reader *r, struct inverter_at *at, const int *phase, double complex injected_va)
{
	for (uint32_t i = 0; i < at->units; i++) {
		struct net_load l = { .name = at->name,
			.plus = csv_node(r, "bus", phase[i]),
			.minus = NET_GROUND,
			.s_va = -injected_va / at->units,
			.power = 1 };
		at->load[i] = (uint32_t)r->n->loads;
		network_load(r->n, &l);
	}
}

/* At first without reactive power: its functions have not seen the voltage yet. */
void csv_inverter(struct csv_reader *r)
{
	int phase[NET_PHASES], phases = csv_phases(r, "phase", phase);
	struct inverter_at at = { .name = (char *)csv_name(r, "name"),
		.par = inverter_settings(r),
		.units = (uint32_t)phases };
	at.available_w = 1e3 * csv_number(r, "kw");
	if (at.available_w < 0)
		csv_refuse(r, "kw", "must be at least 0: it is what the inverter can give");
	if (!phases) return;
	struct inverter_state s;
	inverter_begin(&s);
	add_loads(r, &at, phase, inverter_power(&at.par, &s, at.available_w).w);
	control_list_inverter(network_controls(r->n), &at);
}
