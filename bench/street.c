#include "bench/street.h"

#include <math.h>

static const double kwh = 3.6e6;

static void set(struct street *s, int64_t homes, bool all)
{
	*s = (struct street){
		.homes = { .name = "street", .count = homes },
		.load = { .annual_j = dist_between(3000 * kwh, 5400 * kwh), .out_frac = 0.5,
			.absent_frac = 0.05, .regular_frac = 0.6 },
		.solar = {
			.share_frac = all ? 1 : 0.5,
			.capacity_w = dist_between(3000, 6000),
			.tilt_rad = dist_just(0.3),
			.azimuth_rad = dist_between(2.5, 3.8),
			.loss_frac = 0.140757,
			.gamma_per_k = -0.0035,
			.dc_ac_ratio = 1.2,
			.inverter_eff_frac = 0.96,
			.u0_w_m2k = 25,
			.u1_ws_m3k = 6.84,
			.noct_k = 318.15,
		},
		.battery = {
			.share_frac = all ? 1 : 0.4,
			.capacity_j = dist_just(13.5 * kwh),
			.power_w = dist_just(5000),
			.eff_frac = NAN,
			.taper_soc = NAN,
			.leak_frac = NAN,
			.initial_soc = 0.5,
			.reserve_soc = 0.1,
			.room_k = NAN,
			.cooling_s = 7200,
			.heat_frac = 0.5,
		},
		.vehicle = {
			.share_frac = all ? 1 : 0.3,
			.capacity_j = dist_just(60 * kwh),
			.charger_w = dist_just(7400),
			.departure_s = dist_between(6 * 3600, 10 * 3600),
			.arrival_s = dist_between(15 * 3600, 21 * 3600),
			.trip_j = dist_between(3 * kwh, 19 * kwh),
			.weekday_frac = 0.9,
			.weekend_frac = 0.6,
			.eff_frac = 0.9,
			.taper_soc = 0.8,
			.ready_soc = 0.7,
			.reserve_soc = 0.3,
			.initial_soc = 0.7,
		},
		.heating = {
			.share_frac = 1,
			.kind = HEATING_HEAT_PUMP,
			.cooling = true,
			.floor_m2 = dist_between(111.5, 241.5),
			.insulation = dist_between(2.5, 6.5),
			.heat_k = dist_between(292, 294),
			.cool_k = dist_between(297, 299),
			.band_k = 1.1,
			.heat_cop = 3.3,
			.cool_cop = 3.2,
			.fan_frac = 0.016,
			.latent = 0.3,
			.humidity_frac = 0.25,
			.hot_k = 319,
			.cold_k = 270,
		},
		.water = {
			.share_frac = 1,
			.volume_l = dist_between(150, 227),
			.power_w = dist_just(4500),
			.set_k = dist_between(322, 328),
			.litres = dist_between(100, 300),
			.band_k = 2.2,
			.ua_w_k = 1.32,
			.inlet_k = 291,
			.room_k = 300,
		},
	};
}

/* Only the parts asked for, in the order of their bits. */
static void link_parts(struct street *s, unsigned parts)
{
	static const struct class *const cls[STREET_PARTS] = { &load_class, &solar_class,
		&battery_class, &vehicle_class, &heating_class, &water_heater_class };
	void *const par[STREET_PARTS] = { &s->load, &s->solar, &s->battery, &s->vehicle,
		&s->heating, &s->water };
	s->root = (struct object){ .cls = &homes_class, .par = &s->homes };
	for (int i = STREET_PARTS - 1; i >= 0; i--)
		if (parts >> i & 1) {
			s->child[i] = (struct object){ .cls = cls[i], .par = par[i],
				.parent = &s->root, .next = s->root.child };
			s->root.child = &s->child[i];
		}
}

void street_init(struct street *s, int64_t homes, bool all, unsigned parts)
{
	set(s, homes, all);
	if (parts & STREET_V2H) s->vehicle.policy = VEHICLE_V2H;
	link_parts(s, parts);
}
