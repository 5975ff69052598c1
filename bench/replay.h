/* Requests played against one replica, without an event queue. */
#ifndef HEARTH_BENCH_REPLAY_H
#define HEARTH_BENCH_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "models/compute/iteration.h"

struct client {
	double sent_s, first_s, done_s;
	int32_t prompt, output; /* tokens */
	int32_t units;          /* of its prompt's prefix whose ids are known */
	const uint64_t *prefix; /* [units], the caller's */
};

/* Each client sends at its sent_s (ascending); fills first_s and done_s. All must
 * fit the replica. */
void replay_open(const struct iteration_model *m, struct client *c, uint32_t clients);

/* `at_once` clients, each of which sends its next request when it has its answer,
 * for `rounds` requests each on average: what those after the first round saw.
 * Clients that start together and get answers of one length stay in step, and their
 * prompts come in bursts, as in benchmarks; staggered ones come in the middle of
 * their first answer and end one after the other, as those of a chat service do,
 * and are watched until the last request is sent. */
struct closed_loop {
	int32_t prompt, output;
	uint32_t at_once, rounds;
	bool staggered;
};
struct closed_seen {
	double ttft_s, tpot_s;     /* means; output > 1 */
	double tokens_s;           /* output tokens a second, all clients */
	double device_j_per_token; /* all accelerators, output tokens */
};
struct closed_seen replay_closed(const struct iteration_model *m, const struct closed_loop *l);

/* Means of what clients saw; requests with one output token do not count for TPOT. */
struct client_means {
	double ttft_s, tpot_s, e2e_s;
};
struct client_means client_means(const struct client *c, uint32_t clients);

#endif
