#include "tests/unit.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "models/energy/cloud.h"
#include "models/energy/sky.h"

static const double start_s = 1718821800; /* 2024-06-19T18:30Z, midnight in Bengaluru */

static struct weather_par weather(double cloudiness, double correlation, double persistence_s)
{
	return (struct weather_par){ .turbidity = 4, .cloudiness_frac = cloudiness,
		.correlation_frac = correlation, .persistence_s = persistence_s, .mean_k = 298.15,
		.swing_k = 8, .wind_m_s = 2, .albedo_frac = 0.2 };
}

static void bank_new(struct cloud_bank *b, size_t n)
{
	struct pcg64 g = rng_stream(11, 0, rng_entity("test_cloud"), RNG_TEST);
	cloud_bank_init(b, n);
	for (size_t i = 0; i < n; i++) b->key[i] = pcg64_next(&g);
	cloud_bank_start(b, start_s);
}

/* Mean of 1 - 0.75 N^3.4 for N of Beta(m, 1 - m): moments of the Beta law are
 * E N^p = G(m + p) / (G(m) G(1 + p)). */
static double mean_index(double m)
{
	return 1 - 0.75 * gsl_sf_gamma(m + 3.4) / (gsl_sf_gamma(m) * gsl_sf_gamma(4.4));
}

/* 3001 independent skies an hour apart for 24 hours: a sample of 72024, of which
 * each sky's 24 are nearly independent (30 min persistence: exp(-2)); the index's
 * deviation is below 0.375, so 5 standard errors of the mean are below 0.009. */
Test(cloud, mean_of_the_law_is_that_of_beta_and_kasten)
{
	static const double cloudiness[] = { 0.07, 0.3, 0.61, 0.93 };
	for (size_t k = 0; k < sizeof cloudiness / sizeof *cloudiness; k++) {
		struct weather_par w = weather(cloudiness[k], 0, 1800);
		struct cloud_law l;
		struct cloud_shared s;
		struct cloud_bank b;
		struct cloud_ticks t;
		cloud_law_init(&l, &w);
		cloud_shared_init(&s, 5, start_s);
		bank_new(&b, 3001);
		double sum = 0;
		for (int h = 0; h < 24; h++) {
			cloud_shared_step(&l, &s, start_s + 3600 * h, 60, &t);
			cloud_bank_step(&l, &b, &t);
			for (size_t i = 0; i < b.n; i++) sum += b.index[i];
		}
		cr_expect_float_eq(sum / (24.0 * 3001), mean_index(cloudiness[k]), 0.009);
		cloud_bank_fini(&b);
	}
}

/* u is a discrete Ornstein-Uhlenbeck process: variance 1, correlation
 * exp(-lag / persistence). 5001 sites: standard error 0.014, 5 of them 0.07. */
Test(cloud, own_process_has_the_asked_persistence)
{
	struct weather_par w = weather(0.3, 0, 1700);
	struct cloud_law l;
	struct cloud_shared s;
	struct cloud_bank b;
	struct cloud_ticks t;
	double before[5001], sum = 0, square = 0, product = 0;
	cloud_law_init(&l, &w);
	cloud_shared_init(&s, 5, start_s);
	bank_new(&b, 5001);
	cloud_shared_step(&l, &s, start_s + 7200, 60, &t);
	cloud_bank_step(&l, &b, &t);
	memcpy(before, b.u, sizeof before);
	cloud_shared_step(&l, &s, start_s + 7200 + 1020, 60, &t);
	cloud_bank_step(&l, &b, &t);
	for (size_t i = 0; i < b.n; i++) {
		sum += b.u[i];
		square += b.u[i] * b.u[i];
		product += b.u[i] * before[i];
	}
	cr_expect_float_eq(sum / 5001, 0, 0.07);
	cr_expect_float_eq(square / 5001, 1, 0.1);
	cr_expect_float_eq(product / 5001, exp(-1020.0 / 1700), 0.08);
	cloud_bank_fini(&b);
}

