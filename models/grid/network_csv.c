#include "models/grid/network_csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "models/grid/branch.h"
#include "models/grid/network_csv_control.h"
#include "models/grid/network_csv_field.h"
#include "models/grid/network_csv_line.h"
#include "models/grid/network_csv_split.h"
#include "models/grid/regulator.h"

/* ---- source ---- */

/* Beyond the highest of any grid, 1150 kV, and what a source is ever set to. */
static const double kv_max = 2000, v_pu_min = 0.5, v_pu_max = 1.5;

static double grid_v(struct csv_reader *r, const char *column)
{
	double kv = csv_positive(r, column);
	if (kv > kv_max) csv_refuse(r, column, "is no voltage of a grid; write kV, as 20");
	return kv * 1e3;
}

static double held_pu(struct csv_reader *r)
{
	double pu = csv_positive(r, "v_pu");
	if (pu < v_pu_min || pu > v_pu_max)
		csv_refuse(r, "v_pu", "is no part of the nominal voltage; write 0.5 to 1.5");
	return pu;
}

/* Behind an impedance whose zero sequence is taken to be the same. */
static double complex source_ohm(struct csv_reader *r, double v_v)
{
	if (!sheet_has(&r->t, "isc3_a")) return 0;
	double z_ohm = v_v / csv_positive(r, "isc3_a"), x_r = csv_positive(r, "x_over_r");
	return z_ohm * (1 + I * x_r) / sqrt(1 + x_r * x_r);
}

/* What hangs below another network has that for its source. */
static void read_source_below(struct csv_reader *r)
{
	double nominal_v = grid_v(r, "kv_ll") / sqrt(3);
	double above_v = network_find(r->n, r->above)->nominal_v;
	if (fabs(nominal_v - above_v) > 1e-3 * above_v)
		csv_refuse(r, "kv_ll", "is not the voltage of the bus that it hangs below");
	if (r->source_bus) csv_refuse(r, "bus", "is a second source; one bus hangs below another");
	else r->source_bus = mem_text(sheet_text(&r->t, "bus"));
}

static void read_source(struct csv_reader *r)
{
	if (r->above) {
		read_source_below(r);
		return;
	}
	double nominal_v = grid_v(r, "kv_ll") / sqrt(3);
	double v_v = nominal_v * held_pu(r);
	double angle = sheet_has(&r->t, "angle_a_deg") ? csv_number(r, "angle_a_deg") : 0;
	double complex z_ohm = source_ohm(r, nominal_v);
	uint32_t at[NET_PHASES];
	csv_side(r, "bus", at);
	branch_supply(
	    r->n, r->n->node[at[0]].bus, v_v * cexp(I * angle * M_PI / 180), nominal_v, z_ohm);
}

/* ---- transformers, regulators, switches ---- */

static enum winding winding_of(struct csv_reader *r, const char *column)
{
	for (int w = 0; w < WINDING_KINDS; w++)
		if (sheet_is(&r->t, column, winding_name[w])) return (enum winding)w;
	csv_refuse(r, column, "is no connection; write wye, floating-wye or delta");
	return WINDING_EARTHED;
}

/* Vector groups (IEC 60076-1) that shift as branch_transformer does. */
static const struct vector_group {
	const char *name;
	double clock;
	enum winding from, to;
} vector_groups[] = {
	{ "Dyn", 1, WINDING_DELTA, WINDING_EARTHED },
	{ "Dy", 1, WINDING_DELTA, WINDING_WYE },
	{ "Yd", 1, WINDING_WYE, WINDING_DELTA },
	{ "YNd", 1, WINDING_EARTHED, WINDING_DELTA },
	{ "YNyn", 0, WINDING_EARTHED, WINDING_EARTHED },
	{ "Dd", 0, WINDING_DELTA, WINDING_DELTA },
};

