/* The cheapest way of a battery through the next hours.
 *
 * Over n intervals k of one length, with net power w_k of the site without its battery and a
 * price of import, of export and of carbon in each:
 *
 *     least   sum over k of (price_k + tax kg_k) m_k - export_k x_k, times the interval
 *             + demand (P - P_0) - value (e_n - e_0)
 *     where   m_k - x_k = w_k + c_k - d_k + u_k        meter: import less export
 *             e_k+1 = e_k + interval (eta c_k - d_k / eta)
 *             reserve <= e <= capacity, 0 <= c, d <= rating, m, x <= the connection's limits
 *             0 <= u_k <= what generation can be curtailed,  P_0 <= P, m_k <= P
 *
 * As a linear program (plan_lp; GLPK's simplex) it knows all of it. By dynamic programming
 * (plan_dp; R. Bellman 1957, "Dynamic Programming") it leaves out the demand charge; it
 * finds the same cost without one, and is for many small batteries: a plan of 24 intervals
 * takes 11 us, where the other takes 0.4 ms, and of 96 intervals 40 us for 3 ms
 * (bench/engine/plan.c). Of ways that
 * cost the same it takes, interval by interval, that at which the meter reads nearest to 0,
 * and what the grid is to charge at any of several times it charges at the first.
 *
 * The taper near full and self-discharge are left out: what a battery cannot take, it does
 * not (models/energy/battery.h), and the next plan begins with what it holds. Export is
 * priced at import's price at most, in each interval: above it, buying to sell at one meter
 * would have no bound. An efficiency below 1 and a price of 0 or more keep c and d from
 * being above 0 in one interval; where a price is negative the plan may burn what it is paid
 * to draw, and the battery is asked for the difference.
 *
 * Both are functions of their input alone: one thread, tolerances fixed, no time limit. */
#ifndef HEARTH_MODELS_CONTROL_PLAN_H
#define HEARTH_MODELS_CONTROL_PLAN_H

#include <stdbool.h>
#include <stddef.h>

struct plan_interval {
	double net_w;      /* expected, without the battery; positive: drawn */
	double curtail_w;  /* of it, generation that may be curtailed, >= 0 */
	double import_per_j, export_per_j; /* prices; carbon's included in import's */
	double battery_w;  /* out: at the meter, positive: charging */
	double meter_w;    /* out */
};

struct plan {
	size_t n;
	struct plan_interval *at; /* [n] */
	double interval_s;
	double capacity_j, reserve_j, stored_j, power_w, eff_frac;
	double import_limit_w, export_limit_w; /* INFINITY: none */
	double demand_per_w, peak_w; /* for each W of import above peak_w */
	double value_per_j;          /* of what is stored at the end */
	double cost;                 /* out: the sum above */
	double planned_peak_w;       /* out: P */
};

enum plan_result {
	PLAN_OPTIMAL,
	PLAN_INFEASIBLE, /* no way keeps the limits; nothing is written but cost, NAN */
};

enum plan_result plan_lp(struct plan *p);

/* What plan_dp works in; it grows with the plans made in it. The caller frees. */
struct plan_room *plan_room_new(void);
void plan_room_free(struct plan_room *room); /* takes NULL */

/* capacity_j > reserve_j; stored_j is brought between the two. */
enum plan_result plan_dp(struct plan *p, struct plan_room *room);

#endif
