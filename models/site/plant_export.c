/* What the plants of data centres did in a run. */
#include "models/site/plant_state.h"

#include "models/metric.h"
#include "models/site/battery_metrics.h"

#define OF_PLANTS ", of all data centres with sun, wind, storage or limits"

extern const struct metric plant_metrics[];
const struct metric plant_metrics[] = {
	{ "datacentre.peak_import_w", "W", "highest mean import over one step" OF_PLANTS,
	    "sum over data centres of the highest import of a step", "models/site/plant.h",
	    LOWER_IS_BETTER },
	{ "datacentre.peak_bare_w", "W", "the same, had their batteries rested",
	    "sum over data centres of the highest of use - generation", "models/site/plant.h" },
	{ "datacentre.ramp_w_per_min", "W/min",
	    "how much power at the meter changes in a minute" OF_PLANTS,
	    "root mean square over steps of the change since the last step / its minutes; sum "
	    "over data centres",
	    "models/site/plant.h", LOWER_IS_BETTER },
	{ "datacentre.ramp_bare_w_per_min", "W/min", "the same, had their batteries rested",
	    "as datacentre.ramp_w_per_min, of use - generation", "models/site/plant.h" },
	{ "datacentre.self_sufficiency_frac", "1",
	    "share of the data centres' use that they did not import", "1 - import / use",
	    "Luthander et al. 2015, Applied Energy 142, eq. 5", HIGHER_IS_BETTER },
	{ "datacentre.generated_j", "J",
	    "energy of the data centres' sun and wind behind inverters, less what was curtailed",
	    "sum of output times step", "models/site/generation.h" },
	{ "datacentre.export_j", "J", "energy that the data centres gave back",
	    "sum of export times step", "models/site/plant.h" },
	{ "datacentre.storage_in_j", "J",
	    "energy put into the cells of the data centres' batteries", "sum of charge",
	    "models/energy/battery.h" },
	{ "datacentre.storage_out_j", "J", "energy that the data centres' batteries gave",
	    "sum of discharge behind their inverters", "models/energy/battery.h" },
	{ "datacentre.curtailed_j", "J",
	    "sun and wind that the limit of a data centre's connection left no way",
	    "sum of min(export beyond the limit, output) times step", "models/site/connection.h",
	    LOWER_IS_BETTER },
	{ "datacentre.exceeded_j", "J",
	    "energy that flowed beyond the limits of the data centres' connections all the same",
	    "sum of what the meter read above its limit times step", "models/site/connection.h",
	    LOWER_IS_BETTER },
	{ "datacentre.plans", "1", "plans that look-ahead made", "counted",
	    "models/control/ahead.h" },
	{ "datacentre.plans_infeasible", "1",
	    "of them, those for which no way keeps the connection's limits: self-consumption "
	    "held instead",
	    "counted", "models/control/ahead.h", LOWER_IS_BETTER },
	{ 0 },
};

/* From the second step on. */
static void add_ramp(struct plant_ramp *r, double w, double dt_s, bool is_first)
{
	double by_minute = (w - r->last_w) / (dt_s / 60);
	if (!is_first) r->square_sum += by_minute * by_minute * dt_s;
	r->last_w = w;
	r->peak_w = fmax(r->peak_w, w);
}

void plant_count(struct plant *p, const struct plant_flow *f, double use_w, double net_w,
    double meter_w, double dt_s)
{
	struct plant_run *r = &p->run;
	bool is_first = r->run_s == 0;
	r->run_s += dt_s;
	if (!is_first) r->ramp_s += dt_s;
	r->use_j += use_w * dt_s;
	r->made_j += f->made_j;
	r->import_j += f->import_j;
	r->export_j += f->export_j;
	r->charge_j += f->charge_j;
	r->discharge_j += f->discharge_j;
	r->out_j += fmax(-f->battery_j, 0);
	r->curtailed_j += f->curtailed_j;
	r->exceeded_j += fmax(meter_w - p->limit.import_w, 0) * dt_s;
	r->exceeded_j += fmax(-p->limit.export_w - meter_w, 0) * dt_s;
	add_ramp(&r->meter, meter_w, dt_s, is_first);
	add_ramp(&r->bare, net_w, dt_s, is_first);
}

