#include "models/grid/carbon.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/series.h"

#define KWH_J 3.6e6

struct carbon {
	bool is_marginal;        /* the main figure is */
	struct series *kg_j;     /* NULL: the supply says */
	struct series *marginal; /* beside an average one; NULL: none, or the supply says */
	double quoted_kg_j, quoted_marginal_kg_j;
};

static struct series *read_series(const char *path, int gaps, struct err_list *e)
{
	const struct series_form form = { "g_per_kwh", 1e-3 / KWH_J, 0, (enum series_gaps)gaps };
	return series_read(path, &form, e);
}

static struct series *read_figures(const struct carbon_par *par, struct err_list *e)
{
	if (par->series) return read_series(par->series, par->gaps, e);
	if (par->shape) return series_relative(par->shape, par->intensity_kg_j, e);
	return series_constant(par->intensity_kg_j);
}

/* NULL also when there is none. */
static struct series *read_marginal(const struct carbon_par *par, struct err_list *e)
{
	if (par->marginal_series) return read_series(par->marginal_series, par->gaps, e);
	return isnan(par->marginal_kg_j) ? NULL : series_constant(par->marginal_kg_j);
}

struct carbon *carbon_new(const struct object *o, struct err_list *e)
{
	const struct carbon_par *par = o->par;
	struct carbon *c = mem_new(1, sizeof *c);
	c->is_marginal = par->kind == CARBON_MARGINAL;
	if (par->from == FROM_SUPPLY) return c;
	c->kg_j = read_figures(par, e);
	c->marginal = read_marginal(par, e);
	if (c->kg_j && (c->marginal || !par->marginal_series)) return c;
	carbon_free(c);
	return NULL;
}

void carbon_free(struct carbon *c)
{
	if (!c) return;
	series_free(c->kg_j);
	series_free(c->marginal);
	free(c);
}

void carbon_quote(struct carbon *c, double average_kg_j, double marginal_kg_j)
{
	c->quoted_kg_j = c->is_marginal ? marginal_kg_j : average_kg_j;
	c->quoted_marginal_kg_j = marginal_kg_j;
}

bool carbon_has_marginal(const struct carbon *c)
{
	return c->kg_j ? c->marginal != NULL : !c->is_marginal;
}

bool carbon_covers(const struct carbon *c, double utc_s, double duration_s)
{
	return (!c->kg_j || series_covers(c->kg_j, utc_s, duration_s)) &&
	       (!c->marginal || series_covers(c->marginal, utc_s, duration_s));
}

double carbon_mean(const struct carbon *c, double utc_s, double zone_s, double dt_s)
{
	return c->kg_j ? series_mean(c->kg_j, utc_s, zone_s, dt_s) : c->quoted_kg_j;
}

double carbon_marginal(const struct carbon *c, double utc_s, double zone_s, double dt_s)
{
	if (c->marginal) return series_mean(c->marginal, utc_s, zone_s, dt_s);
	return carbon_has_marginal(c) ? c->quoted_marginal_kg_j : NAN;
}

static void check_marginal(const struct object *o, struct err_list *e)
{
	const struct carbon_par *p = o->par;
	bool figure = !isnan(p->marginal_kg_j), file = p->marginal_series != NULL;
	if (!figure && !file) return;
	const char *where = figure ? "marginal" : "marginal-series";
	if (figure && file)
		err_at(e, object_attr_pos(o, "marginal"),
		    "carbon: a series gives the marginal intensity; leave one of the two out");
	if (p->from == FROM_SUPPLY)
		err_at(e, object_attr_pos(o, where),
		    "carbon: the units of the <supply> give both intensities; leave %s= out or "
		    "write from=\"own\"", where);
	else if (p->kind == CARBON_MARGINAL)
		err_at(e, object_attr_pos(o, where),
		    "carbon: by kind=\"marginal\" the main figures are marginal; leave %s= or "
		    "kind= out", where);
}

static void check_carbon(const struct object *o, struct err_list *e)
{
	const struct carbon_par *p = o->par;
	check_marginal(o, e);
	if (p->from == FROM_SUPPLY) {
		if (!isnan(p->intensity_kg_j) || p->series || p->shape)
			err_at(e, o->pos,
			    "carbon: the units of the <supply> give the intensity; leave "
			    "intensity=, shape= and series= out or write from=\"own\"");
		return;
	}
	if (isnan(p->intensity_kg_j) == !p->series)
		err_at(e, o->pos, p->series ?
		    "carbon: a series gives the intensity; leave one of the two out" :
		    "carbon: write intensity=\"...\" or series=\"...\", or from=\"supply\"");
	if (p->shape && p->series)
		err_at(e, object_attr_pos(o, "shape"),
		    "carbon: a series has its own shape; leave one of the two out");
}

static const struct attr attrs[] = {
	ATTR_QTY(struct carbon_par, intensity_kg_j, "intensity", DIM_CARBON_PER_ENERGY, OPTIONAL, 0,
	    1e-6, "carbon dioxide by energy delivered, on average over the day"),
	ATTR_FILE(struct carbon_par, shape, "shape", OPTIONAL,
	    "CSV of hour,relative: how the intensity goes over the local day"),
	ATTR_FILE(struct carbon_par, series, "series", OPTIONAL,
	    "CSV of utc,g_per_kwh in any regular step, instead of an intensity"),
	ATTR_QTY(struct carbon_par, marginal_kg_j, "marginal", DIM_CARBON_PER_ENERGY, OPTIONAL, 0,
	    1e-6, "marginal intensity, reported beside the average one"),
	ATTR_FILE(struct carbon_par, marginal_series, "marginal-series", OPTIONAL,
	    "CSV of utc,g_per_kwh: marginal intensities, instead of a figure"),
	SERIES_GAPS_ATTR(struct carbon_par, gaps),
	ATTR_ENUM(struct carbon_par, kind, "kind", "average", "average marginal",
	    "whether the figures are average or marginal intensities; reports say which, and of "
	    "a supply it is the one taken"),
	FROM_ATTR(struct carbon_par, from, "intensity"),
	ATTR_END,
};

const struct class carbon_class = {
	.element = "carbon",
	.parents = "scenario",
	.about =
	    "Carbon dioxide of the bulk grid's electricity: constant, over the day, or a series.",
	.par_size = sizeof(struct carbon_par),
	.attrs = attrs,
	.max = 1,
	.check = check_carbon,
};
