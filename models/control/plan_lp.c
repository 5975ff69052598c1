/* The plan as a sparse linear program: two rows and six columns an interval. */
#include "models/control/plan.h"

#include <assert.h>
#include <glpk.h>
#include <math.h>
#include <stdbool.h>

/* Columns of interval k begin at 1 + COLUMNS k; the last column is the peak. */
enum { CHARGE, DISCHARGE, IMPORT, EXPORT, CURTAIL, STORED, COLUMNS };

/* Rows of interval k begin at 1 + ROWS k. */
enum { METER, STORE, PEAK, ROWS };

/* Energies in kWh and powers in kW: entries near 1, as the solver's tolerances want them. */
#define KWH_J 3.6e6
#define KW    1e3

static int column(size_t k, int which)
{
	return 1 + COLUMNS * (int)k + which;
}

static int row(size_t k, int which)
{
	return 1 + ROWS * (int)k + which;
}

static void bound(glp_prob *lp, int col, double lo, double hi)
{
	assert(lo <= hi);
	glp_set_col_bnds(lp, col, isinf(hi) ? GLP_LO : lo < hi ? GLP_DB : GLP_FX, lo,
	    isinf(hi) ? 0 : hi);
}

static void add_columns(glp_prob *lp, const struct plan *p, size_t k)
{
	const struct plan_interval *at = &p->at[k];
	double hours = p->interval_s / 3600, kwh = KWH_J;
	double export_per_j = fmin(at->export_per_j, at->import_per_j);
	bound(lp, column(k, CHARGE), 0, p->power_w / KW);
	bound(lp, column(k, DISCHARGE), 0, p->power_w / KW);
	bound(lp, column(k, IMPORT), 0, p->import_limit_w / KW);
	bound(lp, column(k, EXPORT), 0, p->export_limit_w / KW);
	bound(lp, column(k, CURTAIL), 0, at->curtail_w / KW);
	bound(lp, column(k, STORED), p->reserve_j / kwh, p->capacity_j / kwh);
	glp_set_obj_coef(lp, column(k, IMPORT), at->import_per_j * kwh * hours);
	glp_set_obj_coef(lp, column(k, EXPORT), -export_per_j * kwh * hours);
	if (k + 1 == p->n) glp_set_obj_coef(lp, column(k, STORED), -p->value_per_j * kwh);
}

/* import - export - charge + discharge - curtail = net */
static void add_meter(glp_prob *lp, const struct plan *p, size_t k)
{
	const int index[] = { 0, column(k, IMPORT), column(k, EXPORT), column(k, CHARGE),
		column(k, DISCHARGE), column(k, CURTAIL) };
	const double value[] = { 0, 1, -1, -1, 1, -1 };
	double net = p->at[k].net_w / KW;
	glp_set_row_bnds(lp, row(k, METER), GLP_FX, net, net);
	glp_set_mat_row(lp, row(k, METER), 5, index, value);
}

/* stored - stored before - eta charge + discharge / eta = 0 */
static void add_store(glp_prob *lp, const struct plan *p, size_t k)
{
	double hours = p->interval_s / 3600;
	const int index[] = { 0, column(k, STORED), column(k, CHARGE), column(k, DISCHARGE),
		k ? column(k - 1, STORED) : 0 };
	const double value[] = { 0, 1, -p->eff_frac * hours, hours / p->eff_frac, -1 };
	double first = k ? 0 : fmax(p->stored_j, p->reserve_j) / KWH_J;
	glp_set_row_bnds(lp, row(k, STORE), GLP_FX, first, first);
	glp_set_mat_row(lp, row(k, STORE), k ? 4 : 3, index, value);
}

/* peak - import >= 0 */
static void add_peak(glp_prob *lp, const struct plan *p, size_t k)
{
	const int index[] = { 0, column(p->n, 0), column(k, IMPORT) };
	const double value[] = { 0, 1, -1 };
	glp_set_row_bnds(lp, row(k, PEAK), GLP_LO, 0, 0);
	glp_set_mat_row(lp, row(k, PEAK), 2, index, value);
}

static glp_prob *make(const struct plan *p)
{
	glp_prob *lp = glp_create_prob();
	glp_set_obj_dir(lp, GLP_MIN);
	glp_add_cols(lp, COLUMNS * (int)p->n + 1);
	glp_add_rows(lp, ROWS * (int)p->n);
	bound(lp, column(p->n, 0), p->peak_w / KW, INFINITY);
	glp_set_obj_coef(lp, column(p->n, 0), p->demand_per_w * KW);
	for (size_t k = 0; k < p->n; k++) {
		add_columns(lp, p, k);
		add_meter(lp, p, k);
		add_store(lp, p, k);
		add_peak(lp, p, k);
	}
	return lp;
}

static void read_plan(glp_prob *lp, struct plan *p)
{
	for (size_t k = 0; k < p->n; k++) {
		struct plan_interval *at = &p->at[k];
		at->battery_w = KW * (glp_get_col_prim(lp, column(k, CHARGE)) -
		                      glp_get_col_prim(lp, column(k, DISCHARGE)));
		at->meter_w = KW * (glp_get_col_prim(lp, column(k, IMPORT)) -
		                    glp_get_col_prim(lp, column(k, EXPORT)));
	}
	double held_j = fmax(p->stored_j, p->reserve_j);
	p->cost = glp_get_obj_val(lp) + p->value_per_j * held_j - p->demand_per_w * p->peak_w;
	p->planned_peak_w = KW * glp_get_col_prim(lp, column(p->n, 0));
}

enum plan_result plan_lp(struct plan *p)
{
	glp_term_out(GLP_OFF);
	glp_prob *lp = make(p);
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.meth = GLP_PRIMAL;
	how.tol_bnd = how.tol_dj = 1e-9; /* kW, kWh and money */
	glp_adv_basis(lp, 0);
	int failed = glp_simplex(lp, &how);
	bool solved = !failed && glp_get_status(lp) == GLP_OPT;
	p->cost = p->planned_peak_w = NAN;
	if (solved) read_plan(lp, p);
	glp_delete_prob(lp);
	return solved ? PLAN_OPTIMAL : PLAN_INFEASIBLE;
}
