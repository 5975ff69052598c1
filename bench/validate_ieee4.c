/* The IEEE 4 node test feeder: line, transformer, line and a load, for each connection of
 * the transformer (IEEE PES Distribution System Analysis Subcommittee, 2006). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/validate_grid.h"
#include "models/grid/branch.h"
#include "models/grid/flow.h"

enum { NODES = 4, MATRIX = NET_PHASES * NET_PHASES };

/* Series impedance of the lines with three and with four wires. */
struct lines {
	double complex three_ohm_mile[MATRIX], four_ohm_mile[MATRIX];
};

/* The network as it is built: nodes of the four buses. */
struct four {
	struct network *n;
	struct nodal *s;
	uint32_t node[NODES][NET_PHASES];
};

static double complex element_of(const struct sheet *t, int i, int k)
{
	char r[16], x[16];
	char a = (char)('a' + (i < k ? i : k)), b = (char)('a' + (i < k ? k : i));
	snprintf(r, sizeof r, "r_%c%c_ohm_mile", a, b);
	snprintf(x, sizeof x, "x_%c%c_ohm_mile", a, b);
	return sheet_number(t, r) + I * sheet_number(t, x);
}

static bool read_lines(struct validate_job *j, struct lines *l)
{
	static const char *const columns[] = { "wires", "r_aa_ohm_mile", "x_cc_ohm_mile", NULL };
	struct sheet t;
	char *path = validate_table(j, "feeders/ieee4/line_matrices.csv");
	bool good = path && sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t)) {
		double complex *z =
		    sheet_is(&t, "wires", "4") ? l->four_ohm_mile : l->three_ohm_mile;
		for (int i = 0; i < MATRIX; i++)
			z[i] = element_of(&t, i / NET_PHASES, i % NET_PHASES);
	}
	if (path) sheet_close(&t);
	free(path);
	return good;
}

static void add_line(struct four *f, const struct lines *l, const char *name, int from,
    const char *wires, double feet)
{
	static const double b_s[MATRIX] = { 0 };
	const double complex *z = strcmp(wires, "4") ? l->three_ohm_mile : l->four_ohm_mile;
	double complex z_ohm[MATRIX];
	for (int i = 0; i < MATRIX; i++) z_ohm[i] = z[i] * feet / 5280; /* feet of a mile */
	branch_line(f->n, name, NET_PHASES, f->node[from], f->node[from + 1], z_ohm, b_s);
}

/* "GrY-D": D is a delta, Y a wye whose neutral floats, GrY one that is earthed. */
static enum winding winding_of(const char *name, size_t size)
{
	if (size == 1) return *name == 'D' ? WINDING_DELTA : WINDING_WYE;
	return WINDING_EARTHED;
}

static void add_transformer(struct four *f, const struct sheet *t, double from_v, double to_v)
{
	const char *connection = sheet_text(t, "connection"), *dash = strchr(connection, '-');
	size_t first = dash ? (size_t)(dash - connection) : 0;
	struct branch_side from = { winding_of(connection, first), from_v, f->node[1] };
	struct branch_side to = { winding_of(dash ? dash + 1 : "", dash ? strlen(dash + 1) : 0),
		to_v, f->node[2] };
	branch_transformer(f->n, "transformer", &from, &to, sheet_number(t, "kva") * 1e3,
	    (sheet_number(t, "r_pct") + I * sheet_number(t, "x_pct")) / 100, 0);
}

static void add_loads(struct four *f, const struct sheet *t, double v_ll)
{
	bool delta = sheet_is(t, "load_conn", "delta");
	for (int k = 0; k < NET_PHASES; k++) {
		char p[16], pf[16];
		snprintf(p, sizeof p, "p%d_kw", k + 1);
		snprintf(pf, sizeof pf, "pf%d", k + 1);
		double w = sheet_number(t, p) * 1e3;
		struct net_load l = { .name = (char *)"load",
			.plus = f->node[3][k],
			.minus = delta ? f->node[3][(k + 1) % NET_PHASES] : NET_GROUND,
			.s_va = w + I * w * tan(acos(sheet_number(t, pf))),
			.nominal_v = delta ? v_ll : v_ll / sqrt(3),
			.power = 1,
			.low_pu =
			    0.5 }; /* the published flows are of constant power, down to 0.7 */
		network_load(f->n, &l);
	}
}

