/* Queueing stations on the engine: what its answers and its speed are checked on.
 *
 * A network of up to STATIONS_MAX stations. Each has Poisson arrivals from
 * outside, a number of equal servers, a service law, room for a number of
 * customers (who come when it is full are lost) and first come, first served.
 * Who leaves station i goes on to station j with probability route[i][j], else
 * out. One event is an arrival, one the end of a service. */
#ifndef HEARTH_BENCH_ENGINE_STATION_H
#define HEARTH_BENCH_ENGINE_STATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"
#include "sim/sim.h"

enum service_law {
	SERVICE_M,  /* exponential */
	SERVICE_D,  /* constant */
	SERVICE_E2, /* Erlang of two stages: squared coefficient of variation 1/2 */
	SERVICE_H2, /* hyperexponential of two branches with balanced means: 4 */
};

double service_cv2(enum service_law law); /* squared coefficient of variation */

enum { STATIONS_MAX = 4, STATION_UNBOUNDED = 0 };

struct station_par {
	double arrivals_hz; /* from outside; 0: none */
	double service_s;   /* mean */
	enum service_law law;
	uint32_t servers;
	uint32_t places; /* waiting and in service; STATION_UNBOUNDED: any number */
	double route[STATIONS_MAX];
};

/* One customer's stay at one station, told when it ends. Lost: no time passed. */
struct visit {
	unsigned station;
	bool lost;
	int64_t arrival_ns, start_ns, end_ns;
};

typedef void visit_handler(void *ctx, const struct visit *v);

struct stations;

/* Builds on an engine that outlives it and schedules the first arrivals. */
struct stations *stations_new(struct sim *s, const struct station_par *par, unsigned stations,
    uint64_t seed, visit_handler *seen, void *ctx);
void stations_free(struct stations *n); /* takes NULL */

/* Runs until so many visits more were told. */
void stations_run(struct stations *n, uint64_t visits);

#endif
