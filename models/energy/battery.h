/* A battery as a bucket of energy, solved exactly.
 *
 *     dE/dt = eff P_c - P_d / eff - leak E
 *
 * P_c and P_d are powers on the alternating-current side; the efficiency is met
 * once on each way. Charging is limited by the rated power up to a state of
 * charge, and from there by a power that falls in a straight line to zero at
 * full, as a charger at constant voltage does: in time, an exponential (Z. J.
 * Lee, T. Li and S. H. Low 2019, "ACN-Data: analysis and applications of an open
 * EV charging dataset", Proc. ACM e-Energy, 139-149, section 5, two-stage model).
 * Discharging is limited by the rated power, below a low state of charge (if one is
 * given) by a power that falls in a line to zero at empty, and stops at the reserve.
 *
 * Under a constant request the equation is linear between those points, so a
 * step of any length is solved in closed form: one hour gives what sixty minutes
 * give. The one exception: where the efficiency depends on the power (a curve) and
 * the power falls with the charge, it is not linear; there it goes on in pieces of
 * at most a minute, each at the efficiency of its middle, two parts in a million off.
 *
 * Also the store of an electric car (models/energy/vehicle.h). With temperature,
 * ageing and fading capacity it is a battery unit (models/energy/battery_unit.h). */
#ifndef HEARTH_MODELS_ENERGY_BATTERY_H
#define HEARTH_MODELS_ENERGY_BATTERY_H

#include <math.h>
#include <stdbool.h>

#include "models/class.h"
#include "models/energy/battery_curve.h"

/* id, word, one-way efficiency, where the taper begins, self-discharge a month.
 * Efficiency: 0.95 each way is the 90 % round trip on the data sheets of
 * alternating-current home batteries (Tesla Powerwall 2, 2019). Taper: 0.8 for
 * layered oxides (Lee et al. 2019); iron phosphate holds its voltage until nearly
 * full: assumption. Self-discharge: lithium-ion cells 2 % a month and more (D.
 * Linden and T. B. Reddy 2002, Handbook of Batteries, 3rd ed., table 35.2).
 * Solid state: all numbers are assumptions, taken from the oxides. */
#define CHEMISTRY_LIST(X)                                                                          \
	X(CHEMISTRY_LFP, "lfp", 0.95, 0.95, 0.02)                                                  \
	X(CHEMISTRY_NMC, "nmc", 0.95, 0.80, 0.02)                                                  \
	X(CHEMISTRY_SOLID_STATE, "solid-state", 0.95, 0.80, 0.02)

enum chemistry {
#define X(id, word, eff, taper, leak) id,
	CHEMISTRY_LIST(X)
#undef X
	    CHEMISTRY_COUNT
};

struct battery_par {
	double share_frac;
	int chemistry;          /* enum chemistry */
	struct dist capacity_j; /* of the cells */
	struct dist power_w;    /* of the inverter, either way */
	double eff_frac;        /* one way; NAN: the chemistry's */
	double taper_soc;       /* NAN: the chemistry's */
	double leak_frac;       /* self-discharge in 30 days; NAN: the chemistry's */
	double initial_soc;
	double reserve_soc; /* discharging stops here */
	const char *curve;  /* see battery_curve_parse; NULL: eff_frac at any power */
	double low_soc;     /* discharging slows down below; 0: it does not */
	double room_k;      /* air around it; NAN: the weather's */
	double cooling_s;   /* time constant of the cells towards that, > 0 */
	double heat_frac;   /* of the conversion loss, that warms the cells */
};

extern const struct class battery_class;

/* One battery: constants of a run. */
struct battery {
	double capacity_j, power_w;
	double eff_frac;                   /* one way, 0 < eff <= 1 */
	double reserve_j;                  /* discharging stops here */
	double taper_j;                    /* the charging limit falls from here, < capacity_j */
	double leak_per_s;                 /* >= 0 */
	double low_j;                      /* the discharging limit falls below this; 0: none */
	const struct battery_curve *curve; /* in place of eff_frac; NULL: none. Not owned. */
};

/* The battery of that size under the attributes (chemistry's defaults filled in),
 * without a curve. */
struct battery battery_make(const struct battery_par *p, double capacity_j, double power_w);

/* What a step did. charge - discharge - leak is what the store gained; for the
 * ledger, charge and discharge are the cells' and loss is the conversion. */
struct battery_flow {
	double ac_w;        /* mean over the step; positive: drawn */
	double charge_j;    /* into the cells, >= 0 */
	double discharge_j; /* out of the cells, >= 0 */
	double loss_j;      /* ac energy - charge + discharge, >= 0 */
	double leak_j;      /* lost inside the cells */
};

/* One-way efficiency at a power on the alternating-current side. */
static inline double battery_eff_frac(const struct battery *b, double w)
{
	return b->curve ? battery_curve_at(b->curve, w / b->power_w) : b->eff_frac;
}

/* (1 - exp(-rate t)) / rate. Leaks are slow: four terms of the series are exact to
 * the last digit up to 1e-4, and spare the usual step the library's function. */
static inline double battery_span_s(double rate, double t)
{
	double x = rate * t;
	if (x < 1e-4) return t * (1 - x * (1.0 / 2 - x * (1.0 / 6 - x * (1.0 / 24))));
	return -expm1(-x) / rate;
}

/* Asks for request_w on the alternating-current side for dt_s > 0: positive to
 * charge, negative to discharge. *stored_j (0 to capacity) is moved on. */
struct battery_flow battery_step(
    const struct battery *b, double *stored_j, double request_w, double dt_s);

/* The usual step, in the caller's own code: at a constant power between the tapers and
 * above the reserve, or at rest. False, and nothing done: battery_step_bent has to. */
static inline bool battery_step_flat(const struct battery *b, double *stored_j, double request_w,
    double dt_s, struct battery_flow *out)
{
	double e = *stored_j, w = request_w;
	w = w < b->power_w ? w : b->power_w;
	w = w > -b->power_w ? w : -b->power_w;
	if (w < 0 && e <= b->reserve_j) w = 0;
	double eff = battery_eff_frac(b, w < 0 ? -w : w);
	double cells_w = w > 0 ? eff * w : w / eff, cells_j = cells_w * dt_s;
	double end = e + (cells_w - b->leak_per_s * e) * battery_span_s(b->leak_per_s, dt_s);
	if (w > 0 && !(end <= b->taper_j && e <= b->taper_j)) return false;
	if (w < 0 && !(end >= b->reserve_j && end >= b->low_j)) return false;
	double leak_j = e + cells_j - end;
	*stored_j = end;
	out->ac_w = w;
	out->charge_j = w > 0 ? cells_j : 0;
	out->discharge_j = w < 0 ? -cells_j : 0;
	out->loss_j = (w - cells_w) * dt_s;
	out->leak_j = b->leak_per_s > 0 && leak_j > 0 ? leak_j : 0;
	return true;
}

/* battery_step where that is false. */
struct battery_flow battery_step_bent(
    const struct battery *b, double *stored_j, double request_w, double dt_s);

/* Charging time to reach target_j at the rated power, from below the taper. */
static inline double battery_time_to_s(const struct battery *b, double stored_j, double target_j)
{
	return target_j > stored_j
		   ? (target_j - stored_j) / (battery_eff_frac(b, b->power_w) * b->power_w)
		   : 0;
}

#endif
