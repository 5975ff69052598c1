#include "tests/unit.h"

#include <math.h>

#include "models/grid/interruption.h"

static double metric(const struct interruptions *x, const char *key)
{
	struct dataset *d = ds_new();
	interruptions_export(x, d);
	struct ds_metric m = { .value = NAN };
	ds_metric_find(d, key, &m);
	double value = m.value;
	ds_free(d);
	return value;
}

/* Four customers, minutes of a day: the first is out for 7 and for 3 minutes, the second for
 * exactly 5, the third from minute 1400 to the end, the fourth never. By hand: sustained 7 and
 * 40 minutes, momentary 3 and 5. */
Test(interruption, indices_by_hand)
{
	struct interruptions x;
	interruptions_init(&x, 4);
	for (int minute = 0; minute < 1440; minute++) {
		double v[] = { 1.01, 0.98, 0.9, 0.04 };
		if ((minute >= 100 && minute < 107) || (minute >= 300 && minute < 303)) v[0] = 0;
		if (minute >= 200 && minute < 205) v[1] = 0;
		if (minute >= 1400) v[2] = 0;
		interruptions_add(&x, v, 60);
	}
	cr_expect(eq(dbl, metric(&x, "grid.saifi"), 2.0 / 4));
	cr_expect(epsilon_eq(dbl, metric(&x, "grid.saidi_min"), 47.0 / 4, 1e-12));
	cr_expect(epsilon_eq(dbl, metric(&x, "grid.caidi_min"), 47.0 / 2, 1e-12));
	cr_expect(epsilon_eq(dbl, metric(&x, "grid.asai_pu"), 1 - 47.0 / 4 / 1440, 1e-15));
	cr_expect(eq(dbl, metric(&x, "grid.maifi"), 2.0 / 4));
	interruptions_fini(&x);
}

Test(interruption, without_any_there_is_no_time_to_restore)
{
	struct interruptions x;
	interruptions_init(&x, 2);
	interruptions_add(&x, (double[]){ 1, 1 }, 60);
	cr_expect(eq(dbl, metric(&x, "grid.saifi"), 0));
	cr_expect(eq(dbl, metric(&x, "grid.asai_pu"), 1));
	cr_expect(isnan(metric(&x, "grid.caidi_min")));
	interruptions_fini(&x);
}
