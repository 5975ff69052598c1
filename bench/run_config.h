/* How the engine of a published serving run was set, from the JSON file beside the
 * run's measurements. */
#ifndef HEARTH_BENCH_RUN_CONFIG_H
#define HEARTH_BENCH_RUN_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "models/compute/engine.h"

/* Sets those limits of the engine that the file tells: max_num_seqs and
 * max_num_batched_tokens, which it must, and block_size, gpu_memory_utilization and
 * enable_prefix_caching of its kv_cache, which may be null. *kv_blocks: num_gpu_blocks
 * there, 0 when not told. False with an entry in e when it cannot be used. */
bool run_config_read(
    const char *path, struct engine_par *engine, int64_t *kv_blocks, struct err_list *e);

#endif
