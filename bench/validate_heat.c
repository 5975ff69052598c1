/* A day of three houses and of a water heater, minute by minute, against what GridLAB-D 5.3.0
 * computed: temperatures with the table's own gains, then power and energy with the curves and
 * thermostats of models/energy/. Tables in degF, Btu and feet. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/validate_energy.h"
#include "models/energy/heating.h"
#include "models/energy/water_heater.h"

enum { MINUTES_MAX = 1500 };

static const double tick_s = 60, f_k = 1 / 1.8;

/* A minute's row: the state at its begin, and inputs that hold through it. */
struct minute {
	double air_f, mass_f, outdoor_f, sun_w, inside_w, hvac_w, power_w;
	int mode; /* 1 heats, -1 cools */
};

struct house_day {
	struct etp heat;
	struct hvac_unit unit;
	double capacity_w, band_k, heat_k, cool_k;
	struct minute *at;
	size_t n;
};

static bool read_house(struct validate_job *j, const char *name, struct house_day *d)
{
	static const char *const columns[] = { "case", "UA", "air_heat_capacity",
		"mass_heat_capacity", "mass_heat_coeff", "design_cooling_capacity", "cooling_COP",
		"heating_COP", "fan_design_power", "thermostat_deadband", "cooling_setpoint",
		"heating_setpoint", NULL };
	struct sheet t;
	char *path = validate_table(j, "reference/house_etp/parameters.csv");
	bool good = path && sheet_open(&t, path, columns, j->e), found = false;
	while (good && sheet_next(&t)) {
		if (!sheet_is(&t, "case", name)) continue;
		found = true;
		d->heat = (struct etp){ sheet_number(&t, "UA") * BTU_H_F_W_K,
			sheet_number(&t, "mass_heat_coeff") * BTU_H_F_W_K,
			sheet_number(&t, "air_heat_capacity") * BTU_F_J_K,
			sheet_number(&t, "mass_heat_capacity") * BTU_F_J_K };
		d->capacity_w = sheet_number(&t, "design_cooling_capacity") * BTU_H_W;
		double fan_w = sheet_number(&t, "fan_design_power");
		d->unit = (struct hvac_unit){
			.heat_cop = sheet_number(&t, "heating_COP"),
			.cool_cop = sheet_number(&t, "cooling_COP"),
			.fan_frac = d->capacity_w > 0 ? fan_w / d->capacity_w : 0,
		};
		d->band_k = sheet_number(&t, "thermostat_deadband") * f_k;
		d->cool_k = fahrenheit_k(sheet_number(&t, "cooling_setpoint"));
		d->heat_k = fahrenheit_k(sheet_number(&t, "heating_setpoint"));
	}
	if (path) sheet_close(&t);
	free(path);
	return found;
}

static struct minute read_minute(const struct sheet *t)
{
	double hvac = sheet_number(t, "hvac_gain_btuh");
	return (struct minute){
		.air_f = sheet_number(t, "air_F"),
		.mass_f = sheet_number(t, "mass_F"),
		.outdoor_f = sheet_number(t, "outdoor_F"),
		.sun_w = sheet_number(t, "solar_gain_btuh") * BTU_H_W,
		.inside_w = (sheet_number(t, "internal_gain_btuh") - hvac) * BTU_H_W,
		.hvac_w = hvac * BTU_H_W,
		.power_w = sheet_number(t, "hvac_kw") * 1e3,
		.mode = sheet_is(t, "mode", "HEAT") - sheet_is(t, "mode", "COOL"),
	};
}

static bool read_day(struct validate_job *j, const char *name, const char *table, struct house_day *d)
{
	static const char *const columns[] = { "air_F", "mass_F", "outdoor_F", "solar_gain_btuh",
		"internal_gain_btuh", "hvac_gain_btuh", "hvac_kw", "mode", NULL };
	struct sheet t;
	char *path = validate_table(j, table);
	bool good = path && sheet_open(&t, path, columns, j->e);
	d->at = mem_new(MINUTES_MAX, sizeof *d->at);
	while (good && d->n < MINUTES_MAX && sheet_next(&t)) d->at[d->n++] = read_minute(&t);
	if (path) sheet_close(&t);
	free(path);
	return good && read_house(j, name, d) && d->n > 1;
}

