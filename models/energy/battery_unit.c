#include "models/energy/battery_unit.h"

#include <assert.h>
#include <math.h>

static const double hour_s = 3600, day_s = 86400, year_days = 365;

/* Heat that cells take up per kelvin, by the energy that they hold: about 1 kJ/(kg K)
 * (H. Maleki et al. 1999, J. Electrochem. Soc. 146(3), 947-954: 0.9 to 1.1) over about
 * 120 Wh/kg of module (assumption). */
static const double heat_j_k_per_j = 1000.0 / (120 * 3600.0);

void battery_kind_init(struct battery_kind *k, const struct battery_par *par)
{
	char why[128];
	*k = (struct battery_kind){ .par = par,
		.cells = ageing_cells_of((enum chemistry)par->chemistry) };
	bool good = !par->curve || battery_curve_parse(par->curve, &k->curve, why, sizeof why);
	assert(good);
	(void)good;
}

struct battery_air battery_air_at(const struct battery_kind *k, double weather_k, double dt_s)
{
	return (struct battery_air){
		.air_k = isnan(k->par->room_k) ? weather_k : k->par->room_k,
		.dt_s = dt_s,
		.keep_frac = exp(-dt_s / k->par->cooling_s),
		.rise_steps = k->par->cooling_s / dt_s,
	};
}

static uint16_t to_steps(double x, double per_unit)
{
	return (uint16_t)lrint(fmin(fmax(x * per_unit, 0), UINT16_MAX));
}

static const double soc_steps = UINT16_MAX, temp_steps = 128;

static void sample(struct battery_unit *u, double stored_j, double temp_k)
{
	u->soc[u->samples] = to_steps(stored_j / u->cells.capacity_j, soc_steps);
	u->temp[u->samples] = to_steps(temp_k, temp_steps);
	u->samples++;
}

static void begin_day(struct battery_unit *u, double stored_j, double temp_k)
{
	u->day_s = 0;
	u->next_s = hour_s;
	u->moved_j = 0;
	u->low_j = u->high_j = stored_j;
	u->samples = 0;
	sample(u, stored_j, temp_k);
}

void battery_unit_init(struct battery_unit *u, const struct battery_kind *k, double capacity_j,
    double power_w, double weather_k)
{
	const struct battery_par *p = k->par;
	*u = (struct battery_unit){
		.cells = battery_make(p, capacity_j, power_w),
		.stored_j = p->initial_soc * capacity_j,
		.temp_k = isnan(p->room_k) ? weather_k : p->room_k,
		.warm_k_per_j = p->heat_frac / (heat_j_k_per_j * capacity_j),
		.nominal_j = capacity_j,
	};
	if (k->curve.n) {
		u->cells.curve = &k->curve;
		u->cells.eff_frac = battery_curve_at(&k->curve, 1); /* what plans reckon with */
	}
	for (size_t i = 0; i < k->cells.n; i++)
		u->age[i] = ageing_new((enum ageing_cell)(k->cells.first + i));
	begin_day(u, u->stored_j, u->temp_k);
}

/* The day so far, with a last point now when one is needed. */
static void day_of(const struct battery_unit *u, struct ageing_day *d)
{
	d->days = u->day_s / day_s;
	d->n = u->samples;
	for (size_t i = 0; i < d->n; i++) {
		d->soc[i] = u->soc[i] / soc_steps;
		d->temp_k[i] = u->temp[i] / temp_steps;
	}
	if (u->day_s > hour_s * (double)(d->n - 1)) {
		d->soc[d->n] = battery_unit_soc(u);
		d->temp_k[d->n++] = u->temp_k;
	}
	ageing_day_derive(d);
	d->efc = u->moved_j / (2 * u->cells.capacity_j);
	d->dod = (u->high_j - u->low_j) / u->cells.capacity_j;
	d->c_per_h = u->moved_j / u->cells.capacity_j / (u->day_s / hour_s);
}

