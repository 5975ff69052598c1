#include "models/grid/network_csv_split.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/split.h"

static const double default_leg_v = 120; /* ANSI C84.1, table 1: 120/240 V, three wires */

void csv_read_triplex(struct csv_reader *r)
{
	struct triplex c;
	if (!csv_code_name(r, c.name)) return;
	c.self_ohm_m = (csv_number(r, "rs_ohm_km") + I * csv_number(r, "xs_ohm_km")) * 1e-3;
	c.mutual_ohm_m = (csv_number(r, "rm_ohm_km") + I * csv_number(r, "xm_ohm_km")) * 1e-3;
	c.rating = csv_ratings(r);
	r->triplex = mem_grow(r->triplex, r->triplexes, &r->triplex_cap, sizeof *r->triplex);
	r->triplex[r->triplexes++] = c;
}

struct csv_rating csv_triplex_line(struct csv_reader *r, int legs, double complex *z_ohm)
{
	const struct triplex *c = NULL;
	double length_m = csv_positive(r, "length_m");
	for (size_t i = 0; i < r->triplexes; i++)
		if (sheet_is(&r->t, "code", r->triplex[i].name)) c = &r->triplex[i];
	if (!c)
		csv_refuse(
		    r, "code", "is not in triplex.csv, where codes of legs are; add it there");
	for (int i = 0; i < legs * legs && c; i++)
		z_ohm[i] = length_m * (i % (legs + 1) ? c->mutual_ohm_m : c->self_ohm_m);
	return c ? c->rating : (struct csv_rating){ NAN, NAN };
}

static struct split_par read_par(struct csv_reader *r)
{
	struct split_par p = { .s_va = csv_positive(r, "kva") * 1e3,
		.primary_v = csv_positive(r, "kv_from") * 1e3,
		.leg_v = default_leg_v,
		.z_pu = (csv_number(r, "r_pct") + I * csv_positive(r, "x_pct")) / 100 };
	if (creal(p.z_pu) < 0) csv_refuse(r, "r_pct", "must not be below 0");
	if (sheet_has(&r->t, "v_leg")) p.leg_v = csv_positive(r, "v_leg");
	p.no_load_w = csv_no_load_w(r);
	return p;
}

void csv_read_centre_tapped(struct csv_reader *r)
{
	int phase[NET_PHASES], phases = csv_phases(r, "phase", phase);
	struct split_par p = read_par(r);
	uint32_t leg[SPLIT_LEGS];
	if (phases > 2 || (phases && phase[0] >= CSV_LEG)) {
		csv_refuse(r, "phase",
		    "is no primary; write one phase, as a, for one to earth, or two, as ab");
		return;
	}
	for (int k = 0; k < SPLIT_LEGS; k++) leg[k] = csv_node(r, "to", CSV_LEG + k);
	if (!phases) return;
	uint32_t plus = csv_node(r, "from", phase[0]);
	uint32_t minus = phases > 1 ? csv_node(r, "from", phase[1]) : NET_GROUND;
	branch_centre_tapped(r->n, csv_name(r, "name"), plus, minus, leg, &p);
	csv_nameplate(r, p.s_va, p.z_pu, p.no_load_w);
}
