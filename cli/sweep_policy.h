/* hearth sweep run: which points, and what to do when one fails. */
#ifndef HEARTH_CLI_SWEEP_POLICY_H
#define HEARTH_CLI_SWEEP_POLICY_H

#include <stdbool.h>
#include <stdint.h>

struct sweep_policy {
	uint64_t shard, shards; /* 1-based */
	bool stop;              /* at the first failure */
	uint64_t retries;       /* of a point */
};

/* For a table's refuse column. */
const char *sweep_refuse_shard(const char *value);
const char *sweep_refuse_policy(const char *value);
const char *sweep_refuse_tasks(const char *value);

/* Of texts that were not refused; NULL: not given. */
struct sweep_policy sweep_policy_read(const char *shard, const char *on_fail);

#endif
