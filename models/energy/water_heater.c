#include "models/energy/water_heater.h"

#include <assert.h>
#include <math.h>

static const struct attr attrs[] = {
	ATTR_QTY(struct water_heater_par, share_frac, "share", DIM_FRACTION, "1", 0, 1,
	    "share of the homes that have it, spread evenly along the street"),
	ATTR_DIST(struct water_heater_par, volume_l, "volume", DIM_NUMBER, "190", 50, 2000,
	    "water in the tank, in litres"),
	ATTR_DIST(struct water_heater_par, power_w, "power", DIM_POWER, "4.5 kW", 100, 30e3,
	    "rating of the element"),
	ATTR_DIST(struct water_heater_par, set_k, "setpoint", DIM_TEMPERATURE, "52 degC", 303.15,
	    363.15, "temperature that the thermostat keeps"),
	/* Jordan and Vajen 2001: 200 litres a day is their household. */
	ATTR_DIST(struct water_heater_par, litres, "draw", DIM_NUMBER, "lognormal(180, 0.4)", 0,
	    1000, "hot water drawn on an average day, in litres"),
	ATTR_QTY(struct water_heater_par, band_k, "dead-band", DIM_NUMBER, "2.2", 0.2, 20,
	    "width of the thermostat's band around the set point, in kelvin"),
	/* 2.5 Btu/(h degF): GridLAB-D's heater of 50 gallons. */
	ATTR_QTY(struct water_heater_par, ua_w_k, "ua", DIM_NUMBER, "1.32", 0, 50,
	    "heat lost by the tank, W/K; it warms the house if <heating> has one"),
	ATTR_QTY(struct water_heater_par, inlet_k, "inlet", DIM_TEMPERATURE, "15 degC", 273.15,
	    303.15, "temperature of the water that comes in"),
	ATTR_QTY(struct water_heater_par, room_k, "room", DIM_TEMPERATURE, "20 degC", 253.15,
	    323.15, "temperature around the tank in homes without <heating>"),
	ATTR_END,
};

const struct class water_heater_class = {
	.element = "water-heater", .parents = "homes",
	.about = "Electric heating of water in a tank, which is drawn at random times "
		 "(Jordan and Vajen 2001).",
	.par_size = sizeof(struct water_heater_par), .attrs = attrs,
};

static double draw_w_k(const struct tank *p, const struct tank_inputs *in)
{
	return in->flow_m3_s / p->volume_m3 * p->c_j_k;
}

/* As tank_node_after, for steps of any length. */
static double one_node_k(const struct tank *p, double t_k, const struct tank_inputs *in, double dt_s)
{
	double w = draw_w_k(p, in), k = (p->ua_w_k + w) / p->c_j_k;
	double net_w = in->element_w - p->ua_w_k * (t_k - in->room_k) - w * (t_k - in->inlet_k);
	double over_s = k > 0 ? -expm1(-k * dt_s) / k : dt_s;
	return t_k + net_w / p->c_j_k * over_s;
}

/* dh/dt = a - b h. */
struct border {
	double a, b;
};

static struct border border_of(const struct tank *p, const struct tank_state *s,
    const struct tank_inputs *in)
{
	double lift_j = p->c_j_k * (s->hot_k - in->inlet_k);
	return (struct border){
		.a = (in->element_w + p->ua_w_k * (in->room_k - in->inlet_k)) / lift_j -
		    in->flow_m3_s / p->volume_m3,
		.b = p->ua_w_k / p->c_j_k,
	};
}

static double border_after(const struct border *d, double h, double dt_s)
{
	double over_s = d->b > 0 ? -expm1(-d->b * dt_s) / d->b : dt_s;
	return h + (d->a - d->b * h) * over_s;
}

/* When h gets from one to the other, which lies on its way. */
static double border_time_s(const struct border *d, double from, double to)
{
	double v = d->a - d->b * from;
	double x = d->b * (to - from) / v;
	return d->b > 0 ? -log1p(-x) / d->b : (to - from) / v;
}

/* A column thinner than that of a glass of water is none. */
static const double least_frac = 1e-6;

static bool opens(const struct tank *p, const struct tank_state *s, const struct tank_inputs *in)
{
	if (in->flow_m3_s <= 0 || s->hot_k <= in->inlet_k + 1) return false;
	struct border d = border_of(p, s, in);
	return d.a - d.b < 0;
}

bool tank_opens(const struct tank *p, const struct tank_state *s, const struct tank_inputs *in)
{
	struct tank_inputs with = *in;
	with.element_w = p->power_w;
	return s->hot_frac >= 1 && opens(p, s, &with);
}

/* Two zones until they end or the step does; returns the time that is left. */
static double move_border(const struct tank *p, struct tank_state *s, const struct tank_inputs *in,
    double dt_s)
{
	struct border d = border_of(p, s, in);
	double h = border_after(&d, s->hot_frac, dt_s);
	if (h < 1 && h > least_frac) {
		s->hot_frac = h;
		return 0;
	}
	double to = h >= 1 ? 1 : least_frac;
	double took_s = s->hot_frac == to ? 0 : border_time_s(&d, s->hot_frac, to);
	if (to < 1) s->hot_k = in->inlet_k;
	s->hot_frac = 1;
	return fmax(dt_s - took_s, 0);
}

void tank_step(const struct tank *p, struct tank_state *s, const struct tank_inputs *in, double dt_s)
{
	assert(dt_s >= 0 && s->hot_frac > 0 && s->hot_frac <= 1);
	if (s->hot_frac < 1 || opens(p, s, in)) dt_s = move_border(p, s, in, dt_s);
	if (s->hot_frac >= 1) s->hot_k = one_node_k(p, s->hot_k, in, dt_s);
}

bool tank_wants(const struct tank *p, const struct tank_state *s, bool on, bool drawing)
{
	if (s->hot_frac < 1 || drawing || s->hot_k < p->set_k - 0.5 * p->band_k) return true;
	if (s->hot_k > p->set_k + 0.5 * p->band_k) return false;
	return on;
}
