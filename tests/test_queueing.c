/* Queues with known answers through the whole engine: records, handlers, streams,
 * batch means. Seeds are fixed; a result may be 4 standard errors off. */
#include "tests/unit.h"

#include <math.h>

#include "bench/engine/station.h"
#include "sim/batch.h"
#include "sim/tally.h"

enum { WARM = 20000 };

/* ---- the formulas; all times in units of s, rates in 1/s ---- */

/* Mean wait in M/G/1 (Pollaczek 1930, Khinchine 1932). */
static double pollaczek_khinchine(double rho, double service_s, double cv2)
{
	return rho * (1 + cv2) / (2 * (1 - rho)) * service_s;
}

/* Probability that all c servers are busy, no waiting; a = arrivals * service
 * (Erlang 1917; the recursion of Jagerman 1974). */
static double erlang_b(unsigned c, double a)
{
	double b = 1;
	for (unsigned k = 1; k <= c; k++) b = a * b / (k + a * b);
	return b;
}

/* Probability that one has to wait in M/M/c (Erlang 1917). */
static double erlang_c(unsigned c, double a)
{
	double b = erlang_b(c, a);
	return b / (1 - a / c * (1 - b));
}

/* Probability of k customers in M/M/1 with K places. */
static double mm1k(double rho, int places, int k)
{
	double sum = 0;
	for (int i = 0; i <= places; i++) sum += pow(rho, i);
	return pow(rho, k) / sum;
}

/* Arrivals at each station of an open network: lambda = outside + lambda R, by
 * iteration (Jackson 1957, Operations Research 5(4)). */
static void traffic(const struct station_par *par, int n, double lambda[])
{
	double next[STATIONS_MAX];
	for (int j = 0; j < n; j++) lambda[j] = par[j].arrivals_hz;
	for (int round = 0; round < 1000; round++) {
		for (int j = 0; j < n; j++) {
			next[j] = par[j].arrivals_hz;
			for (int i = 0; i < n; i++) next[j] += lambda[i] * par[i].route[j];
		}
		for (int j = 0; j < n; j++) lambda[j] = next[j];
	}
}

/* Expected: tables of Erlang's formulas. */
Test(formulas, erlang)
{
	static const struct {
		unsigned c;
		double a, b;
	} loss[] = { { 1, 1, 0.5 }, { 3, 2, 4.0 / 19 }, { 10, 10, 0.2145823 },
		{ 15, 10, 0.0364969 }, { 100, 100, 0.0757005 } };
	static const struct {
		unsigned c;
		double a, wait;
	} delay[] = { { 1, 0.7, 0.7 }, { 2, 1.6, 0.711111 }, { 5, 4, 0.554113 },
		{ 10, 9, 0.668732 }, { 50, 45, 0.363864 } };
	for (int i = 0; i < 5; i++) {
		cr_expect_float_eq(erlang_b(loss[i].c, loss[i].a), loss[i].b, 1e-7);
		cr_expect_float_eq(erlang_c(delay[i].c, delay[i].a), delay[i].wait, 1e-6);
	}
}

/* ---- observing ---- */

enum what { WAIT, STAY, WAITED, LOST, WITHIN };

/* One batch mean for each station. */
struct watch {
	enum what what;
	double within_s; /* WITHIN: how long a stay may be */
	struct batch batch[STATIONS_MAX];
};

static double value_of(const struct watch *w, const struct visit *v)
{
	double wait_s = (double)(v->start_ns - v->arrival_ns) * 1e-9;
	double stay_s = (double)(v->end_ns - v->arrival_ns) * 1e-9;
	switch (w->what) {
	case WAIT:
		return wait_s;
	case STAY:
		return stay_s;
	case WAITED:
		return v->start_ns > v->arrival_ns;
	case LOST:
		return v->lost;
	case WITHIN:
		return stay_s <= w->within_s;
	}
	return NAN;
}

static void observe(void *ctx, const struct visit *v)
{
	struct watch *w = ctx;
	if (v->lost && w->what != LOST) return;
	batch_add(&w->batch[v->station], value_of(w, v));
}

/* Runs a network from empty, forgets the warm-up, watches so many visits. */
static void simulate(
    const struct station_par *par, unsigned stations, uint64_t visits, struct watch *w)
{
	struct sim *s = sim_new();
	struct stations *n = stations_new(s, par, stations, 20240620, observe, w);
	for (int part = 0; part < 2; part++) {
		for (unsigned i = 0; i < stations; i++) batch_init(&w->batch[i]);
		stations_run(n, part ? visits : WARM);
	}
	stations_free(n);
	sim_free(s);
}

