/* The engine: one clock, one pending set, callbacks.
 *
 * Time is int64 nanoseconds since the start of the scenario (range 292 years).
 * Events are ordered by (time, phase, insertion), so two never compare equal
 * and a run is the same on every machine. An event is a 32-byte record in a
 * pool; the pending set holds 16-byte entries (sim/queue.h). Handlers allocate
 * nothing. The engine knows no watt and no token.
 *
 * Limits, checked, fatal with time and count: 16.7 million pending events (2^24)
 * and 6.8e10 scheduled in a run (2^36). */
#ifndef HEARTH_SIM_SIM_H
#define HEARTH_SIM_SIM_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_NS_PER_S 1000000000LL

/* Which comes first at equal time. */
enum sim_phase {
	SIM_PHASE_WEATHER = 0, /* weather, prices: inputs of the step */
	SIM_PHASE_GRID = 1,    /* the grid step */
	SIM_PHASE_DEVICE = 2,  /* an iteration of a server ends, a battery is full */
	SIM_PHASE_REQUEST = 3, /* a request arrives */
	SIM_PHASE_METRICS = 4, /* recording */
	SIM_PHASE_END = 15,
};

struct sim;

struct sim_event {
	uint16_t type;  /* from sim_type */
	uint16_t flags; /* the engine's own, as gen and next are */
	uint32_t gen;
	uint32_t entity; /* which home, node, request: the model's own index */
	uint32_t next;
	uint64_t a, b; /* payload */
};

/* Names a pending event until it has run or was cancelled. 0 names none. */
typedef uint64_t sim_handle;

/* Called at the event's time with a copy of its record. `ctx` is the pointer
 * given to sim_type. May schedule at or after sim_now and cancel. */
typedef void sim_handler(struct sim *s, const struct sim_event *ev, void *ctx);

struct sim *sim_new(void);
void sim_free(struct sim *s); /* takes NULL */

/* Registers a kind of event. The name is for traces and must outlive s. Types
 * are numbered in order of registration, which the fingerprint depends on. */
unsigned sim_type(
    struct sim *s, const char *name, enum sim_phase phase, sim_handler *fn, void *ctx);

/* Schedules an event at t_ns >= sim_now(s). */
sim_handle sim_at(
    struct sim *s, int64_t t_ns, unsigned type, uint32_t entity, uint64_t a, uint64_t b);

/* True when the event was pending and is now cancelled; a handle that has run,
 * was cancelled or is 0 gives false. O(1). */
bool sim_cancel(struct sim *s, sim_handle h);

int64_t sim_now(const struct sim *s);
uint64_t sim_pending(const struct sim *s); /* not counting the cancelled */
uint64_t sim_count(const struct sim *s);   /* events run so far */

/* Runs every event with time <= until_ns, then sets the clock to until_ns
 * (INT64_MAX: runs until none is pending and leaves the clock at the last). */
void sim_run(struct sim *s, int64_t until_ns);

/* Makes sim_run return after the event being handled; the clock stays at it. */
void sim_stop(struct sim *s);

/* Lowers the limits (more than the engine's own has no effect), so that a model
 * that schedules without end is stopped early. */
void sim_limit(struct sim *s, uint64_t pending, uint64_t events);

/* Hash of (time, type, entity) of every event run so far, in order: equal
 * fingerprints mean the same history. Off by default; costs a few ns an event. */
void sim_fingerprint_on(struct sim *s);
uint64_t sim_fingerprint(const struct sim *s);

#endif
