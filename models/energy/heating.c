#include "models/energy/heating.h"

#include <math.h>

#include "models/energy/irradiance.h"

static const struct attr attrs[] = {
	ATTR_QTY(struct heating_par, share_frac, "share", DIM_FRACTION, "1", 0, 1,
	    "share of the homes that have it, spread evenly along the street"),
	ATTR_ENUM(struct heating_par, kind, "kind", "heat-pump", "heat-pump resistance none",
	    "what heats"),
	ATTR_BOOL(struct heating_par, cooling, "cooling", "yes",
	    "the heat pump, or an air conditioner, cools in summer"),
	ATTR_DIST(struct heating_par, floor_m2, "floor-area", DIM_NUMBER, "uniform(90, 200)", 20,
	    2000, "floor area in square metres"),
	ATTR_DIST(struct heating_par, insulation, "insulation", DIM_NUMBER,
	    "choice(3:0.4, 4:0.3, 5:0.3)", 0, 6,
	    "0 very little, 1 little, 2 below normal, 3 normal, 4 above normal, 5 good, "
	    "6 very good"),
	ATTR_DIST(struct heating_par, heat_k, "heat-setpoint", DIM_TEMPERATURE,
	    "uniform(19, 21) degC", 278.15, 303.15, "the house is heated to this"),
	ATTR_DIST(struct heating_par, cool_k, "cool-setpoint", DIM_TEMPERATURE,
	    "uniform(24, 26) degC", 283.15, 313.15, "the house is cooled to this"),
	ATTR_QTY(struct heating_par, band_k, "dead-band", DIM_NUMBER, "1", 0.2, 5,
	    "width of the thermostat's band around a set point, in kelvin"),
	ATTR_QTY(struct heating_par, heat_cop, "heating-cop", DIM_NUMBER, "3.3", 1, 10,
	    "heat over electric power at 8.3 degC outdoors, without fan"),
	ATTR_QTY(struct heating_par, cool_cop, "cooling-cop", DIM_NUMBER, "3.5", 1, 15,
	    "cooling over electric power at 35 degC outdoors, without fan"),
	ATTR_QTY(struct heating_par, fan_frac, "fan", DIM_FRACTION, "1.6 %", 0, 0.2,
	    "electric power of the fan over the rated capacity"),
	ATTR_QTY(struct heating_par, latent, "latent", DIM_FRACTION, "0.3", 0, 1,
	    "latent over sensible load that the cooling is built for"),
	ATTR_QTY(struct heating_par, humidity_frac, "humidity", DIM_FRACTION, "40 %", 0, 1,
	    "relative humidity, of which the part of cooling that dries the air depends"),
	ATTR_QTY(struct heating_par, hot_k, "design-hot", DIM_TEMPERATURE, "36 degC", 273.15,
	    333.15, "hottest day that the unit is sized for"),
	ATTR_QTY(struct heating_par, cold_k, "design-cold", DIM_TEMPERATURE, "-8 degC", 213.15,
	    303.15, "coldest day that the unit is sized for"),
	ATTR_FILE(struct heating_par, curve, "curve", OPTIONAL,
	    "CSV of capacity and COP of the unit by outdoor temperature, relative to the rated "
	    "ones: outdoor_degc, heat_capacity, heat_cop, cool_capacity, cool_cop"),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct heating_par *p = o->par;
	struct hvac_curve c;
	if (p->curve) hvac_curve_read(p->curve, &c, e);
	double before = 0;
	const struct object *other = object_child(o->parent, o->cls);
	for (; other && other != o; other = object_next(other))
		before += ((const struct heating_par *)other->par)->share_frac;
	if (before + p->share_frac > 1 + 1e-9)
		err_at(e, object_attr_pos(o, "share"),
		    "heating: the shares of all <heating> add up to %g, and a home has one; "
		    "lower one of them",
		    before + p->share_frac);
}

const struct class heating_class = {
	.element = "heating", .parents = "homes",
	.about = "The house as air and mass behind walls and windows, with a thermostat and what it "
		 "switches. Appliances and a node in the house heat it too.",
	.par_size = sizeof(struct heating_par), .attrs = attrs, .check = check,
};

static double rated_heat_w(const struct heating_par *p, const struct hvac_curve *c,
    const struct hvac_design *d, double ua_w_k)
{
	if (p->kind == HEATING_NONE) return 0;
	if (p->kind == HEATING_RESISTANCE) return hvac_resistance_w(d, ua_w_k);
	return hvac_heat_pump_w(d, ua_w_k, hvac_factors_at(c, d->cold_k).heat_capacity);
}

struct heating_house heating_house_make(const struct heating_par *p, const struct hvac_curve *c,
    double floor_m2, double level, double heat_k, double cool_k)
{
	int whole = (int)fmin(fmax(floor(level + 0.5), 0), ENVELOPE_LEVELS - 1);
	struct heating_house h = {
		.envelope = envelope_make(floor_m2, whole),
		.heat_k = heat_k,
		.cool_k = fmax(cool_k, heat_k + p->band_k),
	};
	struct hvac_design d =
	    hvac_design_make(floor_m2, h.envelope.aperture_m2, p->hot_k, p->cold_k);
	h.heat_w = rated_heat_w(p, c, &d, h.envelope.heat.ua_w_k);
	if (p->cooling)
		h.cool_w = p->kind == HEATING_HEAT_PUMP ? h.heat_w
		    : hvac_cooling_w(&d, h.envelope.heat.ua_w_k);
	return h;
}

struct hvac_unit heating_unit(const struct heating_par *p)
{
	return (struct hvac_unit){
		.resistance = p->kind == HEATING_RESISTANCE,
		.heat_cop = p->heat_cop,
		.cool_cop = p->cool_cop,
		.sensible_frac = hvac_sensible_frac(p->latent, p->humidity_frac),
		.fan_frac = p->fan_frac,
	};
}

/* Mean over the four sides. */
static double upright_w_m2(const struct sky *s, const struct irradiance *light)
{
	const double side[4] = { s->sun.east, s->sun.north, -s->sun.east, -s->sun.north };
	double sum = 0;
	for (int k = 0; k < 4; k++) {
		struct plane_irradiance on = irradiance_hay_davies(
		    light, side[k], s->sun.up, 0, s->extra_w_m2, s->albedo_frac);
		sum += on.beam_w_m2 + on.sky_w_m2 + on.ground_w_m2;
	}
	return sum / 4;
}

struct heating_air heating_air_of(const struct sky *s)
{
	struct irradiance light = sky_light(s);
	double window_w_m2 = light.ghi_w_m2 > 0 ? upright_w_m2(s, &light) : 0;
	return (struct heating_air){ .outdoor_k = s->ambient_k, .window_w_m2 = window_w_m2 };
}
