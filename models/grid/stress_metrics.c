#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "models/grid/stress.h"

/* X(id, key, unit, about, formula, source, better) */
#define GRID_METRIC_LIST(X) \
	X(MARGIN, "grid.margin_pu", "1", \
	    "margin to the nearest limit of the feeder; below 0 a limit was broken", \
	    "min over assets and steps of (limit - value) / limit", \
	    "limits: nameplates; voltage by the feeder's voltage-limits; EN 50160 unbalance; IEC " \
	    "60076-7 hot spot 120 degC", HIGHER_IS_BETTER) \
	X(ANSI_A, "grid.ansi_a_customer_min", "min", \
	    "customer-minutes outside range A of the service voltage", \
	    "sum over customers and steps of dt [V not in 0.95..1.05]", \
	    "ANSI C84.1-2020, table 1, range A (recalled); means over the scenario's step", \
	    LOWER_IS_BETTER) \
	X(ANSI_B, "grid.ansi_b_customer_min", "min", \
	    "customer-minutes outside range B of the service voltage", \
	    "sum over customers and steps of dt [V not in 0.917..1.058]", \
	    "ANSI C84.1-2020, table 1, range B (recalled); means over the scenario's step", \
	    LOWER_IS_BETTER) \
	X(ANSI_A_LONGEST, "grid.ansi_a_longest_min", "min", \
	    "longest time that one customer was outside range A without a break", \
	    "max over customers of the longest run of steps with V not in 0.95..1.05", \
	    "ANSI C84.1-2020, table 1, range A (recalled); means over the scenario's step", \
	    LOWER_IS_BETTER) \
	X(ANSI_A_SHARE, "grid.ansi_a_share_pu.max", "1", \
	    "largest share of the customers that were outside range A at once", \
	    "max over steps of customers with V not in 0.95..1.05 / all customers", \
	    "ANSI C84.1-2020, table 1, range A (recalled); means over the scenario's step", \
	    LOWER_IS_BETTER) \
	X(EN50160, "grid.en50160_customer_min", "min", \
	    "customer-minutes whose 10-minute mean voltage is outside +-10 %", \
	    "sum over customers of 10 min [rms over 10 min not in 0.9..1.1]", \
	    "EN 50160, supply voltage variations (recalled); IEC 61000-4-30, 10-minute interval", \
	    LOWER_IS_BETTER) \
	X(EN50160_SHARE, "grid.en50160_share_pu.min", "1", \
	    "share of 10-minute means within +-10 % at the worst customer in the worst week; " \
	    "0.95 is asked", \
	    "min over customers and whole weeks, or a shorter run, of means within 0.9..1.1 " \
	    "/ all means", \
	    "EN 50160, supply voltage variations (recalled); IEC 61000-4-30", HIGHER_IS_BETTER) \
	X(EN50160_ALL, "grid.en50160_all_customer_min", "min", \
	    "customer-minutes whose 10-minute mean voltage is outside +10 % / -15 %; 0 is asked", \
	    "sum over customers of 10 min [rms over 10 min not in 0.85..1.1]", \
	    "EN 50160, supply voltage variations (recalled); IEC 61000-4-30, 10-minute interval", \
	    LOWER_IS_BETTER) \
	X(V_TEN_MIN, "grid.voltage_10min_pu.min", "1", \
	    "lowest 10-minute mean of the voltage at a customer", \
	    "min over customers and windows of rms(V) / V_nominal", \
	    "IEC 61000-4-30, 10-minute interval; EN 50160 asks for 0.85 (recalled)", \
	    NEITHER_IS_BETTER) \
	X(V_TEN_MAX, "grid.voltage_10min_pu.max", "1", \
	    "highest 10-minute mean of the voltage at a customer", \
	    "max over customers and windows of rms(V) / V_nominal", \
	    "IEC 61000-4-30, 10-minute interval; EN 50160 asks for 1.1 (recalled)", \
	    NEITHER_IS_BETTER) \
	X(V_MIN, "grid.voltage_pu.min", "1", "lowest voltage at a customer", \
	    "min over customers and steps of V / V_nominal", \
	    "phase to neutral; means of steps, or of their parts where controls act in them", \
	    NEITHER_IS_BETTER) \
	X(V_MAX, "grid.voltage_pu.max", "1", "highest voltage at a customer", \
	    "max over customers and steps of V / V_nominal", \
	    "phase to neutral; means of steps, or of their parts where controls act in them", \
	    NEITHER_IS_BETTER) \
	X(UNBALANCE, "grid.voltage_unbalance_pu.max", "1", \
	    "highest voltage unbalance on the street", \
	    "max over places and steps of |V2| / |V1|", \
	    "IEC 61000-4-30, of step means; EN 50160 limits 10-minute means", LOWER_IS_BETTER) \
	X(LVUR, "grid.lvur_pu.max", "1", \
	    "highest line voltage unbalance rate", \
	    "max over places and steps of max |V_LL - mean(V_LL)| / mean(V_LL)", \
	    "NEMA MG 1, clause 14.36; ANSI C84.1, annex C, asks for 0.03 without load (recalled)", \
	    LOWER_IS_BETTER) \
	X(UNBALANCE_P95, "grid.unbalance_10min_pu.p95", "1", \
	    "voltage unbalance that the worst place keeps to in 95 % of the 10-minute means " \
	    "of the worst week", \
	    "max over whole weeks, or a shorter run, of 95th percentile over windows of max " \
	    "over places of rms(|V2| / |V1|), rounded up to 0.0001", \
	    "EN 50160, supply voltage unbalance: 0.02 (recalled); IEC 61000-4-30", \
	    LOWER_IS_BETTER) \
	X(UNBALANCE_TEN, "grid.unbalance_10min_pu.max", "1", \
	    "highest 10-minute mean of the voltage unbalance on the street", \
	    "max over places and windows of rms(|V2| / |V1|)", \
	    "IEC 61000-4-30, 10-minute interval", LOWER_IS_BETTER) \
	X(UNBALANCE_SHARE, "grid.unbalance_share_pu.min", "1", \
	    "share of 10-minute means of the unbalance up to 2 % at the worst place in the " \
	    "worst week; 0.95 is asked", \
	    "min over places and whole weeks, or a shorter run, of means with " \
	    "rms(|V2| / |V1|) <= 0.02 / all means", \
	    "EN 50160, supply voltage unbalance (recalled); IEC 61000-4-30", HIGHER_IS_BETTER) \
	X(TRANSFORMER_MAX, "grid.transformer_loading_pu.max", "1", \
	    "highest loading of a transformer", \
	    "max over transformers and steps of S / S_rated", "nameplate; IEC 60076-1", \
	    LOWER_IS_BETTER) \
	X(TRANSFORMER_MEAN, "grid.transformer_loading_pu.mean", "1", \
	    "mean loading of the transformers", \
	    "mean over transformers of sum(S / S_rated dt) / sum(dt)", "nameplate; IEC 60076-1", \
	    LOWER_IS_BETTER) \
	X(TRANSFORMER_OVER, "grid.transformer_overload_min", "min", \
	    "transformer-minutes above the rating", \
	    "sum over transformers and steps of dt [S > S_rated]", \
	    "nameplate; IEC 60076-1", LOWER_IS_BETTER) \
	X(TRANSFORMER_OVER_J, "grid.transformer_overload_j", "J", \
	    "apparent energy above the transformers' ratings", \
	    "sum over transformers of max(0, S - S_rated) dt", \
	    "nameplate; IEC 60076-1", LOWER_IS_BETTER) \
	X(UTILISATION, "grid.utilisation_pu", "1", \
	    "highest demand on a transformer by its rating", \
	    "max over transformers of the highest 15-minute mean of S / S_rated", \
	    "Gonen 2014, chapter 2, utilization factor (recalled); windows of the clock", \
	    LOWER_IS_BETTER) \
	X(HOT_SPOT, "grid.transformer_hot_spot_degc.max", "degC", \
	    "highest hot-spot temperature of a transformer's windings", \
	    "max over transformers and steps of top oil + hot-spot gradient", "IEC 60076-7, differential equations", \
	    LOWER_IS_BETTER) \
	X(AGEING_IEC, "grid.transformer_ageing_iec.mean", "1", \
	    "hours of insulation life used per hour, for the paper stated; mean of the " \
	    "transformers", \
	    "mean over transformers of sum(V dt) / sum(dt), V = 2^((hs-98)/6) or exp(15000/383 - 15000/(hs+273))", \
	    "IEC 60076-7:2018, clause 6.3, eq. 2 and 3", LOWER_IS_BETTER) \
	X(AGEING_IEC_WORST, "grid.transformer_ageing_iec.worst", "1", \
	    "hours of insulation life used per hour by the transformer that aged most", \
	    "max over transformers of sum(V dt) / sum(dt), V as for the mean", \
	    "IEC 60076-7:2018, clause 6.3, eq. 2 and 3", LOWER_IS_BETTER) \
	X(AGEING_IEC_MAX, "grid.transformer_ageing_iec.max", "1", \
	    "hours of insulation life used per hour at the highest hot spot", \
	    "max of V, V = 2^((hs-98)/6) or exp(15000/383 - 15000/(hs+273))", \
	    "IEC 60076-7:2018, clause 6.3, eq. 2 and 3", LOWER_IS_BETTER) \
	X(AGEING_IEEE, "grid.transformer_ageing_ieee.mean", "1", \
	    "equivalent ageing factor F_EQA, mean of the transformers", \
	    "mean over transformers of sum(F_AA dt) / sum(dt), F_AA = exp(15000/383 - 15000/(hs+273))", \
	    "IEEE Std C57.91-2011, eq. 2 and 3", LOWER_IS_BETTER) \
	X(AGEING_IEEE_WORST, "grid.transformer_ageing_ieee.worst", "1", \
	    "equivalent ageing factor F_EQA of the transformer that aged most", \
	    "max over transformers of sum(F_AA dt) / sum(dt)", \
	    "IEEE Std C57.91-2011, eq. 2 and 3", LOWER_IS_BETTER) \
	X(LIFE, "grid.transformer_loss_of_life_pu", "1", \
	    "part of the insulation's normal life of 180000 h that was used by the " \
	    "transformer that aged most", \
	    "F_EQA t / 180000 h", "IEEE Std C57.91-2011, eq. 4", LOWER_IS_BETTER) \
	X(LINE_MAX, "grid.line_loading_pu.max", "1", "highest loading of a line", \
	    "max over lines, conductors and steps of I / I_rated", "cable rating", \
	    LOWER_IS_BETTER) \
	X(LINE_HOUR, "grid.line_loading_hour_pu.max", "1", \
	    "highest hourly mean of a line's loading", \
	    "max over lines and hours of the clock of mean(I / I_rated)", "cable rating", \
	    LOWER_IS_BETTER) \
	X(LINE_OVER, "grid.line_overload_min", "min", \
	    "time for which at least one line carried more than its rating", \
	    "sum of dt [any I > I_rated]", "cable rating", LOWER_IS_BETTER) \
	X(PEAK_1, "grid.peak_w.1min", "W", \
	    "highest 1-minute mean of the power drawn at the feeder head", \
	    "max over minutes of mean(P)", "window of the clock; needs steps of a minute or less", \
	    LOWER_IS_BETTER) \
	X(PEAK_15, "grid.peak_w.15min", "W", \
	    "highest 15-minute mean of the power drawn at the feeder head", \
	    "max over quarters of an hour of mean(P)", "billing interval of demand charges", \
	    LOWER_IS_BETTER) \
	X(PEAK_60, "grid.peak_w.60min", "W", \
	    "highest hourly mean of the power drawn at the feeder head", \
	    "max over hours of mean(P)", "window of the clock", LOWER_IS_BETTER) \
	X(RAMP_1, "grid.ramp_w_per_s.1min", "W/s", "steepest change between 1-minute means", \
	    "max of |mean(t + w) - mean(t)| / w, w = 1 min", "feeder head, windows of the clock", \
	    LOWER_IS_BETTER) \
	X(RAMP_15, "grid.ramp_w_per_s.15min", "W/s", "steepest change between 15-minute means", \
	    "max of |mean(t + w) - mean(t)| / w, w = 15 min", "feeder head, windows of the clock", \
	    LOWER_IS_BETTER) \
	X(RAMP_60, "grid.ramp_w_per_s.60min", "W/s", "steepest change between hourly means", \
	    "max of |mean(t + w) - mean(t)| / w, w = 60 min", "feeder head, windows of the clock", \
	    LOWER_IS_BETTER) \
	X(LOAD_FACTOR, "grid.load_factor_pu", "1", "mean by peak of the power at the feeder head", \
	    "mean(P) / highest 15-minute mean of P", "IEC 60050-691, load factor", \
	    NEITHER_IS_BETTER) \
	X(DIVERSITY, "grid.diversity_factor", "1", \
	    "sum of the customers' own peaks by the peak of their sum", \
	    "sum_c max_t P_c / max_t sum_c P_c", "IEC 60050-691, diversity factor; step means", \
	    NEITHER_IS_BETTER) \
	X(REVERSE_MIN, "grid.reverse_min", "min", \
	    "time for which power flowed back into the bulk grid", \
	    "sum of dt [P_head < 0]", "feeder head", LOWER_IS_BETTER) \
	X(REVERSE_J, "grid.reverse_j", "J", "energy that flowed back into the bulk grid", \
	    "sum of max(0, -P_head) dt", "feeder head", LOWER_IS_BETTER) \
	X(REVERSE_W, "grid.reverse_w.max", "W", \
	    "highest power that flowed back into the bulk grid", \
	    "max over steps of -P_head", "feeder head, step means", LOWER_IS_BETTER) \
	X(REVERSE_LOADING, "grid.reverse_loading_pu.max", "1", \
	    "highest loading of a transformer while power flowed back through it", \
	    "max over transformers and steps with P < 0 of S / S_rated", "nameplate; step means", \
	    LOWER_IS_BETTER) \
	X(LINE_LOSS, "grid.line_loss_j", "J", "energy lost in cables and lines", \
	    "sum over lines of |I|^2 R dt, neutral included", "Joule's law", LOWER_IS_BETTER) \
	X(TRANSFORMER_LOSS, "grid.transformer_loss_j", "J", "energy lost in transformers", \
	    "sum of (P0 (V/V_n)^2 + P_k (I/I_r)^2) dt", "IEC 60076-1", LOWER_IS_BETTER) \
	X(LOSS_SHARE, "grid.loss_share_pu", "1", "losses by the energy delivered to customers", \
	    "(line + transformer loss) / delivered", "feeder", LOWER_IS_BETTER) \
	X(UNSERVED, "grid.unserved_j", "J", "demand that an outage, a low voltage or a trip left unserved", \
	    "sum of (P wanted - P served) dt", "feeder", LOWER_IS_BETTER) \
	X(UNSERVED_LOW, "grid.unserved_low_voltage_j", "J", \
	    "demand left unserved because the voltage was below the limit of constant power", \
	    "sum of (P wanted - P served) dt [solved]", "feeder; part of grid.unserved_j", \
	    LOWER_IS_BETTER) \
	X(UNSERVED_OUT, "grid.unserved_outage_j", "J", \
	    "demand left unserved by outages, at customers without any voltage", \
	    "sum of P wanted dt [V = 0, solved]", "feeder; part of grid.unserved_j", \
	    LOWER_IS_BETTER) \
	X(UNSERVED_TRIPPED, "grid.unserved_tripped_j", "J", \
	    "demand left unserved while the feeder was tripped", \
	    "sum of (P wanted - P served) dt [not solved]", "feeder; part of grid.unserved_j", \
	    LOWER_IS_BETTER) \
	X(CURTAILED, "grid.curtailed_j", "J", \
	    "generation that an outage, a low voltage, a trip or a voltage function left unused", \
	    "sum of (P offered - P taken) dt", "feeder", LOWER_IS_BETTER) \
	X(FAILURES, "grid.unsolved_steps", "1", \
	    "steps without an operating point, in which the feeder counts as tripped", \
	    "count of steps whose power flow did not converge", "feeder", LOWER_IS_BETTER) \
	X(LOW_STEPS, "grid.low_voltage_steps", "1", \
	    "steps in which a customer was below the limit of constant power", \
	    "count of steps with V < low-voltage-limit", "feeder", LOWER_IS_BETTER)

