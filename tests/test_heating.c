#include "tests/unit.h"

#include <math.h>

#include "models/energy/heating.h"
#include "models/energy/water_heater.h"
#include "models/site/fleet.h"
#include "models/site/homes.h"

struct street {
	struct homes_par homes;
	struct heating_par heating;
	struct water_heater_par water;
	struct weather_par weather;
	struct place_par place;
	struct object root, child[2];
};

/* Air of one temperature under a closed sky in the dark north of winter. */
static void street_init(struct street *s, int64_t homes, double outdoor_k)
{
	*s = (struct street){
		.homes = { .name = "street", .count = homes },
		.heating = {
			.share_frac = 1,
			.kind = HEATING_HEAT_PUMP,
			.cooling = true,
			.floor_m2 = dist_between(90, 190),
			.insulation = dist_between(3, 5),
			.heat_k = dist_just(293.15),
			.cool_k = dist_just(298.15),
			.band_k = 0.2,
			.heat_cop = 3.3,
			.cool_cop = 3.5,
			.fan_frac = 0.016,
			.latent = 0.3,
			.humidity_frac = 0.4,
			.hot_k = 309.15,
			.cold_k = 263.15,
		},
		.water = {
			.share_frac = 0.6,
			.volume_l = dist_just(190),
			.power_w = dist_just(4500),
			.set_k = dist_just(325),
			.litres = dist_just(170),
			.band_k = 2.2,
			.ua_w_k = 1.32,
			.inlet_k = 285,
			.room_k = 293,
		},
		.weather = weather_default(),
		.place = { 1.4, 0.2, 10 },
	};
	s->weather.mean_k = outdoor_k;
	s->weather.swing_k = 0;
	s->weather.cloudiness_frac = 1;
}

static void link_children(struct street *s)
{
	s->root = (struct object){ .cls = &homes_class, .par = &s->homes, .child = s->child };
	s->child[0] = (struct object){ .cls = &heating_class, .par = &s->heating,
		.parent = &s->root, .next = &s->child[1] };
	s->child[1] = (struct object){ .cls = &water_heater_class, .par = &s->water,
		.parent = &s->root };
}

/* From 2024-01-10T00:00Z, a Wednesday. */
static struct step step_at(long index, double dt_s)
{
	return (struct step){ .begin_ns = (int64_t)(index * dt_s * 1e9), .dt_s = dt_s,
		.utc_s = 1704844800 + index * dt_s, .zone_s = 3600, .index = index };
}

static struct fleet *start(struct street *s)
{
	struct step first = step_at(0, 60);
	link_children(s);
	return fleet_new(&s->root, &s->place, &s->weather, DISPATCH_SELF_CONSUMPTION, 7, &first);
}

/* Mean heating power of homes with a node of node_w each, after a day of settling. */
static double heating_w(double outdoor_k, double node_w)
{
	enum { HOMES = 17, DAYS = 20, STEPS = 96 };
	struct street s;
	double node[HOMES], before_j = 0;
	street_init(&s, HOMES, outdoor_k);
	s.water.share_frac = 0;
	for (int i = 0; i < HOMES; i++) node[i] = node_w;
	struct fleet *f = start(&s);
	for (long k = 0; k < DAYS * STEPS; k++) {
		struct step st = step_at(k, 900);
		if (k == STEPS) before_j = f->run.heating_j;
		fleet_step(f, &st, node);
	}
	double w = (f->run.heating_j - before_j) / (86400.0 * (DAYS - 1) * HOMES);
	fleet_free(f);
	return w;
}

/* At 0 degC = 32 degF the pump's capacity is 0.73806 of the rated one (0.34149 + 0.28611 +
 * 0.11046) and its COP 3.3 / 1.18958 = 2.7741 (2.03915 - 1.25016 + 0.46712 - 0.06652). With the
 * fan's 0.016, which heats too, it gives 0.75406 for 0.28206: each watt of a node saves
 * 1 / 2.6734 W. The band's 0.2 K moves the mean temperature by little. */
Test(heating, node_saves_its_heat_in_winter)
{
	double saved_w = heating_w(273.15, 0) - heating_w(273.15, 700);
	cr_expect(epsilon_eq(dbl, saved_w, 700 / 2.6734, 0.01 * 700 / 2.6734));
}

/* At 35 degC = 95 degF capacity and COP are the rated ones; of the cooling 1 / (1.1 + 0.15) =
 * 0.8 is sensible at 40 % humidity, less the fan's heat: 0.784 for 1 / 3.5 + 0.016 = 0.30171. Each
 * watt of a node costs 0.38484 W more; 2 %, for by whole minutes of a strong unit the mean
 * temperature depends on how often it runs. */