/* The whole day from its first row, with the table's gains. */
static struct worst trajectory(const struct house_day *d)
{
	struct worst w = { 0 };
	struct etp_step s = etp_step_make(&d->heat, tick_s);
	struct etp_state x = { fahrenheit_k(d->at[0].air_f), fahrenheit_k(d->at[0].mass_f) };
	for (size_t i = 0; i + 1 < d->n; i++) {
		const struct minute *m = &d->at[i];
		double half_w = 0.5 * (m->inside_w + m->sun_w);
		x = etp_after(&s, x, fahrenheit_k(m->outdoor_f), half_w + m->hvac_w, half_w);
		worst_add(&w, kelvin_f(x.air_k) - m[1].air_f);
		worst_add(&w, kelvin_f(x.mass_k) - m[1].mass_f);
	}
	return w;
}

/* The part of cooling that is sensible needs a humidity which the table lacks. It is taken from
 * the table's gain where it cools, and held from there until it cools again. */
static double sensible(const struct house_day *d, size_t i)
{
	static const struct hvac_curve built_in;
	size_t k = i;
	while (k > 0 && d->at[k].mode >= 0) k--;
	while (k < d->n - 1 && d->at[k].mode >= 0) k++;
	const struct minute *m = &d->at[k];
	double capacity = hvac_factors_at(&built_in, fahrenheit_k(m->outdoor_f)).cool_capacity;
	return (d->unit.fan_frac - m->hvac_w / d->capacity_w) / capacity;
}

static struct hvac_rates rates_at(const struct house_day *d, size_t i)
{
	static const struct hvac_curve built_in;
	struct hvac_unit u = d->unit;
	u.sensible_frac = sensible(d, i);
	return hvac_rates_at(&u, &built_in, fahrenheit_k(d->at[i].outdoor_f));
}

/* Where the table's unit runs: power, and the heat of heating, relative to the table's. */
static void curves(const struct house_day *d, struct worst *power, struct worst *heat)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct minute *m = &d->at[i];
		if (!m->mode) continue;
		struct hvac_rates r = rates_at(d, i);
		enum hvac_mode mode = m->mode > 0 ? HVAC_HEAT : HVAC_COOL;
		worst_add(power, d->capacity_w * r.electric[mode] / m->power_w - 1);
		if (m->mode > 0) worst_add(heat, d->capacity_w * r.heat[mode] / m->hvac_w - 1);
	}
}

/* Energy of the day with the thermostat deciding, over the table's, less 1. */
static double day_energy(const struct house_day *d)
{
	struct etp_step s = etp_step_make(&d->heat, tick_s);
	struct etp_state x = { fahrenheit_k(d->at[0].air_f), fahrenheit_k(d->at[0].mass_f) };
	double used_w = 0, table_w = 0;
	double mode = 0;
	for (size_t i = 0; i < d->n; i++) {
		const struct minute *m = &d->at[i];
		struct hvac_rates r = rates_at(d, i);
		mode = hvac_thermostat(mode, x.air_k, d->heat_k, d->cool_k, 0.5 * d->band_k);
		enum hvac_mode now = mode > 0 ? HVAC_HEAT : mode < 0 ? HVAC_COOL : HVAC_OFF;
		double half_w = 0.5 * (m->inside_w + m->sun_w);
		used_w += d->capacity_w * r.electric[now];
		table_w += m->power_w;
		x = etp_after(&s, x, fahrenheit_k(m->outdoor_f),
		    half_w + d->capacity_w * r.heat[now], half_w);
	}
	return used_w / table_w - 1;
}