enum grid_metric {
#define X(id, key, unit, about, formula, source, better) GRID_##id,
	GRID_METRIC_LIST(X)
#undef X
	GRID_COUNT
};

const struct metric grid_metrics[] = {
#define X(id, key, unit, about, formula, source, better) \
	{ key, unit, about, formula, source, better },
	GRID_METRIC_LIST(X)
#undef X
	{ 0 },
};

static double diversity(const struct stress *s)
{
	double sum_w = 0;
	for (uint32_t c = 0; c < s->customers; c++) sum_w += s->customer_peak_w[c];
	return sum_w / s->peak_w_step;
}

static void read_voltage(const struct stress *s, double *value)
{
	value[GRID_MARGIN] = stress_margin(s);
	value[GRID_ANSI_A] = s->ansi_a_s / 60;
	value[GRID_ANSI_B] = s->ansi_b_s / 60;
	value[GRID_ANSI_A_LONGEST] = s->ansi_a_longest_s / 60;
	value[GRID_ANSI_A_SHARE] = (double)s->ansi_a_most / s->customers;
	value[GRID_V_MIN] = s->v_min_pu;
	value[GRID_V_MAX] = s->v_max_pu;
	value[GRID_UNBALANCE] = s->unbalance_max_pu;
	value[GRID_LVUR] = s->lvur_max_pu;
}

