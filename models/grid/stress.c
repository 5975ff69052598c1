#include "models/grid/stress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const double width_s[STRESS_WINDOWS] = { 60, 900, 3600 };

struct stress *stress_new(const struct feeder *f)
{
	struct stress *s = mem_new(1, sizeof *s);
	s->customers = f->customers;
	s->has_transformer = f->has_transformer;
	s->paper = (enum paper)f->transformer.paper;
	s->v_min_pu = INFINITY;
	s->v_max_pu = -INFINITY;
	quality_init(&s->quality, f);
	s->ansi_a_since_s = mem_new(f->customers, sizeof *s->ansi_a_since_s);
	s->customer_peak_w = mem_new(f->customers, sizeof *s->customer_peak_w);
	for (int w = 0; w < STRESS_WINDOWS; w++) {
		s->window[w].width_s = width_s[w];
		s->peak_w[w] = s->ramp_w_s[w] = -INFINITY;
		s->last_w[w] = NAN;
	}
	s->quarter.width_s = width_s[1];
	s->demand_pu = -INFINITY;
	s->transformer.value = s->line.value = s->excess.value = -INFINITY;
	return s;
}

void stress_free(struct stress *s)
{
	if (!s) return;
	quality_fini(&s->quality);
	free(s->ansi_a_since_s);
	free(s->customer_peak_w);
	free(s);
}

static void keep_worst(struct worst *w, struct worst seen)
{
	if (seen.value > w->value) *w = seen;
}

/* (value - limit) / limit of an upper limit. */
static double above(double value, double limit)
{
	return (value - limit) / limit;
}

static void add_ansi(struct stress *s, const struct feeder *f, double dt_s)
{
	uint32_t out_a = 0, out_b = 0;
	for (uint32_t c = 0; c < s->customers; c++) {
		double v = f->v_pu[c];
		out_b += v < STRESS_ANSI_B_MIN || v > STRESS_ANSI_B_MAX;
		if (v >= STRESS_ANSI_A_MIN && v <= STRESS_ANSI_A_MAX) {
			s->ansi_a_since_s[c] = 0;
			continue;
		}
		out_a++;
		s->ansi_a_since_s[c] += dt_s;
		s->ansi_a_longest_s = fmax(s->ansi_a_longest_s, s->ansi_a_since_s[c]);
	}
	if (out_a > s->ansi_a_most) s->ansi_a_most = out_a;
	s->ansi_a_s += out_a * dt_s;
	s->ansi_b_s += out_b * dt_s;
}

static void add_voltages(struct stress *s, const struct feeder *f, const struct step *step)
{
	for (uint32_t c = 0; c < s->customers; c++) {
		double v = f->v_pu[c];
		s->v_min_pu = fmin(s->v_min_pu, v);
		s->v_max_pu = fmax(s->v_max_pu, v);
		struct worst low = { -above(v, EN50160_MIN), NULL, c + 1,
			"voltage, EN 50160 low", step->begin_ns };
		struct worst high = { above(v, EN50160_MAX), NULL, c + 1,
			"voltage, EN 50160 high", step->begin_ns };
		keep_worst(&s->excess, low);
		keep_worst(&s->excess, high);
	}
	s->unbalance_max_pu = fmax(s->unbalance_max_pu, f->unbalance_pu);
	const char *place =
	    f->unbalance_node ? f->tree->line[f->unbalance_node - 1].name : "busbar";
	struct worst uneven = { above(f->unbalance_pu, EN50160_UNBALANCE_MAX), place, 0,
		"voltage unbalance, EN 50160", step->begin_ns };
	keep_worst(&s->excess, uneven);
}

static void add_lines(struct stress *s, const struct feeder *f, const struct step *step)
{
	struct worst most = { -INFINITY, NULL, 0, "line rating", step->begin_ns };
	for (uint32_t i = 0; i < f->tree->lines; i++) {
		if (f->line_pu[i] <= most.value) continue;
		most.value = f->line_pu[i];
		most.name = f->tree->line[i].name;
	}
	keep_worst(&s->line, most);
	if (most.value > 1) s->line_over_s += step->dt_s;
	most.value = above(most.value, 1);
	keep_worst(&s->excess, most);
}

static void add_demand_pu(struct stress *s, double pu, double t_s, double dt_s)
{
	for (double left_s = dt_s, part_s; left_s > 0; t_s += part_s, left_s -= part_s) {
		double mean_pu;
		part_s = window_part_s(s->quarter.width_s, t_s, left_s);
		if (window_add(&s->quarter, t_s, part_s, pu, &mean_pu))
			s->demand_pu = fmax(s->demand_pu, mean_pu);
	}
}

