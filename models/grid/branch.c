#include "models/grid/branch.h"

#include <assert.h>
#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_linalg.h>
#include <math.h>

const char *const winding_name[WINDING_KINDS] = { "wye", "floating-wye", "delta" };

/* ---- lines ---- */

static double complex from_gsl(gsl_complex z)
{
	return GSL_REAL(z) + I * GSL_IMAG(z);
}

/* y = 1 / z; false when there is none. */
static bool invert(int phases, const double complex *z, double complex *y)
{
	double lu_data[2 * NET_PHASES * NET_PHASES], inverse_data[2 * NET_PHASES * NET_PHASES];
	size_t size = (size_t)phases, order_data[NET_PHASES];
	gsl_matrix_complex_view lu = gsl_matrix_complex_view_array(lu_data, size, size);
	gsl_matrix_complex_view inverse = gsl_matrix_complex_view_array(inverse_data, size, size);
	gsl_permutation order = { size, order_data };
	int sign;
	for (size_t i = 0; i < size * size; i++)
		gsl_matrix_complex_set(
		    &lu.matrix, i / size, i % size, gsl_complex_rect(creal(z[i]), cimag(z[i])));
	gsl_linalg_complex_LU_decomp(&lu.matrix, &order, &sign);
	if (!(gsl_linalg_complex_LU_lndet(&lu.matrix) > -INFINITY)) return false;
	gsl_linalg_complex_LU_invert(&lu.matrix, &order, &inverse.matrix);
	for (size_t i = 0; i < size * size; i++)
		y[i] = from_gsl(gsl_matrix_complex_get(&inverse.matrix, i / size, i % size));
	return true;
}

static void fill_line(
    struct net_element *el, int phases, const double complex *y, const double *b_s)
{
	int all = 2 * phases;
	for (int i = 0; i < phases; i++)
		for (int k = 0; k < phases; k++) {
			double complex series = y[i * phases + k],
				       half = I * b_s[i * phases + k] / 2;
			el->y[i * all + k] = series + half;
			el->y[(i + phases) * all + k + phases] = series + half;
			el->y[i * all + k + phases] = -series;
			el->y[(i + phases) * all + k] = -series;
		}
}

bool branch_line(struct network *n, const char *name, int phases, const uint32_t *from,
    const uint32_t *to, const double complex *z_ohm, const double *b_s)
{
	double complex y[NET_PHASES * NET_PHASES];
	assert(phases >= 1 && phases <= NET_PHASES);
	if (!invert(phases, z_ohm, y)) return false;
	struct net_element *el =
	    network_element(n, name, NET_LINE, 2 * (uint32_t)phases, (uint32_t)phases);
	fill_line(el, phases, y, b_s);
	for (int i = 0; i < phases; i++) {
		bool earthed = b_s[i * phases + i] != 0;
		el->node[i] = from[i];
		el->node[i + phases] = to[i];
		el->section[i] = el->section[i + phases] = earthed ? NET_EARTHED : (uint8_t)i;
	}
	return true;
}

void branch_supply(struct network *n, uint32_t bus, double complex v, double nominal_v,
    double complex z_ohm)
{
	double complex z[NET_PHASES * NET_PHASES] = { 0 };
	double b_s[NET_PHASES * NET_PHASES] = { 0 };
	uint32_t at[NET_PHASES], held = z_ohm != 0 ? network_bus(n, "(ideal source)") : bus;
	uint32_t behind[NET_PHASES];
	for (int k = 0; k < NET_PHASES; k++) {
		at[k] = network_node(n, bus, k);
		behind[k] = network_node(n, held, k);
		z[k * NET_PHASES + k] = z_ohm;
		network_source(n, behind[k], v * cexp(-I * 2 * M_PI / 3 * k), nominal_v);
	}
	if (held == bus) return;
	branch_line(n, "source impedance", NET_PHASES, behind, at, z, b_s);
	n->element[n->elements - 1].kind = NET_SUPPLY;
}

/* ---- transformers ---- */

/* Terminals that a unit's coil lies between. */
struct coil {
	int plus, minus; /* minus < 0: earth */
};

/* Phases at the ends of the coil of unit k in a delta. Of the low side, and of both
 * sides where both are in delta: ab, bc, ca; of a high side above a wye: ac, ba, cb,
 * which is 30 degrees behind phase a. */
static struct coil delta_coil(int unit, bool leads)
{
	return (struct coil){ unit, (unit + (leads ? 1 : 2)) % NET_PHASES };
}

static struct coil coil_of(enum winding w, int unit, bool leads, int first, int neutral)
{
	struct coil c = { unit, w == WINDING_EARTHED ? -1 : neutral - first };
	if (w == WINDING_DELTA) c = delta_coil(unit, leads);
	return (struct coil){ first + c.plus, c.minus < 0 ? -1 : first + c.minus };
}