/* The source is 12.47 kV at either step: the high side of one, the low one of the other. */
static bool build(
    struct validate_job *j, struct four *f, const struct lines *l, const struct sheet *t)
{
	double from_v = sheet_number(t, "kv_high_ll") * 1e3,
	       to_v = sheet_number(t, "kv_low_ll") * 1e3;
	f->n = network_new();
	for (int i = 0; i < NODES; i++) {
		char name[] = { (char)('1' + i), 0 };
		for (int k = 0; k < NET_PHASES; k++)
			f->node[i][k] = network_node(f->n, network_bus(f->n, name), k);
	}
	for (int k = 0; k < NET_PHASES; k++)
		network_source(f->n, f->node[0][k], from_v / sqrt(3) * cexp(-I * 2 * M_PI / 3 * k),
		    from_v / sqrt(3));
	add_line(f, l, "12", 0, sheet_text(t, "line12_wires"), sheet_number(t, "line12_ft"));
	add_transformer(f, t, from_v, to_v);
	add_line(f, l, "34", 2, sheet_text(t, "line34_wires"), sheet_number(t, "line34_ft"));
	add_loads(f, t, to_v);
	network_nominal(f->n);
	f->s = validate_solve(j, f->n, "ieee4");
	return f->s != NULL;
}

/* "V2" a, "V3" ab: voltages; "I12" a, "I34" c: currents into the lines, which are the first
 * and the last element. */
static double complex quantity(const struct four *f, const char *name, const char *phase)
{
	if (*name == 'V') {
		char bus[] = { name[1], 0 };
		return validate_voltage(f->s, network_find(f->n, bus), phase);
	}
	double complex current[NET_TERMINALS];
	flow_currents(&f->n->element[name[1] == '1' ? 0 : 2], nodal_v(f->s), current);
	return current[*phase - 'a'];
}

struct judged {
	struct worst size, angle;
};

/* Two values that the document misprints are marked as such. */
static void compare(const struct four *f, const struct sheet *published, struct judged *g)
{
	if (sheet_is(published, "flag", "disagrees")) return;
	double complex is =
	    quantity(f, sheet_text(published, "quantity"), sheet_text(published, "phase"));
	double size = sheet_number(published, "published_mag");
	double turn = sheet_number(published, "published_angle_deg") * M_PI / 180;
	worst_add(&g->size, cabs(is) / size - 1);
	worst_add(&g->angle, carg(is * cexp(-I * turn)) * 180 / M_PI);
}

static bool is_case(const struct sheet *published, const struct sheet *t)
{
	static const char *const columns[] = { "step", "loading", "connection" };
	bool same = true;
	for (int i = 0; i < 3; i++)
		same &= sheet_is(published, columns[i], sheet_text(t, columns[i]));
	return same;
}

static void compare_case(
    struct validate_job *j, const struct lines *l, const struct sheet *t, struct judged *g)
{
	static const char *const columns[] = { "step", "loading", "connection", "quantity", "phase",
		"published_mag", "published_angle_deg", "flag", NULL };
	struct four f = { 0 };
	struct sheet published;
	char *path = validate_table(j, "feeders/ieee4/published.csv");
	if (path && build(j, &f, l, t) && sheet_open(&published, path, columns, j->e)) {
		while (sheet_next(&published))
			if (is_case(&published, t)) compare(&f, &published, g);
		sheet_close(&published);
	}
	nodal_free(f.s);
	network_free(f.n);
	free(path);
}

void validate_ieee4(struct validate_job *j)
{
	static const char *const columns[] = { "step", "loading", "connection", "kv_high_ll",
		"kv_low_ll", "kva", "r_pct", "x_pct", "line12_wires", "line34_wires", "line12_ft",
		"line34_ft", "load_conn", "p1_kw", "pf1", NULL };
	struct lines l;
	struct judged g = { 0 };
	struct sheet t;
	char *path = validate_table(j, "feeders/ieee4/cases.csv");
	if (path && read_lines(j, &l) && sheet_open(&t, path, columns, j->e)) {
		while (sheet_next(&t)) compare_case(j, &l, &t, &g);
		sheet_close(&t);
	}
	free(path);
	validate_worst(j, "IEEE 4 nodes, 20 transformers: published magnitudes", "published.csv",
	    g.size, "", 0.002);
	validate_worst(j, "IEEE 4 nodes, 20 transformers: published angles", "published.csv",
	    g.angle, "deg", 0.3);
}
