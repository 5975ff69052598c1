/* Requests that can wait: which, until when, and in which order they go. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/world_state.h"
#include "tests/world_bed.h"

/* 4 h, of which the second is dear. */
#define RUN(step, node, workload)                                                                  \
	"<scenario name='test'><time start='2024-06-20T00:00+02:00' duration='4 h' step='" step    \
	"'/><tariff price='0.21 EUR/kWh'><period from='1 h' to='2 h' price='0.53 "                 \
	"EUR/kWh'/></tariff>"                                                                      \
	"<datacentre name='one'><node device='h100-sxm' model='llama-3.1-8b' " node                \
	"/></datacentre>" workload "</scenario>"
#define DEFERRAL "price-above='0.3 EUR/kWh' hold='0 s'"
#define BUSY(deferral)                                                                             \
	"<workload rate='1 1/s' prompt='uniform(20, 900) tokens' output='uniform(30, 300) "        \
	"tokens'>" deferral "<slo ttft='7 s'/></workload>"

static double released_s(const struct world_bed *b, uint32_t i)
{
	return (double)deferral_released_ns(b->world->deferral)[i] * 1e-9;
}

/* Those of 1:10:00 and 1:10:01 have waited for 45 - 5 min when it is still dear. At 2:00 the
 * first of the others goes, and one each 10 s after it, even one that came when it was
 * cheap again: it stands behind the others. Urgent ones go at once, and so do those that
 * come while it is cheap and nobody waits. */
Test(deferral, lets_go_in_order_by_price_rate_and_deadline)
{
	static const struct {
		double sent_s, released_s;
	} want[] = {
		{ 1800, 1800 },
		{ 4200, 4200 + 2400 },
		{ 4201, 4201 + 2400 },
		{ 5000, -1e-9 },
		{ 6600, 7200 },
		{ 7199.5, 7210 },
		{ 7205, 7220 },
		{ 7230, 7230 },
	};
	static const char csv[] = "arrival_s,prompt_tokens,output_tokens,priority\n"
				  "1800,50,7,3\n4200,50,7,3\n4201,50,7,3\n5000,50,7,2\n"
				  "6600,50,7,3\n7199.5,50,7,3\n7205,50,7,3\n7230,50,7,3\n";
	struct world_bed b;
	world_bed_run_trace(&b,
	    RUN("1 min", "",
		"<workload trace='t.csv'><deferral priority-above='2' deadline='45 min' margin='5 "
		"min' "
		"rate='0.1 1/s' " DEFERRAL "/></workload>"),
	    csv);
	for (uint32_t i = 0; i < 8; i++) {
		cr_expect_eq(b.world->work->request[i].sent_ns, llround(want[i].sent_s * 1e9));
		cr_expect(epsilon_eq(dbl, released_s(&b, i), want[i].released_s, 1e-9), "%u: %g", i,
		    released_s(&b, i));
	}
	cr_expect_eq(world_bed_metric(&b, "service.done"), 8);
	cr_expect_eq(world_bed_metric(&b, "deferral.requests"), 7);
	cr_expect_eq(world_bed_metric(&b, "deferral.held"), 5);
	cr_expect_eq(world_bed_metric(&b, "deferral.missed"), 0);
	cr_expect(epsilon_eq(dbl, world_bed_metric(&b, "deferral.delay_s.mean"),
	    (2400 + 2400 + 600 + 10.5 + 15) / 5, 1e-9));
	world_bed_free(&b);
}

/* A margin of nothing: the last token comes after the deadline. */
Test(deferral, counts_a_deadline_that_is_missed)
{
	static const char csv[] = "arrival_s,prompt_tokens,output_tokens\n4200,50,70\n7000,50,70\n";
	struct world_bed b;
	world_bed_run_trace(&b,
	    RUN("1 min", "",
		"<workload trace='t.csv'><deferral share='100 %' deadline='37 min' margin='0 s' "
		"rate='0.1 1/s' " DEFERRAL "/></workload>"),
	    csv);
	cr_expect_eq(world_bed_metric(&b, "deferral.missed"), 1);
	cr_expect_eq(world_bed_metric(&b, "deferral.held"), 2);
	world_bed_free(&b);
}

/* Every request is answered, those that can wait in time, and the others as fast as an
 * objective says: they do not see those that wait. */
