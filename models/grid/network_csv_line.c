#include "models/grid/network_csv_line.h"

#include <math.h>

#include "base/mem.h"
#include "models/grid/branch.h"
#include "models/grid/network_csv_split.h"

void csv_read_code(struct csv_reader *r)
{
	struct code c;
	if (!csv_code_name(r, c.name)) return;
	c.z1_ohm_m = (csv_number(r, "r1_ohm_km") + I * csv_number(r, "x1_ohm_km")) * 1e-3;
	c.z0_ohm_m = (csv_number(r, "r0_ohm_km") + I * csv_number(r, "x0_ohm_km")) * 1e-3;
	c.b_s_m = sheet_has(&r->t, "b_us_km") ? csv_number(r, "b_us_km") * 1e-9 : 0;
	c.rating = csv_ratings(r);
	r->code = mem_grow(r->code, r->codes, &r->code_cap, sizeof *r->code);
	r->code[r->codes++] = c;
}

static double element_of(struct csv_reader *r, const char *quantity, int i, int k)
{
	char column[16];
	if (i >= CSV_LEG) i -= CSV_LEG;
	if (k >= CSV_LEG) k -= CSV_LEG;
	snprintf(column, sizeof column, "%s_%c%c", quantity, 'a' + (i < k ? i : k),
	    'a' + (i < k ? k : i));
	return csv_number(r, column);
}

static void by_matrix(
    struct csv_reader *r, int phases, const int *phase, double complex *z_ohm, double *b_s)
{
	for (int i = 0; i < phases; i++)
		for (int k = 0; k < phases; k++) {
			z_ohm[i * phases + k] = element_of(r, "r_ohm", phase[i], phase[k]) +
						I * element_of(r, "x_ohm", phase[i], phase[k]);
			b_s[i * phases + k] = element_of(r, "b_s", phase[i], phase[k]);
		}
}

/* By the principal minors of the resistances, which none is below 0 of, but for rounding. */
static bool gives_power(int phases, const double complex *z_ohm)
{
	double r[NET_PHASES][NET_PHASES] = { 0 }, most = 0;
	for (int i = 0; i < phases; i++)
		for (int k = 0; k < phases; k++) r[i][k] = creal(z_ohm[i * phases + k]);
	for (int i = 0; i < phases; i++) most = fmax(most, fabs(r[i][i]));
	double det = 0;
	for (int i = 0; i < NET_PHASES; i++) {
		int k = (i + 1) % NET_PHASES, l = (i + 2) % NET_PHASES;
		double minor = r[i][i] * r[k][k] - r[i][k] * r[k][i];
		if (r[i][i] < 0 || minor < -1e-9 * most * most) return true;
		det += r[0][i] * (r[1][k] * r[2][l] - r[1][l] * r[2][k]);
	}
	return det < -1e-9 * most * most * most;
}

/* Phases from sequences: self (z0 + 2 z1) / 3, mutual (z0 - z1) / 3. */
static struct csv_rating by_code(
    struct csv_reader *r, int phases, double complex *z_ohm, double *b_s)
{
	const struct code *c = NULL;
	double length_m = csv_positive(r, "length_m");
	for (size_t i = 0; i < r->codes; i++)
		if (sheet_is(&r->t, "code", r->code[i].name)) c = &r->code[i];
	if (!c) csv_refuse(r, "code", "is not in linecodes.csv; add it there");
	for (int i = 0; i < phases * phases && c; i++) {
		bool self = i / phases == i % phases;
		z_ohm[i] = length_m * (c->z0_ohm_m + (self ? 2 : -1) * c->z1_ohm_m) / 3;
		if (self) b_s[i] = length_m * c->b_s_m;
	}
	return c ? c->rating : (struct csv_rating){ NAN, NAN };
}

/* The line's own come before those of its code; without either it is not judged. */
static void set_ratings(struct csv_reader *r, struct net_element *el, struct csv_rating of_code)
{
	struct csv_rating own = csv_ratings(r);
	el->rating_a = isnan(own.a) ? of_code.a : own.a;
	el->neutral_a = isnan(own.neutral_a) ? of_code.neutral_a : own.neutral_a;
	if (el->terminals < 4) el->neutral_a = NAN; /* one phase: the same current */
}

void csv_read_line(struct csv_reader *r)
{
	size_t before = err_count(r->e);
	int phase[NET_PHASES], phases = csv_phases(r, "phases", phase);
	uint32_t from[NET_PHASES], to[NET_PHASES];
	double complex z_ohm[NET_PHASES * NET_PHASES] = { 0 };
	double b_s[NET_PHASES * NET_PHASES] = { 0 };
	struct csv_rating of_code = { NAN, NAN };
	csv_check_ends(r);
	for (int k = 0; k < phases; k++) {
		from[k] = csv_node(r, "from", phase[k]);
		to[k] = csv_node(r, "to", phase[k]);
	}
	if (sheet_has(&r->t, "code") && phases && phase[0] >= CSV_LEG)
		of_code = csv_triplex_line(r, phases, z_ohm);
	else if (sheet_has(&r->t, "code"))
		of_code = by_code(r, phases, z_ohm, b_s);
	else
		by_matrix(r, phases, phase, z_ohm, b_s);
	if (err_count(r->e) == before && gives_power(phases, z_ohm))
		csv_refuse(r, "name",
		    "gives power: its resistances are below 0, or those between phases more than "
		    "their own; correct them");
	if (err_count(r->e) > before) return;
	if (!branch_line(r->n, csv_name(r, "name"), phases, from, to, z_ohm, b_s))
		csv_refuse(
		    r, "name", "has a singular impedance; where it has none, write a switch");
	else
		set_ratings(r, &r->n->element[r->n->elements - 1], of_code);
}
