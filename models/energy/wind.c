#include "models/energy/wind.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sheet.h"

static const struct attr attrs[] = {
	ATTR_QTY(struct wind_par, capacity_w, "capacity", DIM_POWER, REQUIRED, 1, 1e9, "rating"),
	ATTR_FILE(struct wind_par, curve, "curve", OPTIONAL,
	    "CSV of speed_m_s,share: what it gives of its rating at a density of 1.225 kg/m3; "
	    "when absent, a cubic law between cut-in and rated-speed"),
	/* Typical of turbines of 2 to 3 MW: IEA Wind Task 37 (P. Bortolotti et al. 2019,
	 * NREL/TP-5000-73492), onshore reference turbine: 4, 9.8 and 25 m/s, hub at 110 m. */
	ATTR_QTY(struct wind_par, cut_in_m_s, "cut-in", DIM_SPEED, "4 m/s", 0.5, 10,
	    "wind at which the cubic law begins"),
	ATTR_QTY(struct wind_par, rated_m_s, "rated-speed", DIM_SPEED, "9.8 m/s", 2, 30,
	    "wind at which the cubic law reaches the rating"),
	ATTR_QTY(struct wind_par, cut_out_m_s, "cut-out", DIM_SPEED, "25 m/s", 5, 60,
	    "wind at the hub above which it stops"),
	/* 3 m/s below: T. Burton et al. 2011, Wind Energy Handbook, 2nd ed., 8.1.5. */
	ATTR_QTY(struct wind_par, restart_m_s, "restart", DIM_SPEED, "22 m/s", 2, 60,
	    "wind at the hub below which it starts again after a storm"),
	ATTR_QTY(struct wind_par, hub_m, "hub", DIM_LENGTH, "110 m", 2, 300, "height of the hub"),
	/* WMO-No. 8 (2018), part I, 5.9.2: 10 m above open ground. */
	ATTR_QTY(struct wind_par, measured_m, "measured", DIM_LENGTH, "10 m", 1, 300,
	    "height at which the weather's wind is given"),
	ATTR_QTY(struct wind_par, shear, "shear", DIM_NUMBER, "0.143", 0, 0.6,
	    "exponent of the wind's growth with height: 0.143 open land, 0.1 water, 0.3 towns"),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct wind_par *p = o->par;
	if (!p->curve && p->cut_in_m_s >= p->rated_m_s)
		err_at(e, object_attr_pos(o, "rated-speed"),
		    "wind: rated-speed must be above cut-in, %g m/s", p->cut_in_m_s);
	if (p->restart_m_s > p->cut_out_m_s)
		err_at(e, object_attr_pos(o, "restart"),
		    "wind: restart must not be above cut-out, %g m/s", p->cut_out_m_s);
	struct wind_turbine t;
	wind_turbine_init(&t, p, e);
	wind_turbine_fini(&t);
}

const struct class wind_class = {
	.element = "wind",
	.parents = "datacentre",
	.about = "A wind turbine.",
	.par_size = sizeof(struct wind_par),
	.attrs = attrs,
	.check = check,
};

static void add_point(struct wind_turbine *t, const struct sheet *s, struct err_list *e)
{
	double v = sheet_number(s, "speed_m_s"), share = sheet_number(s, "share");
	size_t n = t->points;
	if (!(v >= 0) || (n && v <= t->v_m_s[n - 1]))
		err_at(e, sheet_pos(s), "wind: speeds must rise from 0 or more; sort the rows");
	else if (!(share >= 0 && share <= 1))
		err_at(e, sheet_pos(s), "wind: a share is 0 to 1; divide the powers by the rating");
	else if (n == WIND_CURVE_MAX)
		err_at(e, sheet_pos(s), "wind: a curve has at most %d rows", WIND_CURVE_MAX);
	else {
		t->v_m_s[n] = v;
		t->share_frac[n] = share;
		t->points++;
	}
}

bool wind_turbine_init(struct wind_turbine *t, const struct wind_par *par, struct err_list *e)
{
	static const char *const columns[] = { "speed_m_s", "share", NULL };
	*t = (struct wind_turbine){
		.par = par,
		.hub_factor = pow(par->hub_m / par->measured_m, par->shear),
	};
	if (!par->curve) return true;
	size_t before = err_count(e);
	t->v_m_s = mem_new(WIND_CURVE_MAX, sizeof *t->v_m_s);
	t->share_frac = mem_new(WIND_CURVE_MAX, sizeof *t->share_frac);
	struct sheet s;
	bool good = sheet_open(&s, par->curve, columns, e);
	while (good && err_count(e) == before && sheet_next(&s)) add_point(t, &s, e);
	if (err_count(e) == before && t->points < 2)
		err_at(
		    e, (struct err_pos){ par->curve, 0, 0 }, "wind: a curve has two rows or more");
	sheet_close(&s);
	return err_count(e) == before;
}

void wind_turbine_fini(struct wind_turbine *t)
{
	free(t->v_m_s);
	free(t->share_frac);
}

double wind_air_density_kg_m3(double air_k, double pressure_pa)
{
	const double gas_j_kgk = 287.05; /* of dry air: IEC 61400-12-1:2017, eq. 3 */
	return pressure_pa / (gas_j_kgk * air_k);
}

static double cubic_frac(const struct wind_par *p, double v)
{
	double in = p->cut_in_m_s, rated = p->rated_m_s;
	if (v <= in) return 0;
	if (v >= rated) return 1;
	return (v * v * v - in * in * in) / (rated * rated * rated - in * in * in);
}

/* Straight lines between the points; nothing below the first, the last beyond. */
static double table_frac(const struct wind_turbine *t, double v)
{
	size_t last = t->points - 1, i = 0;
	if (v < t->v_m_s[0]) return 0;
	if (v >= t->v_m_s[last]) return t->share_frac[last];
	while (v >= t->v_m_s[i + 1]) i++;
	double x = (v - t->v_m_s[i]) / (t->v_m_s[i + 1] - t->v_m_s[i]);
	return t->share_frac[i] + x * (t->share_frac[i + 1] - t->share_frac[i]);
}

double wind_turbine_w(const struct wind_turbine *t, struct wind_state *s, double v_m_s,
    double air_k, double pressure_pa)
{
	const struct wind_par *p = t->par;
	assert(v_m_s >= 0 && air_k > 0 && pressure_pa > 0);
	double hub_m_s = v_m_s * t->hub_factor;
	if (hub_m_s > p->cut_out_m_s)
		s->stormy = true;
	else if (hub_m_s < p->restart_m_s)
		s->stormy = false;
	if (s->stormy) return 0;
	double density = wind_air_density_kg_m3(air_k, pressure_pa);
	double v_eq = hub_m_s * cbrt(density / WIND_DENSITY_KG_M3);
	return p->capacity_w * (t->points ? table_frac(t, v_eq) : cubic_frac(p, v_eq));
}