Test(deferral, keeps_every_request_and_every_deadline)
{
	struct world_bed b;
	world_bed_run(&b,
	    RUN("1 min", "",
		"<workload rate='1 1/s' requests='9000' "
		"prompt='uniform(20, 900) tokens' output='uniform(30, 300) tokens'><deferral "
		"share='40 %' deadline='2 h' rate='7 1/s' " DEFERRAL
		"/><slo ttft='7 s'/></workload>"),
	    3);
	const struct outcome *o = pool_outcomes(b.world->pool);
	const struct request *q = b.world->work->request;
	for (uint32_t i = 0; i < 9000; i++) {
		cr_assert_eq(o[i].status, REQUEST_DONE, "%u", i);
		cr_expect_leq(o[i].done_ns - q[i].sent_ns, INT64_C(7200000000000));
		if (!q[i].deferrable || q[i].sent_ns < INT64_C(3600000000000)) continue;
		cr_expect_geq(released_s(&b, i), 7200 - 1e-9, "%u", i);
	}
	double n = world_bed_metric(&b, "deferral.requests");
	cr_expect(n > 3600 - 5 * 46.5 && n < 3600 + 5 * 46.5); /* sd: sqrt(9000 0.4 0.6) */
	cr_expect_eq(world_bed_metric(&b, "deferral.missed"), 0);
	cr_expect_eq(world_bed_metric(&b, "deferral.waiting"), 0);
	cr_expect_eq(world_bed_metric(&b, "service.goodput_frac"), 1);
	cr_expect_lt(world_bed_metric(&b, "latency.e2e_s.p99"), 60);
	cr_expect_gt(world_bed_metric(&b, "deferral.e2e_s.p90"), 600);
	cr_expect_lt(world_bed_metric(&b, "deferral.ttft_s.p99"), 60);
	cr_expect(world_bed_passed(&b, "ledger_residual"));
	world_bed_free(&b);
}

/* Another rule, the same requests that can wait; and a rule that is never on leaves all as
 * it is without one. */
Test(deferral, draws_the_same_requests_whatever_the_rule)
{
	struct world_bed b[2], none;
	uint32_t can_wait = 0;
	world_bed_run(&b[0],
	    RUN("1 min", "",
		BUSY("<deferral share='30 %' deadline='2 h' rate='7 1/s' " DEFERRAL "/>")),
	    3);
	world_bed_run(&b[1],
	    RUN("1 min", "",
		BUSY("<deferral share='30 %' deadline='1 h' rate='1 1/s' "
		     "price-above='0.6 EUR/kWh'/>")),
	    3);
	world_bed_run(&none, RUN("1 min", "", BUSY("")), 3);
	cr_assert_eq(b[0].world->work->count, b[1].world->work->count);
	for (uint32_t i = 0; i < b[0].world->work->count; i++) {
		bool waits = b[0].world->work->request[i].deferrable;
		cr_expect_eq(b[1].world->work->request[i].deferrable, waits);
		cr_expect_eq(pool_outcomes(b[1].world->pool)[i].done_ns,
		    pool_outcomes(none.world->pool)[i].done_ns);
		can_wait += waits;
	}
	cr_expect_gt(can_wait, 0);
	cr_expect_eq(world_bed_metric(&b[1], "deferral.held"), 0);
	cr_expect_eq(
	    world_bed_metric(&b[1], "energy.device_j"), world_bed_metric(&none, "energy.device_j"));
	for (int k = 0; k < 2; k++) world_bed_free(&b[k]);
	world_bed_free(&none);
}

/* The rule changes with the hours, which steps of 1 and 15 min both end with. */
Test(deferral, lets_go_at_the_same_times_whatever_the_step)
{
	struct world_bed b[2];
	const char *xml[] = {
#define ONE(step)                                                                                  \
	RUN(step, "", BUSY("<deferral share='30 %' deadline='2 h' rate='7 1/s' " DEFERRAL "/>"))
		ONE("1 min"),
		ONE("15 min"),
#undef ONE
	};
	for (int k = 0; k < 2; k++) world_bed_run(&b[k], xml[k], 5);
	cr_expect_gt(world_bed_metric(&b[0], "deferral.held"), 0);
	for (uint32_t i = 0; i < b[0].world->work->count; i++)
		cr_expect_eq(released_s(&b[0], i), released_s(&b[1], i), "%u", i);
	for (int k = 0; k < 2; k++) world_bed_free(&b[k]);
}
