/* MATPOWER's distribution cases, solved there by Newton's method. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/matpower_case.h"
#include "bench/validate_grid.h"
#include "models/grid/flow.h"

struct judged {
	struct worst v, loss;
};

static void compare_buses(struct validate_job *j, const char *buses, const struct nodal *s,
    const struct network *n, struct worst *w)
{
	struct sheet t;
	if (sheet_open(&t, buses, mp_bus_columns, j->e))
		while (sheet_next(&t)) {
			const struct net_bus *b = network_find(n, sheet_text(&t, "bus"));
			double turn = sheet_number(&t, "va_deg") * M_PI / 180;
			double complex v = sheet_number(&t, "vm_pu") * cexp(I * turn);
			worst_add(w, cabs(nodal_v(s)[b->node[0]] / b->nominal_v - v));
		}
	sheet_close(&t);
}

static void compare(struct validate_job *j, const struct mp_case *c, struct judged *g)
{
	struct network *n = mp_case_network(c, j->e);
	char *buses = mp_case_buses(c);
	struct nodal *s = err_count(j->e) ? NULL : validate_solve(j, n, buses);
	if (s) {
		compare_buses(j, buses, s, n, &g->v);
		struct flow_totals f = flow_totals(n, nodal_v(s));
		worst_add(&g->loss, creal(f.source_va - f.load_va) / (1e3 * c->loss_kw) - 1);
	}
	nodal_free(s);
	network_free(n);
	free(buses);
}

void validate_matpower(struct validate_job *j)
{
	struct judged g = { 0 };
	struct sheet t;
	char *path = validate_table(j, "feeders/matpower/summary.csv");
	char *folder = mem_print("%s/feeders/matpower", j->folder);
	if (path && sheet_open(&t, path, mp_case_columns, j->e)) {
		while (sheet_next(&t)) {
			struct mp_case c = mp_case_of(&t, folder);
			compare(j, &c, &g);
			free(c.name);
		}
		sheet_close(&t);
	}
	free(folder);
	free(path);
	validate_worst(j, "MATPOWER's distribution cases: every phasor", "matpower/*_bus.csv", g.v,
	    "pu", 1e-8);
	validate_worst(
	    j, "MATPOWER's distribution cases: losses", "matpower/summary.csv", g.loss, "", 1e-8);
}