static void read_windings(struct csv_reader *r, struct branch_side *from, struct branch_side *to)
{
	if (!sheet_has(&r->t, "conn")) {
		from->winding = winding_of(r, "conn_from");
		to->winding = winding_of(r, "conn_to");
		return;
	}
	double clock = csv_number(r, "clock_h");
	for (size_t i = 0; i < sizeof vector_groups / sizeof *vector_groups; i++) {
		const struct vector_group *g = &vector_groups[i];
		if (!sheet_is(&r->t, "conn", g->name) || clock != g->clock) continue;
		from->winding = g->from;
		to->winding = g->to;
		return;
	}
	csv_refuse(r, "conn",
	    "with that clock_h is not known; hearth knows Dyn1, Dy1, Yd1, YNd1, "
	    "YNyn0 and Dd0");
}

static void read_transformer(struct csv_reader *r)
{
	uint32_t a[NET_PHASES], b[NET_PHASES];
	struct branch_side from = { 0, grid_v(r, "kv_from"), a };
	struct branch_side to = { 0, grid_v(r, "kv_to"), b };
	double s_va = csv_positive(r, "kva") * 1e3;
	double complex z_pu = (csv_number(r, "r_pct") + I * csv_positive(r, "x_pct")) / 100;
	double no_load_w = csv_no_load_w(r);
	if (creal(z_pu) < 0) csv_refuse(r, "r_pct", "must not be below 0");
	csv_check_ends(r);
	csv_side(r, "from", a);
	csv_side(r, "to", b);
	read_windings(r, &from, &to);
	branch_transformer(r->n, csv_name(r, "name"), &from, &to, s_va, z_pu, no_load_w);
	csv_nameplate(r, s_va, z_pu, no_load_w);
}

static void read_regulator(struct csv_reader *r)
{
	int phase[NET_PHASES], phases = csv_phases(r, "phase", phase);
	double tap = csv_number(r, "tap"), ratio = 1 + REGULATOR_STEP_PU * tap;
	bool open_delta = sheet_is(&r->t, "conn", "open-delta");
	if (!open_delta && !sheet_is(&r->t, "conn", "wye"))
		csv_refuse(r, "conn", "is no connection of regulators; write wye or open-delta");
	if (phases && phases != 1 + open_delta)
		csv_refuse(
		    r, "phase", "does not fit; write one phase in wye, two, as ab, in open-delta");
	if (phases && phase[0] >= CSV_LEG)
		csv_refuse(
		    r, "phase", "is a leg; regulators stand before centre-tapped transformers");
	csv_check_ends(r);
	if (phases != 1 + open_delta) return;
	struct net_tie tie = { csv_node(r, "to", phase[0]), 1, { csv_node(r, "from", phase[0]) },
		{ ratio } };
	if (open_delta) {
		tie.terms = 2;
		tie.from[1] = csv_node(r, "from", phase[1]);
		tie.weight[1] = 1 - ratio;
	}
	network_tie(r->n, &tie);
	csv_regulator_control(r, tap);
}

static void read_switch(struct csv_reader *r)
{
	int phase[NET_PHASES], phases = csv_phases(r, "phases", phase);
	bool closed = sheet_is(&r->t, "state", "closed");
	if (!closed && !sheet_is(&r->t, "state", "open"))
		csv_refuse(r, "state", "is neither open nor closed");
	csv_check_ends(r);
	for (int k = 0; k < phases; k++) {
		uint32_t a = csv_node(r, "from", phase[k]), b = csv_node(r, "to", phase[k]);
		if (closed) network_join(r->n, a, b);
	}
}

/* ---- loads and capacitors ---- */

static const char *conn_of(const struct csv_reader *r)
{
	return sheet_has(&r->t, "conn") ? sheet_text(&r->t, "conn") : "wye";
}

/* "a" is from a phase to earth, "ab" between two, as "1" and "12" of legs, which need no
 * conn for it; false after a fault. */
static bool read_ends(struct csv_reader *r, uint32_t *plus, uint32_t *minus)
{
	int phase[NET_PHASES], phases = csv_phases(r, "phase", phase);
	bool delta = !strcmp(conn_of(r), "delta");
	if (phases == 2 && phase[0] >= CSV_LEG) delta = true;
	if (!delta && strcmp(conn_of(r), "wye")) csv_refuse(r, "conn", "is neither wye nor delta");
	if (phases && phases != 1 + delta)
		csv_refuse(
		    r, "phase", "does not fit; write one phase in wye, two, as ab, in delta");
	if (phases != 1 + delta) return false;
	*plus = csv_node(r, "bus", phase[0]);
	*minus = delta ? csv_node(r, "bus", phase[1]) : NET_GROUND;
	return true;
}

