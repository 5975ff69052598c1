/* Attributes of the bulk system's frequency and of what disturbs it. */
#include "models/site/swing.h"

#include <math.h>

#include "models/grid/frequency.h"
#include "models/site/supply.h"

/* Gain, fast share and reheat time: the typical values of Anderson and Mirheydar 1990,
 * table 1 and figure 3 (recalled). Droop and damping: Kundur 1994, Power System Stability
 * and Control, section 11.1 (recalled). */
static const struct attr frequency_attrs[] = {
	ATTR_QTY(struct frequency_attrs, nominal_hz, "nominal", DIM_RATE, "50 Hz", 1, 1000,
	    "nominal frequency"),
	ATTR_QTY(struct frequency_attrs, base_w, "base", DIM_POWER, OPTIONAL, 1, 1e13,
	    "power that shares below are of; the capacity of all units when absent"),
	ATTR_QTY(struct frequency_attrs, inertia_s, "inertia", DIM_TIME, REQUIRED, 0.01, 1000,
	    "inertia constant H: kinetic energy of all machines over the base"),
	ATTR_QTY(struct frequency_attrs, damping_pu, "damping", DIM_NUMBER, "1", 0, 100,
	    "relative change of the load by relative change of the frequency"),
	ATTR_QTY(struct frequency_attrs, droop_pu, "droop", DIM_FRACTION, "5 %", 1e-4, 1,
	    "deviation of the frequency that asks the governors for the whole base"),
	ATTR_QTY(struct frequency_attrs, gain_pu, "gain", DIM_NUMBER, "0.95", 0, 10,
	    "what machines with governors give of what is asked for"),
	ATTR_QTY(struct frequency_attrs, fast_frac, "fast-share", DIM_FRACTION, "30 %", 0, 1,
	    "part of it that comes without reheating: of the high-pressure turbine"),
	ATTR_QTY(struct frequency_attrs, reheat_s, "reheat", DIM_TIME, "8 s", 0.01, 1000,
	    "time constant of the rest"),
	ATTR_QTY(struct frequency_attrs, deadband_hz, "deadband", DIM_RATE, "0 Hz", 0, 10,
	    "deviation to either side that governors leave alone"),
	ATTR_QTY(struct frequency_attrs, headroom_pu, "headroom", DIM_FRACTION, OPTIONAL, 0, 1,
	    "share of the base that governors can ask for at most; no limit when absent"),
	ATTR_QTY(struct frequency_attrs, footroom_pu, "footroom", DIM_FRACTION, OPTIONAL, 0, 1,
	    "share of the base by which they can go down; no limit when absent"),
	ATTR_QTY(struct frequency_attrs, ramp_pu_s, "ramp", DIM_RATE, OPTIONAL, 1e-6, 1e3,
	    "share of the base by which their gates move in a time; at once when absent"),
	/* Regulation (EU) 2017/1485, annex III, table 1: 15 min to restore the frequency,
	 * which is three time constants. */
	ATTR_QTY(struct frequency_attrs, restore_s, "restoration", DIM_TIME, "5 min", 1, 1e6,
	    "time constant of secondary control, by which what is missing is replaced"),
	ATTR_QTY(struct frequency_attrs, band_hz, "band", DIM_RATE, "0.2 Hz", 1e-6, 100,
	    "deviation to either side that frequency.outside_s is counted beyond"),
	ATTR_QTY(struct frequency_attrs, window_s, "window", DIM_TIME, "500 ms", 1e-3, 100,
	    "that the rate of change is a mean over"),
	ATTR_QTY(struct frequency_attrs, jump_pu, "jump", DIM_FRACTION, "1 %", 1e-6, 1,
	    "share of the base beyond which a change of the scenario's own power from step to "
	    "step is a disturbance"),
	ATTR_TEXT(struct frequency_attrs, source, "source", OPTIONAL,
	    "where its figures come from"),
	ATTR_END,
};

static void check_frequency(const struct object *o, struct err_list *e)
{
	int steps = 0;
	const struct object *s = object_child(o, &shedding_class);
	double nominal_hz = ((const struct frequency_attrs *)o->par)->nominal_hz;
	for (; s; s = object_next(s)) {
		if (((const struct shedding_par *)s->par)->threshold_hz >= nominal_hz)
			err_at(e, object_attr_pos(s, "threshold"),
			    "shedding: the threshold is not below the nominal %g Hz", nominal_hz);
		if (++steps == FREQUENCY_STEPS_MAX + 1)
			err_at(e, s->pos, "shedding: there can be %d steps; join some",
			    FREQUENCY_STEPS_MAX);
	}
}

