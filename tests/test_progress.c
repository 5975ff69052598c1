#include "tests/unit.h"

#include <math.h>

#include "models/compute/progress.h"
#include "tests/rig.h"

#define NEAR(a, b) cr_expect(epsilon_eq(dbl, a, b, 1e-12 * fabs(b)), "%.15g, not %.15g", a, b)

/* Three years: 1.1^3 = 1.331 and 1.2^3 = 1.728. */
static struct progress_par three_years(int gain)
{
	return (struct progress_par){ .year = 2025, .gain = gain, .compute_frac = 0.2,
		.memory_frac = 0.1 };
}

static struct device_par device_of_2022(void)
{
	struct rig r;
	rig_home(&r);
	r.device.year = 2022;
	return r.device;
}

static double full_w(const struct device_par *d)
{
	struct power w = power_init(&d->power);
	w.max_w = INFINITY;
	return power_w(&w, 1, 1);
}

Test(progress, rates_grow_apart_at_the_same_power)
{
	const struct progress_par p = three_years(GAIN_RATE);
	struct device_par was = device_of_2022(), d = was;
	device_progress(&d, &p);
	NEAR(d.fp16_flops_s, 1.728 * was.fp16_flops_s);
	NEAR(d.bandwidth_bytes_s, 1.331 * was.bandwidth_bytes_s);
	NEAR(full_w(&d), full_w(&was));
	NEAR(d.power.tdp_w, was.power.tdp_w);
	cr_expect_eq(d.op_s, was.op_s);
	cr_expect_eq(d.memory_bytes, was.memory_bytes);
	cr_expect_eq(d.year, 2025);
	struct device_par once = d;
	device_progress(&d, &p);
	cr_expect_eq(d.fp16_flops_s, once.fp16_flops_s, "it is of 2025 by now");
}

/* An operation's energy above idling: power over rate, whichever of the two has moved. */
Test(progress, both_gains_give_an_operation_and_a_byte_the_same_energy)
{
	struct device_par was = device_of_2022(), fast = was, frugal = was;
	const struct progress_par rate = three_years(GAIN_RATE), power = three_years(GAIN_POWER);
	device_progress(&fast, &rate);
	device_progress(&frugal, &power);
	struct power w0 = power_init(&was.power), w1 = power_init(&fast.power),
		     w2 = power_init(&frugal.power);
	NEAR(w1.fl_w / fast.fp16_flops_s, w2.fl_w / frugal.fp16_flops_s);
	NEAR(w1.bw_w / fast.bandwidth_bytes_s, w2.bw_w / frugal.bandwidth_bytes_s);
	NEAR(w2.fl_w, w0.fl_w / 1.728);
	NEAR(w2.bw_w, w0.bw_w / 1.331);
	NEAR(w2.base_w - was.power.idle_w, (w0.base_w - was.power.idle_w) / 1.728);
	NEAR(frugal.power.idle_w, was.power.idle_w);
	NEAR(frugal.power.tdp_w / was.power.tdp_w, full_w(&frugal) / full_w(&was));
	NEAR(w2.max_w / w0.max_w, full_w(&frugal) / full_w(&was));
	cr_expect_eq(frugal.fp16_flops_s, was.fp16_flops_s);
}

Test(progress, idle_power_falls_where_it_is_said_to)
{
	struct progress_par p = three_years(GAIN_RATE);
	p.idle_frac = 0.1;
	struct device_par was = device_of_2022(), d = was;
	device_progress(&d, &p);
	NEAR(d.power.idle_w, was.power.idle_w / 1.331);
	struct power before = power_init(&was.power), after = power_init(&d.power);
	NEAR(after.base_w - d.power.idle_w, before.base_w - was.power.idle_w);
	p.year = 2022;
	d = was;
	device_progress(&d, &p);
	NEAR(d.power.idle_w, was.power.idle_w); /* of the year that it is of already */
}

/* Two nodes of one device: it gets better once, and so does a scenario that is built twice. */
Test(progress, a_scenario_gets_better_once)
{
	struct progress_par p = three_years(GAIN_RATE);
	struct device_par d = device_of_2022();
	double was = d.fp16_flops_s;
	struct object device = { .cls = &device_class, .par = &d };
	struct node_par n = { .device = &device }, chip = { .device = NULL };
	extern const struct class homes_class;
	struct object node[3] = { { .cls = &node_class, .par = &n },
		{ .cls = &node_class, .par = &chip }, { .cls = &node_class, .par = &n } };
	struct object homes = { .cls = &homes_class, .child = &node[0] };
	struct object progress = { .cls = &progress_class, .par = &p, .next = &homes };
	struct object scenario = { .child = &progress };
	node[0].next = &node[1];
	node[1].next = &node[2];
	for (int i = 0; i < 3; i++) node[i].parent = &homes;
	homes.parent = progress.parent = &scenario;
	for (int i = 0; i < 2; i++) progress_apply(&scenario);
	NEAR(d.fp16_flops_s, 1.728 * was);
}
