/* Which of the many numbers a comparison shows. */
#ifndef HEARTH_ANALYSIS_COMPARE_PICK_H
#define HEARTH_ANALYSIS_COMPARE_PICK_H

#include <stdbool.h>
#include <stddef.h>

struct compare_pick {
	const char **key; /* borrowed from the keys that there are */
	size_t keys, cap;
};

/* Adds every key of `have` that is `name` or one of its parts, "latency.ttft_s.p50" of
 * "latency.ttft_s" or "latency", unless it was picked before. False: there is none. */
bool compare_pick_name(struct compare_pick *p, const char *name, const char *const *have, size_t n);

/* Adds those that most readers look for: service, energy, stress on the grid, cost, carbon,
 * correct answers for the energy. */
void compare_pick_usual(struct compare_pick *p, const char *const *have, size_t n);

void compare_pick_all(struct compare_pick *p, const char *const *have, size_t n);

void compare_pick_fini(struct compare_pick *p);

#endif