static double coil_v(const struct branch_side *s)
{
	return s->winding == WINDING_DELTA ? s->v_ll_v : s->v_ll_v / sqrt(3);
}

/* Of a unit: series admittance y_s seen from the side `to`, coils of ratio : 1. */
static void add_unit(
    struct net_element *el, struct coil from, struct coil to, double ratio, double complex y_s)
{
	int terminal[] = { from.plus, from.minus, to.plus, to.minus };
	double weight[] = { 1 / ratio, -1 / ratio, -1, 1 };
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 4; k++)
			if (terminal[i] >= 0 && terminal[k] >= 0)
				el->y[terminal[i] * (int)el->terminals + terminal[k]] +=
				    weight[i] * weight[k] * y_s;
}

static void add_core(struct net_element *el, struct coil at, double g_s)
{
	int all = (int)el->terminals;
	el->y[at.plus * all + at.plus] += g_s;
	if (at.minus < 0) return;
	el->y[at.minus * all + at.minus] += g_s;
	el->y[at.plus * all + at.minus] -= g_s;
	el->y[at.minus * all + at.plus] -= g_s;
}

static void fill_side(struct net_element *el, const struct branch_side *s, int first, int neutral)
{
	for (int k = 0; k < NET_PHASES; k++) {
		el->node[first + k] = s->node[k];
		el->section[first + k] =
		    s->winding == WINDING_EARTHED ? NET_EARTHED : (uint8_t)first;
	}
	if (s->winding != WINDING_WYE) return;
	el->section[neutral] = (uint8_t)first;
	el->ratio[neutral] = 0;
}

void branch_transformer(struct network *n, const char *name, const struct branch_side *from,
    const struct branch_side *to, double s_va, double complex z_pu, double no_load_w)
{
	bool floats[] = { from->winding == WINDING_WYE, to->winding == WINDING_WYE };
	uint32_t neutral[2] = { NET_NONE, NET_NONE };
	for (int i = 0; i < 2; i++)
		if (floats[i]) neutral[i] = network_neutral(n);
	int at[] = { 2 * NET_PHASES, 2 * NET_PHASES + floats[0] };
	struct net_element *el = network_element(n, name, NET_TRANSFORMER,
	    2 * NET_PHASES + (uint32_t)(floats[0] + floats[1]), NET_PHASES);
	fill_side(el, from, 0, at[0]);
	fill_side(el, to, NET_PHASES, at[1]);
	for (int i = 0; i < 2; i++)
		if (floats[i]) el->node[at[i]] = neutral[i];
	for (int k = 0; k < NET_PHASES; k++) el->ratio[NET_PHASES + k] = to->v_ll_v / from->v_ll_v;

	bool from_high = from->v_ll_v >= to->v_ll_v;
	bool both_delta = from->winding == WINDING_DELTA && to->winding == WINDING_DELTA;
	double v = coil_v(to);
	double complex y_s = s_va / NET_PHASES / (z_pu * v * v);
	double core_s = no_load_w / NET_PHASES / (coil_v(from) * coil_v(from));
	for (int k = 0; k < NET_PHASES; k++) {
		struct coil coil = coil_of(from->winding, k, both_delta || !from_high, 0, at[0]);
		add_unit(el, coil,
		    coil_of(to->winding, k, both_delta || from_high, NET_PHASES, at[1]),
		    coil_v(from) / v, y_s);
		add_core(el, coil, core_s);
	}
}

void branch_tapped(struct network *n, const char *name, uint32_t from, uint32_t to,
    double complex z_ohm, double b_s, double complex tap)
{
	struct net_element *el = network_element(n, name, NET_LINE, 2, 1);
	double complex y = 1 / z_ohm, end = y + I * b_s / 2;
	el->node[0] = from;
	el->node[1] = to;
	el->section[0] = el->section[1] = b_s != 0 || tap != 1 ? NET_EARTHED : 0;
	el->y[0] = end / (tap * conj(tap));
	el->y[1] = -y / conj(tap);
	el->y[2] = -y / tap;
	el->y[3] = end;
}

void branch_shunt(
    struct network *n, const char *name, uint32_t plus, uint32_t minus, double complex y_s)
{
	struct net_element *el = network_element(n, name, NET_SHUNT, 2, 1);
	el->node[0] = plus;
	el->node[1] = minus;
	el->y[0] = el->y[3] = y_s;
	el->y[1] = el->y[2] = -y_s;
	el->section[0] = el->section[1] = minus == NET_GROUND ? NET_EARTHED : 0;
}
