#include "bench/engine/station.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { LINE_ROOM = 1 << 20 }; /* customers who can wait at a station; a power of two */

struct station {
	struct station_par par;
	double gap_ns, service_ns; /* means */
	struct pcg64 arrivals, services, routes;
	uint32_t busy;
	uint32_t first, waiting; /* of the line, a ring */
	int64_t *line;           /* when each came */
};

struct stations {
	struct sim *sim;
	unsigned arrive, depart; /* event types */
	unsigned stations;
	uint64_t visits, visits_end;
	visit_handler *seen;
	void *ctx;
	struct station station[STATIONS_MAX];
};

/* Branch 1 with probability p has mean m / 2p, branch 2 mean m / 2(1-p); the
 * squared coefficient of variation 4 needs p = (1 + sqrt(3/5)) / 2. */
static const double h2_p = 0.8872983346207417;

double service_cv2(enum service_law law)
{
	switch (law) {
	case SERVICE_M:
		return 1;
	case SERVICE_D:
		return 0;
	case SERVICE_E2:
		return 0.5;
	case SERVICE_H2:
		return 4;
	}
	return NAN;
}

static double exponential(struct pcg64 *g)
{
	return -log(pcg64_open(g));
}

static int64_t service_time(struct station *st)
{
	double x = 1;
	switch (st->par.law) {
	case SERVICE_M:
		x = exponential(&st->services);
		break;
	case SERVICE_D:
		break;
	case SERVICE_E2:
		x = (exponential(&st->services) + exponential(&st->services)) / 2;
		break;
	case SERVICE_H2:
		x = pcg64_unit(&st->services) < h2_p ? 0.5 / h2_p : 0.5 / (1 - h2_p);
		x *= exponential(&st->services);
		break;
	}
	return (int64_t)(x * st->service_ns + 0.5);
}

static void schedule_arrival(struct stations *n, unsigned i)
{
	struct station *st = &n->station[i];
	int64_t gap = (int64_t)(exponential(&st->arrivals) * st->gap_ns + 0.5);
	sim_at(n->sim, sim_now(n->sim) + gap, n->arrive, i, 0, 0);
}

/* A service begins now; the customer came at arrival_ns. */
static void begin(struct stations *n, unsigned i, int64_t arrival_ns)
{
	int64_t now = sim_now(n->sim);
	sim_at(n->sim, now + service_time(&n->station[i]), n->depart, i, (uint64_t)arrival_ns,
	    (uint64_t)now);
}

static void tell(struct stations *n, struct visit v)
{
	n->seen(n->ctx, &v);
	if (++n->visits == n->visits_end) sim_stop(n->sim);
}

static void enter(struct stations *n, unsigned i)
{
	struct station *st = &n->station[i];
	int64_t now = sim_now(n->sim);
	if (st->par.places && st->busy + st->waiting == st->par.places) {
		tell(n, (struct visit){ i, true, now, now, now });
	} else if (st->busy < st->par.servers) {
		st->busy++;
		begin(n, i, now);
	} else {
		assert(st->waiting < LINE_ROOM);
		st->line[(st->first + st->waiting++) & (LINE_ROOM - 1)] = now;
	}
}

static void arrive(struct sim *s, const struct sim_event *ev, void *ctx)
{
	(void)s;
	struct stations *n = ctx;
	schedule_arrival(n, ev->entity);
	enter(n, ev->entity);
}

static void go_on(struct stations *n, struct station *st)
{
	double u = pcg64_unit(&st->routes);
	for (unsigned j = 0; j < n->stations; j++) {
		u -= st->par.route[j];
		if (u >= 0) continue;
		enter(n, j);
		return;
	}
}

static void depart(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct stations *n = ctx;
	struct station *st = &n->station[ev->entity];
	if (st->waiting) {
		int64_t came = st->line[st->first];
		st->first = (st->first + 1) & (LINE_ROOM - 1);
		st->waiting--;
		begin(n, ev->entity, came);
	} else {
		st->busy--;
	}
	tell(n, (struct visit){ ev->entity, false, (int64_t)ev->a, (int64_t)ev->b, sim_now(s) });
	if (n->stations > 1) go_on(n, st);
}

static void station_init(
    struct station *st, const struct station_par *par, uint64_t seed, unsigned i)
{
	*st = (struct station){
		.par = *par,
		.gap_ns = (double)SIM_NS_PER_S / par->arrivals_hz,
		.service_ns = (double)SIM_NS_PER_S * par->service_s,
		.arrivals = rng_stream(seed, 0, i, RNG_ARRIVAL),
		.services = rng_stream(seed, 0, i, RNG_LENGTH),
		.routes = rng_stream(seed, 0, i, RNG_ROUTE),
		.line = mem_new(LINE_ROOM, sizeof *st->line),
	};
}

struct stations *stations_new(struct sim *s, const struct station_par *par, unsigned stations,
    uint64_t seed, visit_handler *seen, void *ctx)
{
	assert(stations <= STATIONS_MAX);
	struct stations *n = mem_new(1, sizeof *n);
	n->sim = s;
	n->stations = stations;
	n->seen = seen;
	n->ctx = ctx;
	n->arrive = sim_type(s, "arrive", SIM_PHASE_REQUEST, arrive, n);
	n->depart = sim_type(s, "depart", SIM_PHASE_DEVICE, depart, n);
	for (unsigned i = 0; i < stations; i++) {
		station_init(&n->station[i], &par[i], seed, i);
		if (par[i].arrivals_hz > 0) schedule_arrival(n, i);
	}
	return n;
}

void stations_free(struct stations *n)
{
	if (!n) return;
	for (unsigned i = 0; i < n->stations; i++) free(n->station[i].line);
	free(n);
}

void stations_run(struct stations *n, uint64_t visits)
{
	n->visits_end = n->visits + visits;
	sim_run(n->sim, INT64_MAX);
}