Test(heating, node_costs_cooling_in_summer)
{
	double more_w = heating_w(308.15, 700) - heating_w(308.15, 0);
	cr_expect(epsilon_eq(dbl, more_w, 700 * 0.38484, 0.02 * 700 * 0.38484));
}

/* In the dark, without people, a house at 20 degC loses UA times 20 K; all of it comes from the
 * pump. Resistance heating draws that much. */
Test(heating, resistance_draws_the_loss)
{
	struct street s;
	street_init(&s, 1, 273.15);
	s.heating.kind = HEATING_RESISTANCE;
	s.heating.floor_m2 = dist_just(137);
	s.heating.insulation = dist_just(4);
	s.water.share_frac = 0;
	struct fleet *f = start(&s);
	double before_j = 0;
	for (long k = 0; k < 10 * 1440; k++) {
		struct step st = step_at(k, 60);
		if (k == 1440) before_j = f->run.heating_j;
		fleet_step(f, &st, NULL);
	}
	double mean_w = (f->run.heating_j - before_j) / (9 * 86400.0);
	struct etp heat = envelope_make(137, 4).heat;
	double loss_w = heat.ua_w_k * 20;
	cr_expect(epsilon_eq(dbl, mean_w, loss_w, 0.01 * loss_w));
	/* half the band, and what a minute without heat can take from the air */
	double off_k = 0.1 + 60 * loss_w / heat.ca_j_k;
	cr_expect(epsilon_eq(dbl, f->room_k[0], 293.15, off_k));
	fleet_free(f);
}

/* The same ticks whatever the steps: nodes of constant power, no appliances. */
Test(heating, step_length_changes_nothing)
{
	static const double length_s[] = { 20, 60, 300, 3600 };
	double heat_j = 0, water_j = 0, room_k = 0;
	for (size_t i = 0; i < 4; i++) {
		struct street s;
		double node[23];
		street_init(&s, 23, 268.15);
		for (int h = 0; h < 23; h++) node[h] = 131 * (h % 3);
		struct fleet *f = start(&s);
		for (long k = 0; k * length_s[i] < 86400; k++) {
			struct step st = step_at(k, length_s[i]);
			fleet_step(f, &st, node);
		}
		if (!i) {
			heat_j = f->run.heating_j;
			water_j = f->run.water_j;
			room_k = f->room_k[11];
		}
		cr_expect(gt(dbl, f->run.water_j, 1e7));
		cr_expect(epsilon_eq(dbl, f->run.heating_j, heat_j, 1e-9 * heat_j));
		cr_expect(epsilon_eq(dbl, f->run.water_j, water_j, 1e-9 * water_j));
		cr_expect(epsilon_eq(dbl, f->room_k[11], room_k, 1e-9));
		cr_expect(epsilon_eq(dbl, f->run.load_j, heat_j + water_j, 1e-9 * heat_j));
		fleet_free(f);
	}
}

/* A home's house and draws are its own: 5 homes are the first of 611, which are two blocks. */
Test(heating, more_homes_change_no_home)
{
	struct street a, b;
	street_init(&a, 5, 271.15);
	street_init(&b, 611, 271.15);
	struct fleet *few = start(&a), *many = start(&b);
	for (long k = 0; k < 1440; k++) {
		struct step st = step_at(k, 60);
		fleet_step(few, &st, NULL);
		fleet_step(many, &st, NULL);
		for (int h = 0; h < 5; h++) {
			cr_assert_eq(few->load_w[h], many->load_w[h], "home %d minute %ld", h, k);
			cr_assert_eq(few->room_k[h], many->room_k[h]);
		}
	}
	fleet_free(few);
	fleet_free(many);
}

/* No unit and -5 degC outside: the air falls from its 20 degC, and degree-hours are the sum of
 * what is missing below 20 degC less the band. */
Test(heating, degree_hours_count_what_is_missing)
{
	struct street s;
	street_init(&s, 1, 268.15);
	s.heating.kind = HEATING_NONE;
	s.heating.cooling = false;
	s.water.share_frac = 0;
	struct fleet *f = start(&s);
	double expected_k_s = 0;
	for (long k = 0; k < 600; k++) {
		struct step st = step_at(k, 60);
		fleet_step(f, &st, NULL);
		expected_k_s += 60 * fmax(293.15 - 0.2 - f->room_k[0], 0);
	}
	cr_expect(eq(dbl, f->run.heating_j, 0));
	cr_expect(gt(dbl, expected_k_s, 3600));
	cr_expect(epsilon_eq(dbl, f->run.outside_k_s, expected_k_s, 1e-3 * expected_k_s));
	fleet_free(f);
}