/* Standard errors between a result and what it should be. */
static double z_of(const struct batch *b, double truth)
{
	struct batch_interval in = batch_interval(b, 0.95);
	return (in.mean - truth) / (in.half_width / student_t(0.95, in.batches - 1));
}

/* The result must also mean something: an interval of at most 10 %. */
static void must_agree(const struct batch *b, double truth, const char *what, double at)
{
	struct batch_interval in = batch_interval(b, 0.95);
	double z = z_of(b, truth);
	cr_expect_lt(fabs(z), 4, "%s at %g: %g, not %g (z = %.2f)", what, at, in.mean, truth, z);
	cr_expect_lt(
	    in.half_width, 0.1 * truth, "%s at %g: %g +- %g", what, at, in.mean, in.half_width);
}

/* ---- one server ---- */

static const double utilisations[] = { 0.5, 0.8, 0.9 };

Test(queueing, one_server_waits_as_pollaczek_and_khinchine_say, .timeout = 120)
{
	static const char *const name[] = { "M/M/1", "M/D/1", "M/E2/1", "M/H2/1" };
	for (int law = SERVICE_M; law <= SERVICE_H2; law++) {
		for (int i = 0; i < 3; i++) {
			double rho = utilisations[i], service_s = 1.7;
			struct station_par par = { .arrivals_hz = rho / service_s,
				.service_s = service_s,
				.law = (enum service_law)law,
				.servers = 1 };
			struct watch w = { .what = WAIT };
			simulate(&par, 1, 1500000, &w);
			must_agree(&w.batch[0],
			    pollaczek_khinchine(rho, service_s, service_cv2(par.law)), name[law],
			    rho);
		}
	}
}

/* The stay in M/M/1 is exponential of mean 1 / (mu - lambda): half of the stays
 * are below ln 2 and 95 % below ln 20 times it. */
Test(queueing, stays_in_mm1_are_exponential, .timeout = 120)
{
	static const double p[] = { 0.5, 0.95 };
	for (int i = 0; i < 2; i++) {
		struct station_par par = { .arrivals_hz = 0.9, .service_s = 1, .servers = 1 };
		struct watch w = { .what = WITHIN, .within_s = -log1p(-p[i]) / (1 - 0.9) };
		simulate(&par, 1, 2000000, &w);
		must_agree(&w.batch[0], p[i], "share of stays", p[i]);
	}
}

Test(queueing, few_places_lose_customers, .timeout = 120)
{
	enum { PLACES = 5 };
	const double rho = 0.8;
	struct station_par par = {
		.arrivals_hz = rho, .service_s = 1, .servers = 1, .places = PLACES
	};
	double lost = mm1k(rho, PLACES, PLACES), present = 0;
	for (int k = 1; k <= PLACES; k++) present += k * mm1k(rho, PLACES, k);
	cr_expect_float_eq(lost, 0.0888195, 1e-7); /* by hand: 0.8^5 0.2 / (1 - 0.8^6) */
	struct watch w = { .what = LOST };
	simulate(&par, 1, 1000000, &w);
	must_agree(&w.batch[0], lost, "M/M/1/5 loss", rho);
	w.what = STAY;
	simulate(&par, 1, 1000000, &w);
	must_agree(&w.batch[0], present / (rho * (1 - lost)), "M/M/1/5 stay", rho);
}

/* ---- many servers ---- */

Test(queueing, many_servers_wait_as_erlang_c_says, .timeout = 120)
{
	static const struct {
		unsigned c;
		double a;
	} row[] = { { 2, 1.6 }, { 5, 4 }, { 10, 9 }, { 50, 45 } };
	for (int i = 0; i < 4; i++) {
		double service_s = 0.6, wait = erlang_c(row[i].c, row[i].a);
		struct station_par par = { .arrivals_hz = row[i].a / service_s,
			.service_s = service_s,
			.servers = row[i].c };
		struct watch w = { .what = WAITED };
		simulate(&par, 1, 1500000, &w);
		must_agree(&w.batch[0], wait, "M/M/c: share that waits", row[i].c);
		w.what = WAIT;
		simulate(&par, 1, 1500000, &w);
		must_agree(
		    &w.batch[0], wait * service_s / (row[i].c - row[i].a), "M/M/c: wait", row[i].c);
	}
}