static double complex power_of(struct csv_reader *r)
{
	if (sheet_has(&r->t, "kw")) return 1e3 * (csv_number(r, "kw") + I * csv_number(r, "kvar"));
	double pf = csv_positive(r, "pf_lagging"), w = 1e3 * csv_number(r, "kw_peak");
	if (pf > 1) {
		csv_refuse(r, "pf_lagging", "must be at most 1");
		pf = 1;
	}
	return w + I * w * tan(acos(pf));
}

/* Loads of one name that follow each other are one customer's. */
static bool is_same_customer(const struct network *n, const char *name)
{
	return *name && n->loads && !strcmp(n->load[n->loads - 1].name, name);
}

static void read_load(struct csv_reader *r)
{
	struct net_load l = { .name = (char *)csv_name(r, "name") };
	const char *model = sheet_has(&r->t, "model") ? sheet_text(&r->t, "model") : "PQ";
	if (!read_ends(r, &l.plus, &l.minus)) return;
	if (!strcmp(model, "PQ"))
		l.power = 1;
	else if (!strcmp(model, "I"))
		l.current = 1;
	else if (!strcmp(model, "Z"))
		l.impedance = 1;
	else
		csv_refuse(r, "model", "is no model of loads; write PQ, I or Z");
	l.s_va = power_of(r);
	if (sheet_has(&r->t, "kv_nominal")) l.nominal_v = 1e3 * csv_positive(r, "kv_nominal");
	bool more = is_same_customer(r->n, l.name);
	network_load(r->n, &l);
	network_customer(r->n, more);
}

static void read_capacitor(struct csv_reader *r)
{
	uint32_t plus, minus;
	double v = 1e3 * csv_positive(r, "kv_nominal"), var = 1e3 * csv_number(r, "kvar");
	if (read_ends(r, &plus, &minus))
		branch_shunt(r->n, csv_name(r, "bus"), plus, minus, I * var / (v * v));
}

/* Of two phases, and of two legs, by one to earth. */
static double between_pu(const struct network *n, uint32_t node)
{
	return n->bus[n->node[node].bus]->split ? 2 : sqrt(3);
}

/* Where the table does not say: the nominal voltage of the bus. */
static void give_nominal(struct network *n)
{
	for (size_t i = 0; i < n->loads; i++) {
		struct net_load *l = &n->load[i];
		if (l->nominal_v == 0)
			l->nominal_v = n->node[l->plus].nominal_v *
				       (l->minus == NET_GROUND ? 1 : between_pu(n, l->plus));
	}
}

/* ---- tables ---- */

/* Columns: NULL at the end; of `either`, one set, told by its first. */
struct part {
	const char *file;
	void (*row)(struct csv_reader *r);
	const char *columns[8], *either[2][19];
};

