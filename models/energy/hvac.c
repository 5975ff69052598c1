#include "models/energy/hvac.h"

#include <math.h>
#include <string.h>

#include "base/sheet.h"
#include "models/energy/envelope.h"

struct hvac_factors hvac_built_in(double outdoor_k)
{
	double f = kelvin_f(outdoor_k);
	double h = fmin(f, 80), c = fmax(f, 40);
	return (struct hvac_factors){
		.heat_capacity = fmax(0.34148808 + f * (0.00894102 + f * 0.00010787), 0),
		.heat_cop =
		    1 / (2.03914613 + h * (-0.03906753 + h * (0.00045617 - h * 0.00000203))),
		.cool_capacity = fmax(1.48924533 - 0.00514995 * f, 0),
		.cool_cop = 1 / (-0.01363961 + 0.01066989 * c),
	};
}

static const char *const columns[] = { "outdoor_degc", "heat_capacity", "heat_cop",
	"cool_capacity", "cool_cop", NULL };

static bool is_good(const struct hvac_factors *f)
{
	return f->heat_capacity >= 0 && f->heat_capacity <= 4 && f->heat_cop > 0 &&
	    f->heat_cop <= 4 && f->cool_capacity >= 0 && f->cool_capacity <= 4 &&
	    f->cool_cop > 0 && f->cool_cop <= 4;
}

static void read_point(const struct sheet *t, struct hvac_curve *c, struct err_list *e)
{
	double outdoor_k = sheet_number(t, "outdoor_degc") + 273.15;
	struct hvac_factors f = {
		sheet_number(t, "heat_capacity"),
		sheet_number(t, "heat_cop"),
		sheet_number(t, "cool_capacity"),
		sheet_number(t, "cool_cop"),
	};
	if (c->n == HVAC_POINTS_MAX) {
		err_at(e, sheet_pos(t), "more than %d points; leave some out",
		    HVAC_POINTS_MAX);
		return;
	}
	if (!is_good(&f)) {
		err_at(e, sheet_pos(t),
		    "factors of capacity lie in 0 to 4, those of COP above 0 up to 4: they are "
		    "relative to the rated ones");
		return;
	}
	if (!(outdoor_k > 173.15 && outdoor_k < 353.15) ||
	    (c->n > 0 && outdoor_k <= c->outdoor_k[c->n - 1])) {
		err_at(e, sheet_pos(t),
		    "outdoor_degc must rise from row to row, within -100 to 80; sort the rows");
		return;
	}
	c->outdoor_k[c->n] = outdoor_k;
	c->at[c->n++] = f;
}

bool hvac_curve_read(const char *path, struct hvac_curve *c, struct err_list *e)
{
	struct sheet t;
	size_t before = err_count(e);
	*c = (struct hvac_curve){ 0 };
	bool good = sheet_open(&t, path, columns, e);
	while (good && sheet_next(&t)) read_point(&t, c, e);
	if (good && err_count(e) == before && c->n < 2)
		err_at(e, (struct err_pos){ .file = path, .line = 1 },
		    "a curve has at least two rows; add points");
	sheet_close(&t);
	return err_count(e) == before;
}

struct hvac_factors hvac_factors_at(const struct hvac_curve *c, double outdoor_k)
{
	if (!c->n) return hvac_built_in(outdoor_k);
	int i = 0;
	while (i < c->n - 2 && outdoor_k > c->outdoor_k[i + 1]) i++;
	const struct hvac_factors *a = &c->at[i], *b = &c->at[i + 1];
	double x = (outdoor_k - c->outdoor_k[i]) / (c->outdoor_k[i + 1] - c->outdoor_k[i]);
	x = fmin(fmax(x, 0), 1);
	return (struct hvac_factors){
		a->heat_capacity + x * (b->heat_capacity - a->heat_capacity),
		a->heat_cop + x * (b->heat_cop - a->heat_cop),
		a->cool_capacity + x * (b->cool_capacity - a->cool_capacity),
		a->cool_cop + x * (b->cool_cop - a->cool_cop),
	};
}

double hvac_sensible_frac(double latent, double humidity_frac)
{
	return 1 / (1.1 + latent / (1 + exp(4 - 10 * humidity_frac)));
}

struct hvac_rates hvac_rates_at(const struct hvac_unit *u, const struct hvac_curve *c,
    double outdoor_k)
{
	struct hvac_factors f = hvac_factors_at(c, outdoor_k);
	double heat = u->resistance ? 1 : f.heat_capacity;
	double heat_cop = u->resistance ? 1 : fmax(u->heat_cop * f.heat_cop, 1);
	struct hvac_rates r = { { 0 }, { 0 } };
	r.heat[HVAC_HEAT] = heat + u->fan_frac;
	r.electric[HVAC_HEAT] = heat / heat_cop + u->fan_frac;
	r.heat[HVAC_COOL] = u->fan_frac - u->sensible_frac * f.cool_capacity;
	r.electric[HVAC_COOL] = f.cool_capacity / (u->cool_cop * f.cool_cop) + u->fan_frac;
	return r;
}

struct hvac_design hvac_design_make(double floor_m2, double aperture_m2, double hot_k,
    double cold_k)
{
	const double ft2 = FOOT_M * FOOT_M;
	return (struct hvac_design){
		.hot_k = hot_k,
		.cold_k = cold_k,
		.inside_hot_k = fahrenheit_k(75),
		.inside_cold_k = fahrenheit_k(70),
		.gains_w = 167.09 * pow(floor_m2 / ft2, 0.442) * BTU_H_W,
		.sun_w = 195 * BTU_H_W * aperture_m2 / ft2,
	};
}

/* A product that should be a whole number stays it. */
static double round_up(double x, double unit)
{
	return ceil(x / unit - 1e-9) * unit;
}

double hvac_cooling_w(const struct hvac_design *d, double ua_w_k)
{
	double load_w = ua_w_k * (d->hot_k - d->inside_hot_k) + d->gains_w + d->sun_w;
	return round_up(1.3 * fmax(load_w, 0), 6000 * BTU_H_W);
}

double hvac_heat_pump_w(const struct hvac_design *d, double ua_w_k, double factor)
{
	double loss_w = ua_w_k * fmax(d->inside_cold_k - d->cold_k, 0);
	double cold_w = round_up(loss_w / fmax(factor, 0.1), 6000 * BTU_H_W);
	return fmax(hvac_cooling_w(d, ua_w_k), cold_w);
}

double hvac_resistance_w(const struct hvac_design *d, double ua_w_k)
{
	return round_up(1.2 * ua_w_k * fmax(d->inside_cold_k - d->cold_k, 0), 1000);
}