/* Erlang's loss does not depend on the service law (Sevastyanov 1957). */
Test(queueing, loss_is_as_erlang_b_says_for_every_law, .timeout = 120)
{
	static const struct {
		unsigned c;
		double a;
		enum service_law law;
	} row[] = { { 1, 1, SERVICE_M }, { 3, 2, SERVICE_D }, { 10, 10, SERVICE_M },
		{ 10, 10, SERVICE_H2 }, { 15, 10, SERVICE_E2 }, { 100, 100, SERVICE_D } };
	for (int i = 0; i < 6; i++) {
		struct station_par par = { .arrivals_hz = row[i].a / 2.3,
			.service_s = 2.3,
			.law = row[i].law,
			.servers = row[i].c,
			.places = row[i].c };
		struct watch w = { .what = LOST };
		simulate(&par, 1, 1000000, &w);
		must_agree(&w.batch[0], erlang_b(row[i].c, row[i].a), "M/G/c/c", row[i].c);
	}
}

/* ---- a network ---- */

static const struct station_par jackson[3] = {
	{ .arrivals_hz = 1, .service_s = 1 / 2.5, .servers = 1, .route = { 0, 0.5, 0.3 } },
	{ .arrivals_hz = 0.5, .service_s = 1 / 2.0, .servers = 1, .route = { 0.1, 0, 0.6 } },
	{ .arrivals_hz = 0, .service_s = 1 / 2.5, .servers = 1, .route = { 0.2, 0, 0 } },
};

/* Each station is as M/M/1 with what the traffic equations give it. */
Test(queueing, a_network_has_product_form, .timeout = 120)
{
	double lambda[STATIONS_MAX];
	traffic(jackson, 3, lambda);
	cr_expect_float_eq(lambda[0], 1.337349, 1e-6); /* solved by hand: 111/83 */
	cr_expect_float_eq(lambda[1], 1.168675, 1e-6);
	cr_expect_float_eq(lambda[2], 1.102410, 1e-6);
	struct watch w = { .what = STAY };
	simulate(jackson, 3, 3000000, &w);
	for (int i = 0; i < 3; i++)
		must_agree(&w.batch[i], 1 / (1 / jackson[i].service_s - lambda[i]),
		    "Jackson network: stay", i);
}

struct census {
	uint64_t visits[3];
	double stay_s[3];
};

static void count_visit(void *ctx, const struct visit *v)
{
	struct census *c = ctx;
	c->visits[v->station]++;
	c->stay_s[v->station] += (double)(v->end_ns - v->arrival_ns) * 1e-9;
}

/* Throughputs are what the traffic equations say; Little's law then gives the
 * numbers present (1.150259, 1.405797, 0.788793: rho / (1 - rho)). 3e6 visits
 * leave about 0.2 % of noise in a count and 1 % in a stay. */
Test(queueing, a_network_obeys_the_traffic_equations, .timeout = 120)
{
	static const double present[] = { 1.150259, 1.405797, 0.788793 };
	double lambda[STATIONS_MAX];
	struct census c = { { 0 }, { 0 } };
	struct sim *s = sim_new();
	struct stations *n = stations_new(s, jackson, 3, 7, count_visit, &c);
	stations_run(n, 3000000);
	double time_s = (double)sim_now(s) * 1e-9;
	traffic(jackson, 3, lambda);
	for (int i = 0; i < 3; i++) {
		double rate = (double)c.visits[i] / time_s, l = c.stay_s[i] / time_s;
		cr_expect_float_eq(rate, lambda[i], 0.01 * lambda[i], "station %d: %g", i, rate);
		cr_expect_float_eq(l, present[i], 0.03 * present[i], "station %d: %g", i, l);
	}
	stations_free(n);
	sim_free(s);
}

/* The same seed gives the same history, another seed another. */
static void ignore(void *ctx, const struct visit *v)
{
	(void)ctx, (void)v;
}

static uint64_t fingerprint(uint64_t seed)
{
	struct sim *s = sim_new();
	struct stations *n = stations_new(s, jackson, 3, seed, ignore, NULL);
	sim_fingerprint_on(s);
	stations_run(n, 10000);
	uint64_t hash = sim_fingerprint(s);
	stations_free(n);
	sim_free(s);
	return hash;
}

Test(queueing, a_seed_is_a_history)
{
	cr_expect_eq(fingerprint(1), fingerprint(1));
	cr_expect_neq(fingerprint(1), fingerprint(2));
}
