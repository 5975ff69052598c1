#include "bench/run_config.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/file.h"

enum { CONFIG_MAX = 1 << 20 }; /* bytes */

static json_t *load(const char *path, struct err_list *e)
{
	json_error_t why;
	size_t size;
	char *text = file_read(path, CONFIG_MAX, &size, e);
	if (!text) return NULL;
	json_t *all = json_loadb(text, size, 0, &why);
	free(text);
	if (!all) err_at(e, (struct err_pos){ path, why.line, why.column }, "%s", why.text);
	return all;
}

/* A whole number of 1 or more. */
static bool read_count(const json_t *from, const char *key, int64_t *v)
{
	const json_t *found = json_object_get(from, key);
	if (!json_is_integer(found) || json_integer_value(found) < 1) return false;
	*v = json_integer_value(found);
	return true;
}

static void read_cache(const json_t *cache, struct engine_par *engine, int64_t *kv_blocks)
{
	const json_t *share = json_object_get(cache, "gpu_memory_utilization");
	const json_t *prefixes = json_object_get(cache, "enable_prefix_caching");
	read_count(cache, "num_gpu_blocks", kv_blocks);
	read_count(cache, "block_size", &engine->block_tokens);
	if (json_is_number(share)) engine->memory_frac = json_number_value(share);
	if (json_is_boolean(prefixes)) engine->prefix_cache = json_is_true(prefixes);
}

bool run_config_read(
    const char *path, struct engine_par *engine, int64_t *kv_blocks, struct err_list *e)
{
	json_t *all = load(path, e);
	if (!all) return false;
	*kv_blocks = 0;
	bool good = read_count(all, "max_num_seqs", &engine->max_sequences) &&
	    read_count(all, "max_num_batched_tokens", &engine->token_budget);
	if (good)
		read_cache(json_object_get(all, "kv_cache"), engine, kv_blocks);
	else
		err_at(e, (struct err_pos){ path, 0, 0 },
		    "max_num_seqs and max_num_batched_tokens must be whole numbers of 1 or more");
	json_decref(all);
	return good;
}
