#include "models/site/swing.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/supply.h"
#include "models/site/swing_state.h"

static double seconds(int64_t t_ns)
{
	return (double)t_ns / (double)SIM_NS_PER_S;
}

static int64_t nanoseconds(double t_s)
{
	return llround(t_s * (double)SIM_NS_PER_S);
}

/* ---- making one ---- */

static double no_limit(double x)
{
	return isnan(x) ? INFINITY : x;
}

static struct frequency_battery battery_of(const struct object *frequency, double base_w)
{
	static const struct frequency_battery none = { { INFINITY, 0, 0, 0 }, 1, INFINITY, 0 };
	const struct object *o = object_child(frequency, &battery_response_class);
	if (!o) return none;
	const struct battery_response_par *b = o->par;
	double nominal_hz = ((const struct frequency_attrs *)frequency->par)->nominal_hz;
	double power_pu = b->power_w / base_w;
	return (struct frequency_battery){
		.droop = { b->full_hz / nominal_hz / power_pu, b->deadband_hz, power_pu, power_pu },
		.lag_s = b->lag_s,
		.energy_pu_s = no_limit(b->energy_j / base_w),
		.initial_frac = b->initial_frac,
	};
}

static struct frequency_par par_of(const struct object *o, double base_w)
{
	const struct frequency_attrs *a = o->par;
	struct frequency_par p = {
		.nominal_hz = a->nominal_hz,
		.inertia_s = a->inertia_s,
		.damping_pu = a->damping_pu,
		.governor = { a->droop_pu, a->deadband_hz, no_limit(a->headroom_pu),
		    no_limit(a->footroom_pu) },
		.gain_pu = a->gain_pu,
		.fast_frac = a->fast_frac,
		.reheat_s = a->reheat_s,
		.ramp_pu_s = no_limit(a->ramp_pu_s),
		.restore_s = a->restore_s,
		.band_hz = a->band_hz,
		.window_s = a->window_s,
		.battery = battery_of(o, base_w),
	};
	for (const struct object *s = object_child(o, &shedding_class); s; s = object_next(s)) {
		const struct shedding_par *q = s->par;
		p.step[p.steps++] = (struct frequency_step){ q->threshold_hz, q->delay_s,
			q->share_frac, no_limit(q->out_s) };
	}
	return p;
}

static void check_when(const struct object *o, const struct time_par *time, struct err_list *e)
{
	const struct contingency_par *p = o->par;
	if (isnan(time->duration_s))
		err_at(e, o->pos, "contingency: this run has no end that is known; write duration= "
		    "in <time>");
	else if (p->at_s >= time->duration_s)
		err_at(e, object_attr_pos(o, "at"), "contingency: comes after the run's end");
	if (p->at_s < time->step_s)
		err_at(e, object_attr_pos(o, "at"),
		    "contingency: before the first grid step has ended, after %g s, no unit gives "
		    "anything yet; let it come later",
		    time->step_s);
}

static void keep_point(void *ctx, double t_s, double hz, enum frequency_event what)
{
	struct swing *w = ctx;
	w->point = mem_grow(w->point, w->points, &w->cap, sizeof *w->point);
	w->point[w->points++] = (struct swing_point){ t_s, hz, what };
	w->lowest_hz = fmin(w->lowest_hz, hz);
}

static void make_frequency(struct swing *w, const struct object *o)
{
	const struct frequency_attrs *a = o->par;
	double capacity_w = 0;
	for (size_t k = 0; k < market_units(w->market); k++)
		capacity_w += market_capacity_w(w->market, k);
	w->base_w = isnan(a->base_w) ? capacity_w : a->base_w;
	w->jump_w = a->jump_pu * w->base_w;
	struct frequency_par par = par_of(o, w->base_w);
	w->f = frequency_new(&par, 0);
	w->lowest_hz = par.nominal_hz;
	frequency_watch(w->f, keep_point, w);
}

/* ---- contingencies ---- */

static void on_contingency(struct sim *s, const struct sim_event *ev, void *ctx);
static void on_frequency(struct sim *s, const struct sim_event *ev, void *ctx);

enum { BEGINS, ENDS };

static void schedule(struct swing *w, const struct object *first)
{
	size_t n = 0, k = 0;
	for (const struct object *o = first; o; o = object_next(o)) n++;
	w->contingency = mem_new(n, sizeof *w->contingency);
	for (const struct object *o = first; o; o = object_next(o), k++) {
		const struct contingency_par *p = o->par;
		w->contingency[k] = p;
		sim_at(w->sim, nanoseconds(p->at_s), w->on_contingency, (uint32_t)k, BEGINS, 0);
		if (!isnan(p->until_s))
			sim_at(w->sim, nanoseconds(p->until_s), w->on_contingency, (uint32_t)k,
			    ENDS, 0);
	}
}

