/* MATPOWER's distribution cases, solved there by Newton's method. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/validate_grid.h"
#include "models/grid/flow.h"
#include "models/grid/matpower.h"

static const char *const bus_columns[] = { "bus", "type", "pd_mw", "qd_mvar", "gs_mw", "bs_mvar",
	"base_kv", "vm_pu", "va_deg", NULL };
static const char *const branch_columns[] = { "from", "to", "r_pu", "x_pu", "b_pu", "tap",
	"shift_deg", "status", NULL };

/* One of summary.csv. */
struct mp_case {
	char *bus, *branch; /* paths */
	double base_mva, loss_kw;
};

static struct network *read_case(struct validate_job *j, const struct mp_case *c)
{
	struct network *n = network_new();
	struct sheet t;
	if (sheet_open(&t, c->bus, bus_columns, j->e))
		while (sheet_next(&t))
			mp_add_bus(n, &(struct mp_bus){ sheet_text(&t, "bus"),
					  (int)sheet_number(&t, "type"), sheet_number(&t, "pd_mw"),
					  sheet_number(&t, "qd_mvar"), sheet_number(&t, "gs_mw"),
					  sheet_number(&t, "bs_mvar"), sheet_number(&t, "base_kv"),
					  sheet_number(&t, "vm_pu"), sheet_number(&t, "va_deg") });
	sheet_close(&t);
	if (sheet_open(&t, c->branch, branch_columns, j->e))
		while (sheet_next(&t))
			mp_add_branch(n,
			    &(struct mp_branch){ sheet_text(&t, "from"), sheet_text(&t, "to"),
				sheet_number(&t, "r_pu"), sheet_number(&t, "x_pu"),
				sheet_number(&t, "b_pu"), sheet_number(&t, "tap"),
				sheet_number(&t, "shift_deg"), sheet_number(&t, "status") > 0 },
			    c->base_mva);
	sheet_close(&t);
	return n;
}

/* The table has six digits; the base of case533mt_hi is 50 MVA / 3. */
static double base_mva(const struct sheet *t)
{
	double printed = sheet_number(t, "base_mva"), third = 50.0 / 3;
	return fabs(printed - third) < 5e-5 ? third : printed;
}

struct judged {
	struct worst v, loss;
};

static void compare(struct validate_job *j, const struct mp_case *c, struct judged *g)
{
	struct network *n = read_case(j, c);
	struct nodal *s = err_count(j->e) ? NULL : validate_solve(j, n, c->bus);
	struct sheet t;
	if (s && sheet_open(&t, c->bus, bus_columns, j->e)) {
		while (sheet_next(&t)) {
			const struct net_bus *b = network_find(n, sheet_text(&t, "bus"));
			double turn = sheet_number(&t, "va_deg") * M_PI / 180;
			double complex v = sheet_number(&t, "vm_pu") * cexp(I * turn);
			worst_add(&g->v, cabs(nodal_v(s)[b->node[0]] / b->nominal_v - v));
		}
		sheet_close(&t);
		struct flow_totals f = flow_totals(n, nodal_v(s));
		worst_add(&g->loss, creal(f.source_va - f.load_va) / (1e3 * c->loss_kw) - 1);
	}
	nodal_free(s);
	network_free(n);
}

void validate_matpower(struct validate_job *j)
{
	static const char *const columns[] = { "case", "base_mva", "loss_kw", NULL };
	struct judged g = { 0 };
	struct sheet t;
	char *path = validate_table(j, "feeders/matpower/summary.csv");
	if (path && sheet_open(&t, path, columns, j->e)) {
		while (sheet_next(&t)) {
			const char *name = sheet_text(&t, "case");
			struct mp_case c = { mem_print(
						 "%s/feeders/matpower/%s_bus.csv", j->folder, name),
				mem_print("%s/feeders/matpower/%s_branch.csv", j->folder, name),
				base_mva(&t), sheet_number(&t, "loss_kw") };
			compare(j, &c, &g);
			free(c.bus);
			free(c.branch);
		}
		sheet_close(&t);
	}
	free(path);
	validate_worst(j, "MATPOWER's distribution cases: every phasor", "matpower/*_bus.csv", g.v,
	    "pu", 1e-8);
	validate_worst(
	    j, "MATPOWER's distribution cases: losses", "matpower/summary.csv", g.loss, "", 1e-8);
}
