#include "models/grid/stress_transformer.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

void stress_transformer_init(struct stress_transformer *s, const struct feeder *f)
{
	*s = (struct stress_transformer){ .units = f->transformers,
		.loading.value = -INFINITY,
		.demand_pu = -INFINITY };
	s->unit = mem_new(s->units, sizeof *s->unit);
	for (uint32_t i = 0; i < s->units; i++) {
		s->unit[i].par = f->transformer[i];
		s->unit[i].quarter.width_s = 900;
	}
}

void stress_transformer_fini(struct stress_transformer *s)
{
	free(s->unit);
}

static void add_demand(struct stress_transformer *s, struct stressed_unit *u, double pu,
    double t_s, double dt_s)
{
	for (double left_s = dt_s, part_s; left_s > 0; t_s += part_s, left_s -= part_s) {
		double mean_pu;
		part_s = window_part_s(u->quarter.width_s, t_s, left_s);
		if (window_add(&u->quarter, t_s, part_s, pu, &mean_pu))
			s->demand_pu = fmax(s->demand_pu, mean_pu);
	}
}

static void add_loading(struct stress_transformer *s, struct stressed_unit *u,
    const struct transformer_flow *f, const struct step *step)
{
	u->pu_s += f->pu * step->dt_s;
	add_demand(s, u, f->pu, step->utc_s + step->zone_s, step->dt_s);
	if (f->w < 0) s->reverse_max_pu = fmax(s->reverse_max_pu, f->pu);
	if (f->pu <= 1) return;
	s->over_s += step->dt_s;
	s->over_j += (f->pu - 1) * u->par->rating_va * step->dt_s;
}

static void add_heat(struct stressed_unit *u, const struct transformer_flow *f,
    const struct step *step, double air_k, bool settled)
{
	double ambient_k = isnan(u->par->ambient_k) ? air_k : u->par->ambient_k;
	if (!settled) transformer_settle(u->par, f->winding_rms_pu, ambient_k, &u->heat);
	transformer_heat(
	    u->par, f->winding_rms_pu, f->winding_pu, ambient_k, step->dt_s, &u->heat);
}

static double hot_spot_above(const struct stressed_unit *u)
{
	return worst_above(u->heat.hot_spot_k - 273.15, TRANSFORMER_HOT_SPOT_MAX_K - 273.15);
}

void stress_transformer_step(struct stress_transformer *s, const struct feeder *f,
    const struct step *step, double air_k, struct worst *excess)
{
	for (uint32_t i = 0; i < s->units; i++) {
		struct stressed_unit *u = &s->unit[i];
		const struct transformer_flow *flow = &f->at.transformer[i];
		const char *name = u->par->name;
		struct worst load = { flow->pu, name, 0, "transformer rating", step->begin_ns };
		worst_keep(&s->loading, load);
		load.value = worst_above(flow->pu, 1);
		worst_keep(excess, load);
		add_loading(s, u, flow, step);
		add_heat(u, flow, step, air_k, s->settled);
		worst_keep(excess, (struct worst){ hot_spot_above(u), name, 0,
				       "hot spot, IEC 60076-7", step->begin_ns });
	}
	s->settled = true;
	s->time_s += step->dt_s;
}

double stress_transformer_hot_k(const struct stress_transformer *s)
{
	double most_k = -INFINITY;
	for (uint32_t i = 0; i < s->units; i++) most_k = fmax(most_k, s->unit[i].heat.hot_spot_k);
	return most_k;
}

double stress_transformer_hottest_k(const struct stress_transformer *s)
{
	double most_k = -INFINITY;
	for (uint32_t i = 0; i < s->units; i++)
		most_k = fmax(most_k, s->unit[i].heat.hot_spot_max_k);
	return most_k;
}

static void add_ageing(const struct stress_transformer *s, struct ageing *a, double aged_s)
{
	a->mean += aged_s / s->time_s / s->units;
	a->worst = fmax(a->worst, aged_s / s->time_s);
}

struct ageing stress_transformer_iec(const struct stress_transformer *s)
{
	struct ageing a = { 0, 0 };
	for (uint32_t i = 0; i < s->units; i++) add_ageing(s, &a, s->unit[i].heat.aged_iec_s);
	return a;
}

struct ageing stress_transformer_ieee(const struct stress_transformer *s)
{
	struct ageing a = { 0, 0 };
	for (uint32_t i = 0; i < s->units; i++) add_ageing(s, &a, s->unit[i].heat.aged_ieee_s);
	return a;
}

double stress_transformer_iec_max(const struct stress_transformer *s)
{
	double most = 0;
	for (uint32_t i = 0; i < s->units; i++) {
		const struct stressed_unit *u = &s->unit[i];
		most = fmax(most, transformer_ageing_iec(
				      (enum paper)u->par->paper, u->heat.hot_spot_max_k));
	}
	return most;
}

double stress_transformer_mean_pu(const struct stress_transformer *s)
{
	double sum_pu_s = 0;
	for (uint32_t i = 0; i < s->units; i++) sum_pu_s += s->unit[i].pu_s;
	return sum_pu_s / s->units / s->time_s;
}