static void read_quality(const struct quality *q, double *value)
{
	double there = q->windows ? 1 : NAN;
	struct quality_week week = quality_week(q);
	value[GRID_EN50160] = there * q->outside_s / 60;
	value[GRID_EN50160_SHARE] = week.voltage_share;
	value[GRID_EN50160_ALL] = there * q->outside_all_s / 60;
	value[GRID_V_TEN_MIN] = q->v_min_pu;
	value[GRID_V_TEN_MAX] = q->v_max_pu;
	value[GRID_UNBALANCE_P95] = week.unbalance_p95_pu;
	value[GRID_UNBALANCE_TEN] = q->uneven_max_pu;
	value[GRID_UNBALANCE_SHARE] = week.unbalance_share;
}

static void read_transformer(const struct stress *s, double *value)
{
	const struct stress_transformer *t = &s->transformer;
	double there = t->units ? 1 : NAN;
	struct ageing iec = stress_transformer_iec(t), ieee = stress_transformer_ieee(t);
	value[GRID_TRANSFORMER_MAX] = there * t->loading.value;
	value[GRID_TRANSFORMER_MEAN] = stress_transformer_mean_pu(t);
	value[GRID_TRANSFORMER_OVER] = there * t->over_s / 60;
	value[GRID_TRANSFORMER_OVER_J] = there * t->over_j;
	value[GRID_UTILISATION] = there * t->demand_pu;
	value[GRID_REVERSE_LOADING] = there * t->reverse_max_pu;
	value[GRID_HOT_SPOT] = there * (stress_transformer_hottest_k(t) - 273.15);
	value[GRID_AGEING_IEC] = there * iec.mean;
	value[GRID_AGEING_IEC_WORST] = there * iec.worst;
	value[GRID_AGEING_IEC_MAX] = there * stress_transformer_iec_max(t);
	value[GRID_AGEING_IEEE] = there * ieee.mean;
	value[GRID_AGEING_IEEE_WORST] = there * ieee.worst;
	value[GRID_LIFE] = there * ieee.worst * s->time_s / TRANSFORMER_LIFE_S;
	value[GRID_TRANSFORMER_LOSS] = there * s->transformer_loss_j;
}