/* Two homes over 20000 minutes, persistence 2 min: about 5000 independent pairs,
 * standard error 0.014 at most. z is what correlates, so z is measured. */
Test(cloud, two_homes_are_as_alike_as_asked)
{
	static const double wanted[] = { 0, 0.37, 0.9 };
	for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
		struct weather_par w = weather(0.3, wanted[k], 120);
		struct cloud_law l;
		struct cloud_shared s;
		struct cloud_bank b;
		struct cloud_ticks t;
		double product = 0;
		cloud_law_init(&l, &w);
		cloud_shared_init(&s, 77, start_s);
		bank_new(&b, 2);
		for (int m = 0; m < 20000; m++) {
			cloud_shared_step(&l, &s, start_s + 60 * m, 60, &t);
			cloud_bank_step(&l, &b, &t);
			double shared = l.shared * t.z[0];
			product += (shared + l.own * b.u[0]) * (shared + l.own * b.u[1]);
		}
		cr_expect_float_eq(product / 20000, wanted[k], 0.07);
		cloud_bank_fini(&b);
	}
}

Test(cloud, wholly_correlated_homes_have_one_sky)
{
	struct weather_par w = weather(0.5, 1, 1800);
	struct cloud_law l;
	struct cloud_shared s;
	struct cloud_bank b;
	struct cloud_ticks t;
	cloud_law_init(&l, &w);
	cloud_shared_init(&s, 5, start_s);
	bank_new(&b, 3);
	for (int m = 0; m < 200; m++) {
		cloud_shared_step(&l, &s, start_s + 60 * m, 60, &t);
		cloud_bank_step(&l, &b, &t);
		cr_expect_eq(b.index[0], b.index[2]);
	}
	cloud_bank_fini(&b);
}

/* Kasten and Czeplak: 1 under a clear sky, 0.25 under a covered one. */
Test(cloud, ends_of_cloudiness_are_constant)
{
	static const double ends[][2] = { { 0, 1 }, { 1, 0.25 } };
	for (int k = 0; k < 2; k++) {
		struct weather_par w = weather(ends[k][0], 0.3, 1800);
		struct cloud_law l;
		cloud_law_init(&l, &w);
		for (double z = -7; z <= 7; z += 0.31) cr_expect_eq(cloud_index(&l, z), ends[k][1]);
	}
}

/* Mean index of 7 sites over an hour, walked in steps of dt. */
static void walk_hour(double dt_s, double mean[7])
{
	struct weather_par w = weather(0.4, 0.6, 900);
	struct cloud_law l;
	struct cloud_shared s;
	struct cloud_bank b;
	struct cloud_ticks t;
	cloud_law_init(&l, &w);
	cloud_shared_init(&s, 5, start_s);
	bank_new(&b, 7);
	for (int i = 0; i < 7; i++) mean[i] = 0;
	for (double at = 0; at < 3600; at += dt_s) {
		cloud_shared_step(&l, &s, start_s + at, dt_s, &t);
		cloud_bank_step(&l, &b, &t);
		for (int i = 0; i < 7; i++) mean[i] += b.index[i] * dt_s / 3600;
	}
	cloud_bank_fini(&b);
}

Test(cloud, step_length_does_not_matter)
{
	static const double dt_s[] = { 1, 12, 60, 300, 400, 900, 3600 };
	double want[7], got[7];
	walk_hour(60, want);
	for (size_t k = 0; k < sizeof dt_s / sizeof *dt_s; k++) {
		walk_hour(dt_s[k], got);
		for (int i = 0; i < 7; i++) cr_expect_float_eq(got[i], want[i], 1e-12);
	}
}

/* Day of 25 degC with 8 K of swing: 29 degC at 15:00, 21 at 03:00, 25 on average,
 * and hours add up to the day. */