static void one_house(struct validate_job *j, const char *name, const char *label)
{
	struct house_day d = { 0 };
	char *table = mem_print("reference/house_etp/%s.csv", name);
	if (read_day(j, name, table, &d)) {
		char *what = mem_print("%s: air and mass through a day, its gains given", label);
		validate_worst(j, what, table, trajectory(&d), "degF", 1e-5);
		free(what);
	}
	if (d.n && d.capacity_w > 0) {
		struct worst power = { 0 }, heat = { 0 }, energy = { 0 };
		curves(&d, &power, &heat);
		worst_add(&energy, day_energy(&d));
		char *what = mem_print("%s: power by the curves, while it runs", label);
		validate_worst(j, what, table, power, "of it", 1e-4);
		free(what);
		if (heat.rows)
			validate_worst(j, "winter: heat of the heat pump by the curves", table,
			    heat, "of it", 1e-5);
		what = mem_print("%s: energy of the day, own thermostat", label);
		validate_worst(j, what, table, energy, NULL, 0.01);
		free(what);
	}
	free(d.at);
	free(table);
}

/* --- the water heater: 50 gallons of 8.342 lb, 2.5 Btu/(h degF), 125 degF, 4 degF */
struct water_minute {
	double tank_f, column_ft, height_ft, flow_m3_s, load_w, inlet_k, room_k;
};

static const double gallon_m3 = 3.785411784e-3;

/* 62.4 lb/ft3 of 1 Btu/(lb degF), the table's water. */
static const struct tank *fifty_gallons(struct tank *p)
{
	double ft3 = 50 * gallon_m3 / (FOOT_M * FOOT_M * FOOT_M);
	*p = (struct tank){ .volume_m3 = 50 * gallon_m3, .c_j_k = 62.4 * ft3 * BTU_F_J_K,
		.ua_w_k = 2.5 * BTU_H_F_W_K, .power_w = 4500, .set_k = fahrenheit_k(125),
		.band_k = 4 * f_k };
	return p;
}

static size_t read_water(struct validate_job *j, const char *table, struct water_minute *at)
{
	static const char *const columns[] = { "tank_F", "hot_column_ft", "draw_gpm", "load_kw",
		"inlet_F", "tank_height_ft", "air_F", NULL };
	struct sheet t;
	size_t n = 0;
	char *path = validate_table(j, table);
	bool good = path && sheet_open(&t, path, columns, j->e);
	while (good && n < MINUTES_MAX && sheet_next(&t))
		at[n++] = (struct water_minute){
			.tank_f = sheet_number(&t, "tank_F"),
			.column_ft = sheet_number(&t, "hot_column_ft"),
			.height_ft = sheet_number(&t, "tank_height_ft"),
			.flow_m3_s = sheet_number(&t, "draw_gpm") * gallon_m3 / 60,
			.load_w = sheet_number(&t, "load_kw") * 1e3,
			.inlet_k = fahrenheit_k(sheet_number(&t, "inlet_F")),
			.room_k = fahrenheit_k(sheet_number(&t, "air_F")),
		};
	if (path) sheet_close(&t);
	free(path);
	return n;
}

static struct tank_state state_of(const struct water_minute *m)
{
	double share = m->column_ft / m->height_ft;
	return (struct tank_state){ fahrenheit_k(m->tank_f), share < 1 - 1e-9 ? share : 1 };
}

/* Each minute from the table's state at its begin, with the table's element. */
static void water_minutes(const struct tank *p, const struct water_minute *at, size_t n,
    struct worst *tank_f, struct worst *column_ft)
{
	for (size_t i = 0; i + 1 < n; i++) {
		struct tank_state s = state_of(&at[i]), to = state_of(&at[i + 1]);
		bool is_full = s.hot_frac >= 1 && to.hot_frac >= 1;
		struct tank_inputs in = { at[i].flow_m3_s, at[i].inlet_k, at[i].room_k,
			at[i].load_w };
		tank_step(p, &s, &in, tick_s);
		if (is_full) worst_add(tank_f, kelvin_f(s.hot_k) - at[i + 1].tank_f);
		if (to.hot_frac < 1)
			worst_add(column_ft, (s.hot_frac - to.hot_frac) * at[i].height_ft);
	}
}

/* Heat in the tank above its inlet's. */
static double stored_j(const struct tank *p, const struct tank_state *s, double inlet_k)
{
	return p->c_j_k * s->hot_frac * (s->hot_k - inlet_k);
}

/* What the table's element gave in the day, less what its tank holds more at the end; `owed`: and
 * what it had to give were the column's loss subtracted, as it is in an energy balance. */