static void read_head(const struct stress *s, double *value)
{
	for (int w = 0; w < STRESS_WINDOWS; w++) {
		value[GRID_PEAK_1 + w] = s->peak_w[w];
		value[GRID_RAMP_1 + w] = s->ramp_w_s[w];
	}
	value[GRID_LOAD_FACTOR] = s->energy_j / s->time_s / s->peak_w[1];
	if (!(s->peak_w[1] > 0)) value[GRID_LOAD_FACTOR] = NAN;
	value[GRID_DIVERSITY] = diversity(s);
	value[GRID_REVERSE_MIN] = s->reverse_s / 60;
	value[GRID_REVERSE_J] = s->reverse_j;
	value[GRID_REVERSE_W] = s->reverse_max_w;
	value[GRID_LINE_MAX] = s->line.value;
	value[GRID_LINE_HOUR] = s->line_hour_max_pu;
	value[GRID_LINE_OVER] = s->line_over_s / 60;
	value[GRID_LINE_LOSS] = s->line_loss_j;
	value[GRID_LOSS_SHARE] = (s->line_loss_j + s->transformer_loss_j) / s->delivered_j;
	value[GRID_UNSERVED] = s->unserved_j;
	value[GRID_UNSERVED_LOW] = s->unserved_low_j;
	value[GRID_UNSERVED_OUT] = s->unserved_out_j;
	value[GRID_UNSERVED_TRIPPED] = s->unserved_tripped_j;
	value[GRID_CURTAILED] = s->curtailed_j;
	value[GRID_FAILURES] = (double)s->failures;
	value[GRID_LOW_STEPS] = (double)s->low_steps;
}