struct swing *swing_new(struct sim *s, struct market *m, const struct object *scenario,
    const struct time_par *time, struct err_list *e)
{
	const struct object *supply = object_child(scenario, &supply_class);
	const struct object *frequency = object_child(supply, &frequency_class);
	const struct object *first = object_child(supply, &contingency_class);
	size_t before = err_count(e);
	if (!m || (!frequency && !first)) return NULL;
	for (const struct object *o = first; o; o = object_next(o)) check_when(o, time, e);
	if (err_count(e) != before) return NULL;
	struct swing *w = mem_new(1, sizeof *w);
	w->sim = s;
	w->market = m;
	w->own_w = NAN;
	w->on_contingency = sim_type(s, "contingency", SIM_PHASE_DEVICE, on_contingency, w);
	w->on_frequency = sim_type(s, "frequency", SIM_PHASE_DEVICE, on_frequency, w);
	if (frequency) make_frequency(w, frequency);
	schedule(w, first);
	return w;
}

void swing_free(struct swing *w)
{
	if (!w) return;
	frequency_free(w->f);
	free(w->contingency);
	free(w->point);
	free(w);
}

/* ---- the passing of time ---- */

/* Books what others draw up to the present; what is shed is the frequency's to say. */
static void advance(struct swing *w)
{
	double now_s = seconds(sim_now(w->sim));
	w->extra_j += w->extra_w * (now_s - w->now_s);
	w->now_s = now_s;
	if (w->f) frequency_advance(w->f, now_s);
}

static void disturb(struct swing *w, double power_w)
{
	if (!w->f || power_w == 0) return;
	w->disturbances++;
	frequency_disturb(w->f, power_w / w->base_w);
}

static void lose_units(struct swing *w, const struct contingency_par *p)
{
	size_t k = market_find(w->market, p->unit->par);
	int64_t running = market_running(w->market, k);
	int64_t lost = p->count < running ? p->count : running; /* some may be out already */
	if (lost > 0)
		disturb(w, -market_output_w(w->market, k) * (double)lost / (double)running);
	market_lose(w->market, k, p->count);
}

void swing_wake(struct swing *w, int64_t until_ns)
{
	if (!w->f) return;
	sim_cancel(w->sim, w->wake);
	w->wake = 0;
	w->until_ns = until_ns;
	double next_s = frequency_next(w->f, seconds(until_ns));
	if (!isfinite(next_s)) return;
	int64_t next_ns = (int64_t)ceil(next_s * (double)SIM_NS_PER_S), now_ns = sim_now(w->sim);
	if (next_ns <= now_ns) next_ns = now_ns + 1;
	if (next_ns <= until_ns) w->wake = sim_at(w->sim, next_ns, w->on_frequency, 0, 0, 0);
}

static void on_contingency(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct swing *w = ctx;
	const struct contingency_par *p = w->contingency[ev->entity];
	bool begins = ev->a == BEGINS;
	(void)s;
	advance(w);
	if (p->unit && begins) {
		lose_units(w, p);
	} else if (p->unit) {
		market_lose(w->market, market_find(w->market, p->unit->par), -p->count);
	} else {
		double more_w = begins ? p->power_w : -p->power_w;
		w->extra_w += more_w;
		disturb(w, -more_w);
	}
	swing_wake(w, w->until_ns);
}

static void on_frequency(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct swing *w = ctx;
	(void)s;
	(void)ev;
	w->wake = 0;
	advance(w);
	swing_wake(w, w->until_ns);
}

static double shed_j(const struct swing *w)
{
	return w->f ? frequency_report(w->f).shed_pu_s * w->base_w : 0;
}

double swing_shift_w(struct swing *w, const struct step *st)
{
	advance(w);
	w->step_shed_j = shed_j(w) - w->shed_j;
	w->shed_j = shed_j(w);
	double shift_w = (w->extra_j - w->step_shed_j) / st->dt_s;
	w->extra_j = 0;
	return shift_w;
}

void swing_step(struct swing *w, const struct step *st, double own_w, struct record_row *row)
{
	double demand_w = row->bulk_demand_w + w->step_shed_j / st->dt_s;
	if (demand_w > 0)
		w->own_shed_j += w->step_shed_j * fmin(fmax(own_w, 0) / demand_w, 1);
	if (!w->f) return;
	frequency_demand(w->f, demand_w / w->base_w);
	w->lowest_hz = fmin(w->lowest_hz, frequency_now_hz(w->f));
	row->frequency_hz = w->lowest_hz;
	double jump_w = own_w - w->own_w; /* NAN in the first step */
	if (fabs(jump_w) > w->jump_w) disturb(w, -jump_w);
	w->own_w = own_w;
	w->lowest_hz = frequency_now_hz(w->f);
}
