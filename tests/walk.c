#include "tests/walk.h"

#include <math.h>

#include "tests/unit.h"

#define NEAR(a, b)                                                                                 \
	cr_expect(epsilon_eq(dbl, (a), (b), 1e-12 * fabs(b)), "%.17g, not %.17g", (a), (b))

struct batch grown(struct batch b, int64_t by)
{
	b.context_sum += (double)(b.decodes * by);
	b.context_max += (double)by;
	return b;
}

int walk(const struct iteration_model *m, struct batch b, int64_t until)
{
	int pieces = 0;
	for (int64_t at = 0; at < until; pieces++) {
		int64_t longest, unused;
		struct run r = iteration_run(m, &b, &longest);
		cr_assert_gt(longest, 0);
		for (int64_t j = 1; j < longest && at + j < until; j++) {
			struct batch next = grown(b, j);
			struct run one = iteration_run(m, &next, &unused);
			double n = (double)j;
			NEAR(r.time_s + n * r.time_step_s, one.time_s);
			NEAR(r.flops + n * r.flops_step, one.flops);
			NEAR(r.bytes + n * r.bytes_step, one.bytes);
		}
		if (longest >= until - at) return pieces + 1;
		b = grown(b, longest);
		at += longest;
	}
	return pieces;
}