static void say_where(struct dataset *d, const char *key, const struct worst *w)
{
	char asset[32];
	snprintf(asset, sizeof asset, "customer %u", w->customer);
	struct ds_group *g = ds_group(d, "summary");
	ds_attr_text(g, key, "asset", w->customer ? asset : w->name);
	ds_attr_text(g, key, "limit", w->limit);
	ds_attr_f64(g, key, "time_s", (double)w->t_ns / 1e9);
}

/* How many steps, or 10-minute windows, a metric is taken from. */
static int64_t seen(const struct stress *s, int id)
{
	switch (id) {
	case GRID_EN50160:
	case GRID_EN50160_SHARE:
	case GRID_EN50160_ALL:
	case GRID_V_TEN_MIN:
	case GRID_V_TEN_MAX:
	case GRID_UNBALANCE_P95:
	case GRID_UNBALANCE_TEN:
	case GRID_UNBALANCE_SHARE: return (int64_t)s->quality.windows;
	default: return (int64_t)s->steps;
	}
}

void stress_export(const struct stress *s, struct dataset *d)
{
	double value[GRID_COUNT];
	read_voltage(s, value);
	read_quality(&s->quality, value);
	read_transformer(s, value);
	read_head(s, value);
	for (int id = 0; id < GRID_COUNT; id++) {
		const struct metric *m = &grid_metrics[id];
		if (!isfinite(value[id])) continue; /* nothing was seen of it */
		metric_put(d, m->key, NULL, estimate_exact(value[id], seen(s, id)));
		if (id == GRID_MARGIN) say_where(d, m->key, &s->excess);
		if (id == GRID_TRANSFORMER_MAX) say_where(d, m->key, &s->transformer.loading);
		if (id == GRID_LINE_MAX) say_where(d, m->key, &s->line);
	}
	interruptions_export(&s->interruptions, d);
}