/* Lives through the day in u->age, or elsewhere. */
static void live(const struct battery_unit *u, const struct battery_kind *k,
    struct ageing_state age[AGEING_CELLS_MAX], struct ageing_mean mean[AGEING_CELLS_MAX])
{
	struct ageing_day d;
	day_of(u, &d);
	for (size_t i = 0; i < k->cells.n; i++)
		ageing_advance((enum ageing_cell)(k->cells.first + i), &d, &age[i], &mean[i]);
}

/* The lead cell's health is the capacity's; what is held beyond it is lost. */
static double fade(struct battery_unit *u)
{
	struct battery *b = &u->cells;
	double scale = u->nominal_j * u->age[0].health_frac / b->capacity_j, lost_j = 0;
	b->capacity_j *= scale;
	b->reserve_j *= scale;
	b->taper_j *= scale;
	b->low_j *= scale;
	if (u->stored_j > b->capacity_j) {
		lost_j = u->stored_j - b->capacity_j;
		u->stored_j = b->capacity_j;
	}
	return lost_j;
}

double battery_unit_pass(
    struct battery_unit *u, struct battery_kind *k, const struct battery_past *p)
{
	double end_s = u->day_s, moved_j = u->moved_j, lost_j = 0;
	while (end_s >= u->next_s) {
		double after_frac = (end_s - u->next_s) / p->dt_s;
		double stored_j = u->stored_j + after_frac * (p->from_j - u->stored_j);
		double temp_k = u->temp_k + after_frac * (p->from_k - u->temp_k);
		sample(u, stored_j, temp_k);
		u->next_s += hour_s;
		if (u->samples < BATTERY_SAMPLES) continue;
		double rest_j = after_frac * p->moved_j;
		u->day_s = day_s;
		u->moved_j = moved_j - rest_j;
		u->moved_before_j += u->moved_j;
		live(u, k, u->age, k->mean);
		lost_j += fade(u);
		begin_day(u, fmin(stored_j, u->cells.capacity_j), temp_k);
		end_s -= day_s;
		u->day_s = end_s;
		u->moved_j = moved_j = rest_j;
		u->low_j = fmin(u->low_j, u->stored_j);
		u->high_j = fmax(u->high_j, u->stored_j);
	}
	return lost_j;
}

double battery_unit_efc(const struct battery_unit *u)
{
	return (u->moved_before_j + u->moved_j) / (2 * u->nominal_j);
}

void battery_outlook_add_kind(struct battery_outlook *o, const struct battery_kind *k)
{
	for (size_t i = 0; i < k->cells.n; i++) ageing_mean_add(&o->mean[i], &k->mean[i]);
}

/* Days that ended are counted in days of a unit, whose sum is the mean's. */
void battery_outlook_add(
    struct battery_outlook *o, const struct battery_kind *k, const struct battery_unit *u)
{
	struct ageing_state age[AGEING_CELLS_MAX];
	for (size_t i = 0; i < k->cells.n; i++) age[i] = u->age[i];
	if (u->day_s > 0) live(u, k, age, o->mean);
	o->units++;
	o->nominal_j += u->nominal_j;
	o->efc += u->nominal_j * battery_unit_efc(u);
	for (size_t i = 0; i < k->cells.n; i++)
		o->health_frac[i] += u->nominal_j * age[i].health_frac;
}

void battery_outlook_finish(struct battery_outlook *o, enum chemistry chemistry)
{
	struct ageing_cells cells = ageing_cells_of(chemistry);
	if (!o->units || !(o->mean[0].days > 0)) return;
	o->years = o->mean[0].days / (double)o->units / year_days;
	o->efc /= o->nominal_j;
	for (size_t i = 0; i < cells.n; i++) {
		enum ageing_cell cell = (enum ageing_cell)(cells.first + i);
		o->health_frac[i] /= o->nominal_j;
		o->first_year_loss_frac[i] =
		    1 - ageing_projected_frac(cell, &o->mean[i], year_days);
		o->life_years[i] =
		    ageing_days_to(cell, &o->mean[i], BATTERY_END_OF_LIFE) / year_days;
	}
}