static double table_j(const struct tank *p, const struct water_minute *at, size_t n, bool owed)
{
	struct tank_state first = state_of(&at[0]), last = state_of(&at[n - 1]);
	double sum_w = 0;
	for (size_t i = 0; i + 1 < n; i++) {
		struct tank_state s = state_of(&at[i]);
		sum_w += at[i].load_w;
		if (owed && s.hot_frac < 1)
			sum_w += 2 * p->ua_w_k * (s.hot_k - at[i].inlet_k) * s.hot_frac;
	}
	return tick_s * sum_w - stored_j(p, &last, at[0].inlet_k) +
	    stored_j(p, &first, at[0].inlet_k);
}

/* The same with the thermostat deciding. */
static double zones_j(const struct tank *p, const struct water_minute *at, size_t n)
{
	struct tank_state s = state_of(&at[0]);
	double sum_j = stored_j(p, &s, at[0].inlet_k);
	bool on = false;
	for (size_t i = 0; i + 1 < n; i++) {
		struct tank_inputs in = { at[i].flow_m3_s, at[i].inlet_k, at[i].room_k, 0 };
		on = tank_wants(p, &s, on, tank_opens(p, &s, &in));
		in.element_w = on ? p->power_w : 0;
		sum_j += tick_s * in.element_w;
		tank_step(p, &s, &in, tick_s);
	}
	return sum_j - stored_j(p, &s, at[0].inlet_k);
}

/* And as one node, as homes of a scenario have it. */
static double node_j(const struct tank *p, const struct water_minute *at, size_t n)
{
	struct tank_state s = { fahrenheit_k(at[0].tank_f), 1 };
	double sum_j = stored_j(p, &s, at[0].inlet_k);
	bool on = false;
	for (size_t i = 0; i + 1 < n; i++) {
		on = tank_wants(p, &s, on, false);
		double element_w = on ? p->power_w : 0;
		sum_j += tick_s * element_w;
		double draw_w_k = tank_mixed_w_k(at[i].flow_m3_s / p->volume_m3 * p->c_j_k,
		    p->set_k, at[i].inlet_k, s.hot_k);
		s.hot_k = tank_node_after(s.hot_k, tick_s / p->c_j_k, p->ua_w_k, draw_w_k,
		    at[i].inlet_k, at[i].room_k, element_w).end_k;
	}
	return sum_j - stored_j(p, &s, at[0].inlet_k);
}

static void water_energy(struct validate_job *j, const char *table, const char *what,
    double own_j, double theirs_j, double limit)
{
	struct worst w = { 0 };
	worst_add(&w, own_j / theirs_j - 1);
	validate_worst(j, what, table, w, NULL, limit);
}

static void water_day(struct validate_job *j)
{
	const char *table = "reference/house_etp/wh_50gal.csv";
	struct water_minute *at = mem_new(MINUTES_MAX, sizeof *at);
	struct worst tank_f = { 0 }, column_ft = { 0 };
	struct tank tank;
	const struct tank *p = fifty_gallons(&tank);
	size_t n = read_water(j, table, at);
	if (n > 1) {
		water_minutes(p, at, n, &tank_f, &column_ft);
		validate_worst(j, "water heater: tank, full, minute by minute", table, tank_f,
		    "degF", 1e-3);
		validate_worst(j, "water heater: hot column, minute by minute (its loss has the "
				  "other sign there)",
		    table, column_ft, "ft", 1e-3);
		double zones = zones_j(p, at, n), node = node_j(p, at, n);
		double theirs = table_j(p, at, n, false), owed = table_j(p, at, n, true);
		water_energy(j, table, "water heater: energy of the day, own thermostat", zones,
		    theirs, 0.02);
		water_energy(j, table, "the same, that sign put right", zones, owed, 0.01);
		water_energy(j, table, "the same, a single node as in a scenario's homes", node,
		    owed, 0.03);
	}
	free(at);
}

void validate_heat(struct validate_job *j)
{
	one_house(j, "phx_summer_cool", "summer");
	one_house(j, "phx_summer_float", "summer, no cooling");
	one_house(j, "yak_winter_heatpump", "winter");
	water_day(j);
}
