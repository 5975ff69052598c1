#include "tests/unit.h"

#include <math.h>

#include "models/site/meters.h"

/* Whole numbers of both signs: sums are exact in any order, also where the homes do not
 * fill the lanes. */
Test(meters, sums_by_hand)
{
	double w[29];
	for (size_t i = 0; i < 29; i++) w[i] = (i % 3 ? 1.0 : -2.0) * (double)(i + 1);
	for (size_t n = 0; n <= 29; n++) {
		double in = 0, out = 0;
		for (size_t i = 0; i < n; i++) *(w[i] > 0 ? &in : &out) += fabs(w[i]);
		struct meters_reading r = meters_read(n, w);
		cr_expect_eq(r.import_w, in);
		cr_expect_eq(r.export_w, out);
		cr_expect_eq(meters_sum(n, w), in - out);
	}
}

Test(meters, net_is_load_less_sun_and_the_node)
{
	const double load_w[3] = { 310, 0, 7 }, pv_w[3] = { 0, 2900, 7 }, node_w[3] = { 0, 450, 1 };
	double net_w[3];
	meters_net(3, load_w, pv_w, node_w, net_w);
	cr_expect(net_w[0] == 310 && net_w[1] == -2450 && net_w[2] == 1);
	meters_net(3, load_w, pv_w, NULL, net_w);
	cr_expect(net_w[0] == 310 && net_w[1] == -2900 && net_w[2] == 0);
}