const struct class frequency_class = {
	.element = "frequency",
	.parents = "supply",
	.about = "The bulk system's frequency: one mass, governors with a reheater, secondary "
		 "control. Without it nobody looks at the frequency.",
	.par_size = sizeof(struct frequency_attrs),
	.attrs = frequency_attrs,
	.max = 1,
	.check = check_frequency,
};

static const struct attr battery_attrs[] = {
	ATTR_QTY(struct battery_response_par, power_w, "power", DIM_POWER, REQUIRED, 1, 1e12,
	    "at most, given and taken"),
	ATTR_QTY(struct battery_response_par, energy_j, "energy", DIM_ENERGY, OPTIONAL, 0, 1e18,
	    "capacity; no limit when absent"),
	ATTR_QTY(struct battery_response_par, full_hz, "full-at", DIM_RATE, REQUIRED, 1e-3, 100,
	    "deviation from the edge of the deadband that asks for all of the power"),
	ATTR_QTY(struct battery_response_par, deadband_hz, "deadband", DIM_RATE, "0 Hz", 0, 10,
	    "deviation to either side that is left alone"),
	ATTR_QTY(struct battery_response_par, lag_s, "lag", DIM_TIME, "300 ms", 1e-3, 100,
	    "time constant of the answer"),
	ATTR_QTY(struct battery_response_par, initial_frac, "initial", DIM_FRACTION, "50 %", 0, 1,
	    "energy at the start, as a share of the capacity"),
	ATTR_END,
};

const struct class battery_response_class = {
	.element = "battery-response",
	.parents = "frequency",
	.about = "Batteries that answer the frequency.",
	.par_size = sizeof(struct battery_response_par),
	.attrs = battery_attrs,
	.max = 1,
};

static const struct attr shedding_attrs[] = {
	ATTR_QTY(struct shedding_par, threshold_hz, "threshold", DIM_RATE, REQUIRED, 1, 1000,
	    "frequency below which the step is taken"),
	ATTR_QTY(struct shedding_par, delay_s, "delay", DIM_TIME, "200 ms", 0, 100,
	    "time below the threshold, without a break, after which it is"),
	ATTR_QTY(struct shedding_par, share_frac, "share", DIM_FRACTION, REQUIRED, 0, 1,
	    "share of the system's demand that is cut"),
	ATTR_QTY(struct shedding_par, out_s, "out", DIM_TIME, OPTIONAL, 1, 1e9,
	    "time after which it returns; not in this run when absent"),
	ATTR_END,
};

const struct class shedding_class = {
	.element = "shedding",
	.parents = "frequency",
	.about = "A step of under-frequency load shedding.",
	.par_size = sizeof(struct shedding_par),
	.attrs = shedding_attrs,
};

static const struct attr contingency_attrs[] = {
	ATTR_QTY(struct contingency_par, at_s, "at", DIM_TIME, REQUIRED, 0, 1e10,
	    "when, since the start; not before the first grid step has ended"),
	ATTR_QTY(struct contingency_par, until_s, "until", DIM_TIME, OPTIONAL, 0, 1e10,
	    "since the start, when the units are there again or the power has gone; not in this "
	    "run when absent"),
	ATTR_REF(struct contingency_par, unit, "unit", OPTIONAL, "unit", "kind of units lost"),
	ATTR_INT(struct contingency_par, count, "count", "1", 1, 1000000, "how many of them"),
	ATTR_QTY(struct contingency_par, power_w, "power", DIM_POWER, OPTIONAL, -1e13, 1e13,
	    "that others draw from then on, instead; negative: that they draw no longer"),
	ATTR_END,
};

static void check_contingency(const struct object *o, struct err_list *e)
{
	const struct contingency_par *p = o->par;
	if ((p->unit != NULL) == !isnan(p->power_w))
		err_at(e, o->pos, p->unit ? "contingency: either a unit or a power; leave one out" :
		    "contingency: write unit=\"...\" or power=\"...\"");
	if (p->until_s <= p->at_s)
		err_at(e, object_attr_pos(o, "until"),
		    "contingency: ends before it begins; write an until= after at=");
	if (p->unit && p->count > ((const struct unit_par *)p->unit->par)->count)
		err_at(e, object_attr_pos(o, "count"),
		    "contingency: there are fewer units of %s than are lost", p->unit->name);
}

const struct class contingency_class = {
	.element = "contingency",
	.parents = "supply",
	.about = "Units of the bulk system that are lost, or a power that appears in it.",
	.par_size = sizeof(struct contingency_par),
	.attrs = contingency_attrs,
	.check = check_contingency,
};