static void add_transformer(struct stress *s, const struct feeder *f, const struct step *step,
    double air_k)
{
	const struct transformer_par *p = &f->transformer;
	double pu = f->transformer_pu, ambient_k = isnan(p->ambient_k) ? air_k : p->ambient_k;
	struct worst load = { pu, p->name, 0, "transformer rating", step->begin_ns };
	keep_worst(&s->transformer, load);
	load.value = above(pu, 1);
	keep_worst(&s->excess, load);
	s->transformer_pu_s += pu * step->dt_s;
	add_demand_pu(s, pu, step->utc_s + step->zone_s, step->dt_s);
	if (f->source_w < 0) s->reverse_max_pu = fmax(s->reverse_max_pu, pu);
	if (pu > 1) {
		s->transformer_over_s += step->dt_s;
		s->transformer_over_j += (pu - 1) * p->rating_va * step->dt_s;
	}
	if (!s->heat_settled) transformer_settle(p, f->winding_rms_pu, ambient_k, &s->heat);
	s->heat_settled = true;
	transformer_heat(p, f->winding_rms_pu, f->winding_pu, ambient_k, step->dt_s, &s->heat);
	double hot_c = s->heat.hot_spot_k - 273.15, limit_c = TRANSFORMER_HOT_SPOT_MAX_K - 273.15;
	keep_worst(&s->excess, (struct worst){ above(hot_c, limit_c), p->name, 0,
		"hot spot, IEC 60076-7", step->begin_ns });
}

static void add_window(struct stress *s, int w, double p_w, double t_s, double dt_s)
{
	for (double left_s = dt_s, part_s; left_s > 0; t_s += part_s, left_s -= part_s) {
		double mean_w;
		part_s = window_part_s(width_s[w], t_s, left_s);
		if (!window_add(&s->window[w], t_s, part_s, p_w, &mean_w)) continue;
		s->peak_w[w] = fmax(s->peak_w[w], mean_w);
		if (!isnan(s->last_w[w]))
			s->ramp_w_s[w] =
			    fmax(s->ramp_w_s[w], fabs(mean_w - s->last_w[w]) / width_s[w]);
		s->last_w[w] = mean_w;
	}
}

static void add_head(struct stress *s, const struct feeder *f, double dt_s)
{
	s->energy_j += f->source_w * dt_s;
	s->import_j += fmax(f->source_w, 0) * dt_s;
	if (f->source_w < 0) {
		s->reverse_j -= f->source_w * dt_s;
		s->reverse_s += dt_s;
		s->reverse_max_w = fmax(s->reverse_max_w, -f->source_w);
	}
	s->delivered_j += f->delivered_w * dt_s;
	s->unserved_j += f->unserved_w * dt_s;
	*(f->converged ? &s->unserved_low_j : &s->unserved_tripped_j) += f->unserved_w * dt_s;
	s->curtailed_j += f->curtailed_w * dt_s;
	s->line_loss_j += f->line_loss_w * dt_s;
	s->transformer_loss_j += f->transformer_loss_w * dt_s;
}

static void add_demand(struct stress *s, const double *p_w)
{
	double sum_w = 0;
	for (uint32_t c = 0; c < s->customers; c++) {
		s->customer_peak_w[c] = fmax(s->customer_peak_w[c], p_w[c]);
		sum_w += p_w[c];
	}
	s->peak_w_step = fmax(s->peak_w_step, sum_w);
}

void stress_step(struct stress *s, const struct feeder *f, const double *p_w,
    const struct step *step, double air_k)
{
	double local_s = step->utc_s + step->zone_s;
	s->time_s += step->dt_s;
	s->steps++;
	s->failures += !f->converged;
	s->low_steps += f->low > 0;
	add_ansi(s, f, step->dt_s);
	add_voltages(s, f, step);
	quality_add(&s->quality, f, local_s, step->dt_s);
	add_lines(s, f, step);
	if (s->has_transformer) add_transformer(s, f, step, air_k);
	for (int w = 0; w < STRESS_WINDOWS; w++) add_window(s, w, f->source_w, local_s, step->dt_s);
	add_head(s, f, step->dt_s);
	add_demand(s, p_w);
}

double stress_margin(const struct stress *s)
{
	return s->steps ? -s->excess.value : NAN;
}
