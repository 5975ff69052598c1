#include "bench/matpower_case.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/matpower.h"

const char *const mp_case_columns[] = { "case", "base_mva", "loss_kw", NULL };
const char *const mp_bus_columns[] = { "bus", "type", "pd_mw", "qd_mvar", "gs_mw", "bs_mvar",
	"base_kv", "vm_pu", "va_deg", NULL };
static const char *const branch_columns[] = { "from", "to", "r_pu", "x_pu", "b_pu", "tap",
	"shift_deg", "status", NULL };

/* The table has six digits; the base of case533mt_hi is 50 MVA / 3. */
static double base_mva(const struct sheet *t)
{
	double printed = sheet_number(t, "base_mva"), third = 50.0 / 3;
	return fabs(printed - third) < 5e-5 ? third : printed;
}

struct mp_case mp_case_of(const struct sheet *t, const char *folder)
{
	return (struct mp_case){ folder, mem_text(sheet_text(t, "case")), base_mva(t),
		sheet_number(t, "loss_kw") };
}

char *mp_case_buses(const struct mp_case *c)
{
	return mem_print("%s/%s_bus.csv", c->folder, c->name);
}

static void read_buses(const struct mp_case *c, struct network *n, struct err_list *e)
{
	struct sheet t;
	char *path = mp_case_buses(c);
	if (sheet_open(&t, path, mp_bus_columns, e))
		while (sheet_next(&t))
			mp_add_bus(n, &(struct mp_bus){ sheet_text(&t, "bus"),
					  (int)sheet_number(&t, "type"), sheet_number(&t, "pd_mw"),
					  sheet_number(&t, "qd_mvar"), sheet_number(&t, "gs_mw"),
					  sheet_number(&t, "bs_mvar"), sheet_number(&t, "base_kv"),
					  sheet_number(&t, "vm_pu"), sheet_number(&t, "va_deg") });
	sheet_close(&t);
	free(path);
}

struct network *mp_case_network(const struct mp_case *c, struct err_list *e)
{
	struct network *n = network_new();
	struct sheet t;
	char *path = mem_print("%s/%s_branch.csv", c->folder, c->name);
	read_buses(c, n, e);
	if (sheet_open(&t, path, branch_columns, e))
		while (sheet_next(&t))
			mp_add_branch(n,
			    &(struct mp_branch){ sheet_text(&t, "from"), sheet_text(&t, "to"),
				sheet_number(&t, "r_pu"), sheet_number(&t, "x_pu"),
				sheet_number(&t, "b_pu"), sheet_number(&t, "tap"),
				sheet_number(&t, "shift_deg"), sheet_number(&t, "status") > 0 },
			    c->base_mva);
	sheet_close(&t);
	free(path);
	return n;
}