static const struct part parts[] = {
	{ "source.csv", read_source, { "bus", "kv_ll", "v_pu" } },
	{ "linecodes.csv", csv_read_code,
	    { "code", "r1_ohm_km", "x1_ohm_km", "r0_ohm_km", "x0_ohm_km" } },
	{ "triplex.csv", csv_read_triplex,
	    { "code", "rs_ohm_km", "xs_ohm_km", "rm_ohm_km", "xm_ohm_km" } },
	{ "lines.csv", csv_read_line, { "name", "from", "to", "phases" },
	    { { "code", "length_m" },
		{ "r_ohm_aa", "r_ohm_ab", "r_ohm_ac", "r_ohm_bb", "r_ohm_bc", "r_ohm_cc",
		    "x_ohm_aa", "x_ohm_ab", "x_ohm_ac", "x_ohm_bb", "x_ohm_bc", "x_ohm_cc",
		    "b_s_aa", "b_s_ab", "b_s_ac", "b_s_bb", "b_s_bc", "b_s_cc" } } },
	{ "transformers.csv", read_transformer,
	    { "name", "from", "to", "kva", "kv_from", "kv_to", "r_pct", "x_pct" },
	    { { "conn", "clock_h" }, { "conn_from", "conn_to" } } },
	{ "transformer.csv", read_transformer,
	    { "name", "from", "to", "kva", "kv_from", "kv_to", "r_pct", "x_pct" },
	    { { "conn", "clock_h" }, { "conn_from", "conn_to" } } },
	{ "centre_tapped.csv", csv_read_centre_tapped,
	    { "name", "from", "phase", "to", "kva", "kv_from", "r_pct", "x_pct" } },
	{ "regulators.csv", read_regulator, { "name", "from", "to", "conn", "phase", "tap" } },
	{ "switches.csv", read_switch, { "name", "from", "to", "phases", "state" } },
	{ "loads.csv", read_load, { "bus", "phase" },
	    { { "kw", "kvar" }, { "kw_peak", "pf_lagging" } } },
	{ "capacitors.csv", read_capacitor, { "bus", "phase", "kvar", "kv_nominal" } },
	{ "capacitor_controls.csv", csv_capacitor_control, { "bus", "by", "on", "off" } },
	{ "inverters.csv", csv_inverter, { "name", "bus", "phase", "kva", "kw" } },
};

static bool has_columns(const struct sheet *t, const struct part *p)
{
	if (!p->either[0][0]) return true;
	bool first = sheet_has(t, p->either[0][0]);
	return sheet_require(t, p->either[first ? 0 : 1]);
}

static void read_part(struct csv_reader *r, const struct part *p)
{
	const char *columns[9] = { NULL };
	char *path = mem_print("%s/%s", r->folder, p->file);
	memcpy(columns, p->columns, sizeof p->columns);
	r->mixed_line = 0;
	if (!access(path, F_OK)) {
		if (sheet_open(&r->t, path, columns, r->e) && has_columns(&r->t, p))
			while (sheet_next(&r->t)) p->row(r);
		sheet_close(&r->t);
	}
	for (size_t i = 0; i < r->names; i++) free(r->name[i]);
	r->names = 0;
	free(path);
}

static void read_folder(struct csv_reader *r)
{
	size_t before = err_count(r->e);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) read_part(r, &parts[i]);
	if (!(r->above ? r->source_bus != NULL : r->n->sources > 0) && err_count(r->e) == before)
		err_at(r->e, (struct err_pos){ 0 },
		    "'%s' has no source.csv with a source in it; write bus, kv_ll, v_pu there",
		    r->folder);
	free(r->code);
	free(r->triplex);
	free(r->source_bus);
	free(r->name);
}

/* ---- networks below networks ---- */

/* A folder in this one: so none can hang below itself. */
static bool is_inside(struct csv_reader *r)
{
	const char *folder = sheet_text(&r->t, "network");
	if (*folder && *folder != '.' && !strchr(folder, '/')) return true;
	csv_refuse(r, "network", "names no folder; name one that lies in the folder of this table");
	return false;
}

static void read_below(struct csv_reader *r)
{
	const char *name = sheet_text(&r->t, "name");
	char *above = mem_text(csv_name(r, "bus"));
	if (!network_find(r->n, above))
		csv_refuse(r, "bus", "is in no other table; hang the network below a bus that is");
	else if (is_inside(r)) {
		char *folder = mem_print("%s/%s", r->folder, sheet_text(&r->t, "network"));
		char *prefix = mem_print("%s%s/", r->prefix, name);
		struct csv_reader below = {
			.folder = folder, .n = r->n, .e = r->e, .prefix = prefix, .above = above
		};
		read_folder(&below);
		free(folder);
		free(prefix);
	}
	free(above);
}

static const struct part below_part = { "below.csv", read_below, { "name", "bus", "network" } };

struct network *network_read_csv(const char *folder, struct err_list *e)
{
	struct csv_reader r = { .folder = folder, .n = network_new(), .e = e, .prefix = "" };
	size_t before = err_count(e);
	read_folder(&r);
	network_nominal(r.n);
	read_part(&r, &below_part);
	if (err_count(e) > before) {
		network_free(r.n);
		return NULL;
	}
	network_nominal(r.n);
	give_nominal(r.n);
	return r.n;
}