/* Of all together. */
struct total {
	struct plant_run run;
	double ramp_w, bare_ramp_w;
	int64_t plants, plans, infeasible;
	bool limited, has_storage;
};

static double ramp_w(const struct plant_ramp *r, double run_s)
{
	return run_s > 0 ? sqrt(r->square_sum / run_s) : 0;
}

/* The batteries of one chemistry, of all plants together. */
static void export_cells(
    const struct plant *const *p, size_t n, enum chemistry chemistry, struct dataset *d)
{
	struct battery_outlook o = { .units = 0 };
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; p[i] && k < p[i]->units; k++) {
			const struct battery_kind *kind = &p[i]->kind[k];
			if (kind->par->chemistry != (int)chemistry) continue;
			battery_outlook_add_kind(&o, kind);
			battery_outlook_add(&o, kind, &p[i]->unit[k]);
		}
	battery_outlook_finish(&o, chemistry);
	battery_export(&o, chemistry, "datacentres", d);
}

static void add(struct total *t, const struct plant *p)
{
	const struct plant_run *r = &p->run;
	t->plants++;
	t->run.use_j += r->use_j;
	t->run.made_j += r->made_j;
	t->run.import_j += r->import_j;
	t->run.export_j += r->export_j;
	t->run.charge_j += r->charge_j;
	t->run.discharge_j += r->discharge_j;
	t->run.out_j += r->out_j;
	t->run.curtailed_j += r->curtailed_j;
	t->run.exceeded_j += r->exceeded_j;
	t->run.meter.peak_w += r->meter.peak_w;
	t->run.bare.peak_w += r->bare.peak_w;
	t->ramp_w += ramp_w(&r->meter, r->ramp_s);
	t->bare_ramp_w += ramp_w(&r->bare, r->ramp_s);
	t->has_storage = t->has_storage || p->units;
	t->limited = t->limited || isfinite(p->limit.import_w) || isfinite(p->limit.export_w);
	if (!p->ahead) return;
	t->plans += p->ahead->plans;
	t->infeasible += p->ahead->infeasible;
}

static void put(struct dataset *d, const char *key, double value, int64_t n)
{
	metric_put(d, key, NULL, estimate_exact(value, n));
}

void plant_export(const struct plant *const *p, size_t n, struct dataset *d)
{
	struct total t = { .plants = 0 };
	for (size_t i = 0; i < n; i++)
		if (p[i]) add(&t, p[i]);
	if (!t.plants) return;
	const struct plant_run *r = &t.run;
	put(d, "datacentre.peak_import_w", r->meter.peak_w, t.plants);
	put(d, "datacentre.peak_bare_w", r->bare.peak_w, t.plants);
	put(d, "datacentre.ramp_w_per_min", t.ramp_w, t.plants);
	put(d, "datacentre.ramp_bare_w_per_min", t.bare_ramp_w, t.plants);
	if (r->use_j > 0)
		put(d, "datacentre.self_sufficiency_frac", 1 - r->import_j / r->use_j, t.plants);
	put(d, "datacentre.generated_j", r->made_j, t.plants);
	put(d, "datacentre.export_j", r->export_j, t.plants);
	if (t.has_storage) {
		put(d, "datacentre.storage_in_j", r->charge_j, t.plants);
		put(d, "datacentre.storage_out_j", r->out_j, t.plants);
	}
	if (t.limited) {
		put(d, "datacentre.curtailed_j", r->curtailed_j, t.plants);
		put(d, "datacentre.exceeded_j", r->exceeded_j, t.plants);
	}
	for (int c = 0; c < CHEMISTRY_COUNT; c++) export_cells(p, n, (enum chemistry)c, d);
	if (!t.plans) return;
	put(d, "datacentre.plans", (double)t.plans, t.plans);
	put(d, "datacentre.plans_infeasible", (double)t.infeasible, t.plans);
}
