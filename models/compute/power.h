/* What the board of an accelerator draws, in one of three forms.
 *
 * util, from its utilisation during an iteration of t seconds with F flops and Q
 * bytes:
 *     P = min(P_max, P0 + k_bw u_bw + k_fl u_fl^q),  u_bw = Q / (t bandwidth),
 *                                                    u_fl = F / (t peak);
 * phase, a constant while any prompt is computed and another one while all
 * decode, as in splitwise-sim (Patel et al. 2024, "Splitwise", ISCA), whose
 * constants are 400 and 250 W for an A100, 700 and 380 W for an H100;
 * table, measured powers by phase and size of the iteration (power_table.h).
 *
 * At a locked clock of the share c of its highest, a board's arithmetic has the
 * peak c, memory and links are as fast as before, and what its cores switch takes
 * the share k = c V(c)^2 (CMOS power is a C V^2 f), with their voltage over that at
 * the full clock
 *     V(c) = max(floor, 1 - slope (1 - c)).
 * These are k_fl and what P0 has beyond the idle power; k_bw is the memory's. An
 * RTX 3060 Ti runs 1740 MHz at 0.875 V, 1965 MHz at 1.081 V and 210 MHz at 0.668 V
 * (TechPowerUp 2020, review of the Zotac Twin Edge): a slope of 1.66, a floor of
 * 0.62. */
#ifndef HEARTH_MODELS_COMPUTE_POWER_H
#define HEARTH_MODELS_COMPUTE_POWER_H

#include "models/class.h"
#include "models/compute/power_table.h"

#define POWER_WORDS "util phase table"
enum power_form { POWER_UTIL, POWER_PHASE, POWER_TABLE };

struct power_par {
	double tdp_w;
	double idle_w;     /* a model loaded, nothing to do */
	double unloaded_w; /* no model loaded; NAN: not known */
	double base_w, bw_w, fl_w, fl_exp, max_w; /* NAN: the rule of power_init */
	int form;                                 /* enum power_form */
	double prompt_w, token_w;                 /* of form phase; NAN: not given */
	const char *table;                        /* of form table; NULL: not given */
	double cap_floor_w, cap_exp;              /* P_s, NAN: the rule; g (governor.h) */
	double voltage_floor, voltage_slope;      /* of V(c) */
};

/* Rows of the attribute table of a struct s with such a member m. */
#define POWER_ATTRS(s, m) \
	ATTR_QTY(s, m.tdp_w, "tdp", DIM_POWER, REQUIRED, 1e-3, 1e6, \
	    "thermal design power of the board"), \
	ATTR_QTY(s, m.idle_w, "idle", DIM_POWER, REQUIRED, 0, 1e6, \
	    "power with a model loaded and nothing to do"), \
	ATTR_QTY(s, m.unloaded_w, "idle-unloaded", DIM_POWER, OPTIONAL, 0, 1e6, \
	    "power without a model loaded; a node needs it to unload its model"), \
	ATTR_QTY(s, m.base_w, "power-base", DIM_POWER, OPTIONAL, 0, 1e6, \
	    "P0: power while working at no utilisation; absent: 0.32 of tdp"), \
	ATTR_QTY(s, m.bw_w, "power-bandwidth", DIM_POWER, OPTIONAL, 0, 1e6, \
	    "added at full use of the bandwidth; absent: 0.65 of tdp"), \
	ATTR_QTY(s, m.fl_w, "power-flops", DIM_POWER, OPTIONAL, 0, 1e6, \
	    "added at full use of the arithmetic; absent: 2.4 of tdp"), \
	ATTR_QTY(s, m.fl_exp, "power-exponent", DIM_NUMBER, OPTIONAL, 0.01, 10, \
	    "exponent of the arithmetic's utilisation; absent: 1"), \
	ATTR_QTY(s, m.max_w, "power-max", DIM_POWER, OPTIONAL, 1e-3, 1e6, \
	    "highest power while serving; absent: 0.92 of tdp"), \
	ATTR_ENUM(s, m.form, "power-model", "util", POWER_WORDS, \
	    "power while serving: by utilisation, one constant for each phase, or a table"), \
	ATTR_QTY(s, m.prompt_w, "power-prompt", DIM_POWER, OPTIONAL, 1e-3, 1e6, \
	    "of power-model phase: in an iteration that computes any prompt"), \
	ATTR_QTY(s, m.token_w, "power-token", DIM_POWER, OPTIONAL, 1e-3, 1e6, \
	    "of power-model phase: in an iteration that only decodes"), \
	ATTR_FILE(s, m.table, "power-table", OPTIONAL, \
	    "of power-model table: CSV of phase, tokens and power_w; tokens: all that an " \
	    "iteration computes"), \
	ATTR_QTY(s, m.cap_floor_w, "cap-floor", DIM_POWER, OPTIONAL, 0, 1e6, \
	    "Ps: power that no cap takes away, in the slowdown under a node's power-cap; " \
	    "absent: 0.31 of tdp"), \
	ATTR_QTY(s, m.cap_exp, "cap-exponent", DIM_NUMBER, "0.24", 0, 3, \
	    "g: exponent of that slowdown"), \
	ATTR_QTY(s, m.voltage_floor, "voltage-floor", DIM_FRACTION, "0.62", 0.1, 1, \
	    "lowest voltage of the cores over that at the full clock, for a node's clock"), \
	ATTR_QTY(s, m.voltage_slope, "voltage-slope", DIM_NUMBER, "1.66", 0, 10, \
	    "fall of that voltage over the fall of the clock, both relative, above the floor")

/* Reports what contradicts itself; o is the object the rows were read from. */
void power_check(const struct power_par *p, const struct object *o, struct err_list *e);

/* At rest or as the cap's slowdown has it: every cap must be above. */
double power_least_w(const struct power_par *p);

/* The constants, resolved; p must have passed power_check. Where a device has no fitted ones: P0 = 0.32 TDP,
 * k_bw = 0.65 TDP, k_fl = 2.4 TDP, q = 1, P_max = 0.92 TDP: the means, as shares
 * of TDP, of the fits for H100, B200 and (P0, k_bw) A100 of data/devices.xml. */
struct power {
	double base_w, bw_w, fl_w, fl_exp, max_w;
	double cap_floor_w, cap_exp; /* means of the four fits of governor.h: 0.31 TDP, 0.24 */
	bool by_phase;               /* the levels hold, not the above */
	struct levels level[PHASES]; /* phase is a table of one row each */
};
struct power power_init(const struct power_par *p);

/* The share k of c in (0, 1], and the constants of form util at that clock. */
double power_clock_frac(const struct power_par *p, double clock_frac);
struct power power_at_clock(const struct power_par *p, double clock_frac);

double power_w(const struct power *p, double u_bw, double u_fl); /* of form util */

/* The most that a board draws as a mean when it works for the share busy_frac of the time:
 * by utilisation with arithmetic and memory busy all that time; else the highest level of
 * any phase, and idle_w for the rest. Without a node's power cap. */
double power_full_w(const struct power *p, double busy_frac, double idle_w);

#endif
