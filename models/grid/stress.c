#include "models/grid/stress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const double width_s[STRESS_WINDOWS] = { 60, 900, 3600 };

/* By enum voltage_limits. */
struct stress_limits {
	double min_pu, max_pu;
	const char *low, *high;
};

static const struct stress_limits limits[] = {
	[LIMITS_EN50160] = { EN50160_MIN, EN50160_MAX, "voltage, EN 50160 low",
	    "voltage, EN 50160 high" },
	[LIMITS_ANSI_A] = { STRESS_ANSI_A_MIN, STRESS_ANSI_A_MAX, "voltage, ANSI C84.1 range A low",
	    "voltage, ANSI C84.1 range A high" },
	[LIMITS_ANSI_B] = { STRESS_ANSI_B_MIN, STRESS_ANSI_B_MAX, "voltage, ANSI C84.1 range B low",
	    "voltage, ANSI C84.1 range B high" },
};

struct stress *stress_new(const struct feeder *f)
{
	struct stress *s = mem_new(1, sizeof *s);
	s->customers = f->customers;
	s->limits = &limits[f->par.limits];
	stress_transformer_init(&s->transformer, f);
	s->v_min_pu = INFINITY;
	s->v_max_pu = -INFINITY;
	quality_init(&s->quality, f);
	interruptions_init(&s->interruptions, f->customers);
	s->hour.width_s = width_s[2];
	s->line_pu_s = mem_new(f->lines, sizeof *s->line_pu_s);
	s->line_hour_max_pu = -INFINITY;
	s->ansi_a_since_s = mem_new(f->customers, sizeof *s->ansi_a_since_s);
	s->customer_peak_w = mem_new(f->customers, sizeof *s->customer_peak_w);
	for (int w = 0; w < STRESS_WINDOWS; w++) {
		s->window[w].width_s = width_s[w];
		s->peak_w[w] = s->ramp_w_s[w] = -INFINITY;
		s->last_w[w] = NAN;
	}
	s->line.value = s->excess.value = -INFINITY;
	return s;
}

void stress_free(struct stress *s)
{
	if (!s) return;
	quality_fini(&s->quality);
	interruptions_fini(&s->interruptions);
	free(s->line_pu_s);
	stress_transformer_fini(&s->transformer);
	free(s->ansi_a_since_s);
	free(s->customer_peak_w);
	free(s);
}

static void add_ansi(struct stress *s, const struct feeder *f, double dt_s)
{
	uint32_t out_a = 0, out_b = 0;
	for (uint32_t c = 0; c < s->customers; c++) {
		double v = f->at.v_pu[c];
		if (f->at.dark[c]) continue; /* an interruption, no voltage */
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

/* The lowest and the highest of the step are all that extremes and margins can come from. */
static void add_extremes(struct stress *s, const struct feeder *f, const struct step *step)
{
	double low = INFINITY, high = -INFINITY;
	uint32_t low_at = 0, high_at = 0;
	for (uint32_t c = 0; c < s->customers; c++) {
		double v = f->at.v_pu[c];
		if (f->at.dark[c]) continue;
		if (v < low) low = v, low_at = c;
		if (v > high) high = v, high_at = c;
	}
	if (low > high) return; /* all are dark */
	s->v_min_pu = fmin(s->v_min_pu, low);
	s->v_max_pu = fmax(s->v_max_pu, high);
	const struct stress_limits *l = s->limits;
	worst_keep(&s->excess, (struct worst){ -worst_above(low, l->min_pu), NULL, low_at + 1,
				   l->low, step->begin_ns });
	worst_keep(&s->excess, (struct worst){ worst_above(high, l->max_pu), NULL, high_at + 1,
				   l->high, step->begin_ns });
}

static void add_voltages(struct stress *s, const struct feeder *f, const struct step *step)
{
	add_extremes(s, f, step);
	s->lvur_max_pu = fmax(s->lvur_max_pu, f->sums.lvur_pu);
	s->unbalance_max_pu = fmax(s->unbalance_max_pu, f->unbalance_pu);
	const char *place = f->places ? f->place_name[f->unbalance_place] : NULL;
	struct worst uneven = { worst_above(f->unbalance_pu, EN50160_UNBALANCE_MAX), place, 0,
		"voltage unbalance, EN 50160", step->begin_ns };
	worst_keep(&s->excess, uneven);
}

static void add_lines(struct stress *s, const struct feeder *f, const struct step *step)
{
	struct worst most = { -INFINITY, NULL, 0, "line rating", step->begin_ns };
	for (uint32_t i = 0; i < f->lines; i++) {
		if (f->at.line_pu[i] <= most.value) continue;
		most.value = f->at.line_pu[i];
		most.name = f->line_name[i];
	}
	worst_keep(&s->line, most);
	if (most.value > 1) s->line_over_s += step->dt_s;
	most.value = worst_above(most.value, 1);
	worst_keep(&s->excess, most);
}

/* A line may carry more than its rating for minutes; over an hour it heats as a cable does. */
static void add_line_hours(struct stress *s, const struct feeder *f, double t_s, double dt_s)
{
	for (double left_s = dt_s, part_s; left_s > 0; t_s += part_s, left_s -= part_s) {
		double unused;
		part_s = window_part_s(s->hour.width_s, t_s, left_s);
		for (uint32_t i = 0; i < f->lines; i++)
			s->line_pu_s[i] += f->at.line_pu[i] * part_s;
		bool whole = window_add(&s->hour, t_s, part_s, 0, &unused);
		if (s->hour.filled_s != 0) continue;
		for (uint32_t i = 0; i < f->lines; i++) {
			double mean_pu = s->line_pu_s[i] / s->hour.width_s;
			if (whole) s->line_hour_max_pu = fmax(s->line_hour_max_pu, mean_pu);
			s->line_pu_s[i] = 0;
		}
	}
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
	s->energy_j += f->sums.meter_w * dt_s;
	s->import_j += fmax(f->sums.meter_w, 0) * dt_s;
	if (f->sums.meter_w < 0) {
		s->reverse_j -= f->sums.meter_w * dt_s;
		s->reverse_s += dt_s;
		s->reverse_max_w = fmax(s->reverse_max_w, -f->sums.meter_w);
	}
	s->delivered_j += f->sums.delivered_w * dt_s;
	s->unserved_j += f->sums.unserved_w * dt_s;
	s->unserved_tripped_j += f->tripped_w * dt_s;
	s->unserved_out_j += f->sums.dark_w * dt_s;
	s->unserved_low_j += (f->sums.unserved_w - f->tripped_w - f->sums.dark_w) * dt_s;
	s->curtailed_j += f->sums.curtailed_w * dt_s;
	s->line_loss_j += f->sums.line_loss_w * dt_s;
	s->transformer_loss_j += f->sums.transformer_loss_w * dt_s;
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
	s->low_steps += f->sums.low > 0;
	add_ansi(s, f, step->dt_s);
	add_voltages(s, f, step);
	quality_add(&s->quality, f, local_s, step->dt_s);
	interruptions_add(&s->interruptions, f->at.v_pu, step->dt_s);
	add_lines(s, f, step);
	add_line_hours(s, f, local_s, step->dt_s);
	stress_transformer_step(&s->transformer, f, step, air_k, &s->excess);
	for (int w = 0; w < STRESS_WINDOWS; w++) add_window(s, w, f->sums.meter_w, local_s, step->dt_s);
	add_head(s, f, step->dt_s);
	add_demand(s, p_w);
}

double stress_margin(const struct stress *s)
{
	return s->steps ? -s->excess.value : NAN;
}
