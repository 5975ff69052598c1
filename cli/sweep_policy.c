#include "cli/sweep_policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/options.h"

#define RETRY "retry:"
enum { SHARDS_MAX = 1000000, RETRIES_MAX = 1000 };

static bool read_shard(const char *value, struct sweep_policy *p)
{
	const char *slash = strchr(value, '/');
	if (!slash) return false;
	char *first = mem_text_n(value, (size_t)(slash - value));
	bool good = options_parse_u64(first, &p->shard) &&
	    options_parse_u64(slash + 1, &p->shards) && p->shard >= 1 &&
	    p->shard <= p->shards && p->shards <= SHARDS_MAX;
	free(first);
	return good;
}

static bool read_on_fail(const char *value, struct sweep_policy *p)
{
	p->stop = !strcmp(value, "stop");
	if (p->stop || !strcmp(value, "skip")) return true;
	if (strncmp(value, RETRY, strlen(RETRY)) != 0) return false;
	return options_parse_u64(value + strlen(RETRY), &p->retries) &&
	    p->retries <= RETRIES_MAX;
}

const char *sweep_refuse_shard(const char *value)
{
	struct sweep_policy p = { 0 };
	return read_shard(value, &p) ? NULL : "is no part of a plan; write K/N, as 1/4 to 4/4";
}

const char *sweep_refuse_policy(const char *value)
{
	struct sweep_policy p = { 0 };
	return read_on_fail(value, &p) ? NULL : "is unknown; write stop, skip or retry:N";
}

const char *sweep_refuse_tasks(const char *value)
{
	uint64_t n;
	if (options_parse_u64(value, &n) && n >= 1 && n <= SHARDS_MAX) return NULL;
	return "is no number of parts; write 1 to 1000000";
}

struct sweep_policy sweep_policy_read(const char *shard, const char *on_fail)
{
	struct sweep_policy p = { .shard = 1, .shards = 1 };
	if (shard) read_shard(shard, &p);
	if (on_fail) read_on_fail(on_fail, &p);
	return p;
}
