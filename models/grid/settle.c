#include "models/grid/settle.h"

enum settle_end controls_settle(
    struct controls *c, struct solver *s, double tolerance_pu, double limit_s, struct err_list *e)
{
	double end_s = c->now_s + limit_s;
	for (;;) {
		if (!solver_solve(s, tolerance_pu, e)) return SETTLE_REFUSED;
		if (!solver_result(s)->converged) return SETTLE_NO_FLOW;
		double due_s = controls_see(c, solver_v(s));
		if (c->rests) return SETTLE_RESTS;
		if (c->now_s + due_s > end_s) return SETTLE_HUNTS;
		controls_pass(c, due_s);
		solver_change(s, controls_act(c));
	}
}
