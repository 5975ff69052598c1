#include "tests/tariff_bed.h"

#include <math.h>
#include <string.h>

#include "tests/unit.h"

void tariff_bed_init(struct tariff_bed *x)
{
	*x = (struct tariff_bed){ .e = err_new() };
	x->par = (struct tariff_par){ .name = "t", .price_per_j = 31, .export_per_j = 8,
		.window_s = 900, .series_per_j = NAN, .scale = 1, .column = "price",
		.credit_ends = 12 };
	x->tariff = (struct object){ .cls = &tariff_class, .par = &x->par, .pos = { "t.xml", 1, 1 },
		.attr_pos = x->pos };
}

void tariff_bed_fini(struct tariff_bed *x)
{
	tariff_free(x->t);
	err_free(x->e);
}

static void add(struct tariff_bed *x, const struct class *cls, void *par)
{
	int k = x->children++;
	cr_assert(lt(int, k, TARIFF_BED_MOST));
	x->child[k] = (struct object){ .cls = cls, .par = par, .pos = { "t.xml", k + 2, 3 },
		.attr_pos = x->pos };
	if (k > 0) x->child[k - 1].next = &x->child[k];
	else x->tariff.child = &x->child[k];
}

void tariff_bed_period(struct tariff_bed *x, struct period_par p)
{
	x->period[x->children] = p;
	add(x, &period_class, &x->period[x->children]);
}

void tariff_bed_tier(struct tariff_bed *x, struct tier_par p)
{
	x->tier[x->children] = p;
	add(x, &tier_class, &x->tier[x->children]);
}

void tariff_bed_charge(struct tariff_bed *x, struct demand_charge_par p)
{
	x->charge[x->children] = p;
	add(x, &demand_charge_class, &x->charge[x->children]);
}

void tariff_bed_build(struct tariff_bed *x, double zone_s)
{
	x->t = tariff_new(&x->tariff, zone_s, x->e);
	cr_assert_not_null(x->t);
}

static const char *faults_of(const struct object *o)
{
	static char shown[1024];
	struct err_list *e = err_new();
	o->cls->check(o, e);
	memset(shown, 0, sizeof shown);
	FILE *f = fmemopen(shown, sizeof shown - 1, "w");
	err_print(e, f);
	fclose(f);
	err_free(e);
	return shown;
}

const char *tariff_bed_faults(const struct tariff_bed *x)
{
	return faults_of(&x->tariff);
}

const char *tariff_bed_child_faults(const struct tariff_bed *x)
{
	return faults_of(&x->child[x->children - 1]);
}