Test(weather, air_follows_the_day)
{
	struct weather_par w = weather(0.3, 0.9, 1800);
	cr_expect_float_eq(weather_ambient_k(&w, 15 * 3600 - 0.5, 1), 302.15, 1e-6);
	cr_expect_float_eq(weather_ambient_k(&w, 3 * 3600 - 0.5, 1), 294.15, 1e-6);
	double sum = 0;
	for (int h = 0; h < 24; h++) sum += weather_ambient_k(&w, 3600 * h, 3600) / 24;
	cr_expect_float_eq(sum, 298.15, 1e-9);
	double minutes = 0;
	for (int m = 0; m < 60; m++) minutes += weather_ambient_k(&w, 25200 + 60 * m, 60) / 60;
	cr_expect_float_eq(minutes, weather_ambient_k(&w, 25200, 3600), 1e-9);
}

/* Bengaluru on 20 June at 12:18 local clock is the sun's noon: zenith 10.5 deg. */
Test(sky, knows_the_sun_at_mid_step)
{
	struct place_par p = { 12.97 * M_PI / 180, 77.59 * M_PI / 180, 920 };
	struct weather_par w = weather(0.3, 0.9, 1800);
	struct sky s;
	sky_init(&s, &p, &w, 3, start_s);
	struct step st = { .dt_s = 600, .utc_s = start_s + 12 * 3600 + 18 * 60, .zone_s = 19800 };
	sky_step(&s, &st);
	cr_expect_float_eq(sun_zenith_rad(&s.sun) * 180 / M_PI, 23.44 - 12.97, 0.4);
	cr_expect(s.clear_w_m2 > 900 && s.clear_w_m2 < 1100);
	st.utc_s += 8 * 3600;
	sky_step(&s, &st);
	cr_expect_eq(s.clear_w_m2, 0);
}

/* 20000 days of a process of 3 K and correlation 0.8: about 20000 (1 - 0.8) / (1 + 0.8) =
 * 2200 independent ones, standard error of the mean 0.064 K; 5 of them 0.32. Anomalies
 * of midnights, read over their next second. */
Test(weather, days_are_warm_or_cold_as_asked)
{
	enum { DAYS = 20000 };
	struct weather_par w = { .anomaly_k = 3, .anomaly_keep = 0.8 };
	struct weather_days d;
	double sum = 0, square = 0, product = 0, before = 0;
	weather_days_init(&w, &d, 991, start_s);
	for (int i = 0; i < DAYS; i++) {
		double midnight_s = 86400 * (floor(start_s / 86400) + 1 + i);
		weather_days_reach(&w, &d, midnight_s);
		double now = weather_days_mean_k(&d, midnight_s, 1);
		sum += now / DAYS;
		square += now * now / DAYS;
		product += now * before / DAYS;
		before = now;
	}
	cr_expect_float_eq(sum, 0, 0.32);
	cr_expect_float_eq(square, 9, 1);
	cr_expect_float_eq(product / square, 0.8, 0.03);
}

/* An hour over a midnight is its minutes; without an anomaly there is none. */
Test(weather, anomalies_add_up_over_midnight)
{
	struct weather_par w = { .anomaly_k = 4, .anomaly_keep = 0.6 };
	struct weather_days d;
	double before_s = 86400 * floor(start_s / 86400) + 86400 - 1234, minutes = 0;
	weather_days_init(&w, &d, 12, before_s);
	double hour = weather_days_mean_k(&d, before_s, 3600);
	for (int m = 0; m < 60; m++) {
		weather_days_reach(&w, &d, before_s + 60 * m);
		minutes += weather_days_mean_k(&d, before_s + 60 * m, 60) / 60;
	}
	cr_expect_float_eq(minutes, hour, 1e-9);
	cr_expect_neq(hour, 0);
	w.anomaly_k = 0;
	weather_days_init(&w, &d, 12, before_s);
	cr_expect_eq(weather_days_mean_k(&d, before_s, 3600), 0);
}
