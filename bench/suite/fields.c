#include "bench/suite/fields.h"

#include <float.h>

#include "bench/suite/record.h"

#define AT(type, member) offsetof(struct type, member), sizeof((struct type *)0)->member
#define TEXT(type, member, name) { name, FIELD_TEXT, AT(type, member), 0, 0, true }
#define REMARK(type, member, name) { name, FIELD_TEXT, AT(type, member) } /* no key when empty */
#define WORD(type, member, name) { name, FIELD_WORD, AT(type, member), 0, 0, true }
#define BOOL(type, member, name) { name, FIELD_BOOL, AT(type, member) }
#define NUMBER(type, member, name, min, max) \
	{ name, FIELD_NUMBER, AT(type, member), min, max, false }
#define NEEDED(kind, type, member, name, min, max) { name, kind, AT(type, member), min, max, true }

enum { PROCESSORS_MAX = 1 << 20 };
#define CALLS_MAX 1e15 /* fits long and is exact in double */

/* The first ones are google-benchmark's. */
const struct field context_fields[] = {
	TEXT(bench_context, date, "date"),
	TEXT(bench_context, host_name, "host_name"),
	TEXT(bench_context, build_type, "library_build_type"),
	NEEDED(FIELD_INT, bench_context, num_cpus, "num_cpus", 1, PROCESSORS_MAX),
	NUMBER(bench_context, mhz_per_cpu, "mhz_per_cpu", 0, 1e6),
	TEXT(bench_context, hearth_version, "hearth_version"),
	TEXT(bench_context, cpu_model, "cpu_model"),
	TEXT(bench_context, isa, "isa"),
	TEXT(bench_context, kernel, "kernel"),
	TEXT(bench_context, hypervisor, "hypervisor"),
	TEXT(bench_context, compiler, "compiler"),
	TEXT(bench_context, flags, "flags"),
	TEXT(bench_context, pinning, "pinning"),
	TEXT(bench_context, huge_pages, "huge_pages"),
	TEXT(bench_context, governor, "governor"),
	REMARK(bench_context, energy, "energy"),
	NUMBER(bench_context, memory_bytes, "memory_bytes", 0, DBL_MAX),
	NUMBER(bench_context, page_bytes, "page_bytes", 0, DBL_MAX),
	BOOL(bench_context, quick, "quick"),
	NUMBER(bench_context, duration_s, "duration_s", 0, DBL_MAX),
	BOOL(bench_context, noisy, "noisy"),
	TEXT(bench_context, noise, "noise"),
	NUMBER(bench_context, others_frac, "others_frac", 0, 1),
	NUMBER(bench_context, steal_frac, "steal_frac", 0, 1),
	NUMBER(bench_context, drift_frac, "drift_frac", -1, DBL_MAX),
	NUMBER(bench_context, clock_before_hz, "clock_before_hz", 0, DBL_MAX),
	NUMBER(bench_context, clock_after_hz, "clock_after_hz", 0, DBL_MAX),
	{ 0 },
};

const struct field cache_fields[] = {
	WORD(bench_cache, type, "type"),
	NEEDED(FIELD_INT, bench_cache, level, "level", 1, 9),
	NEEDED(FIELD_NUMBER, bench_cache, bytes, "size", 0, DBL_MAX),
	NEEDED(FIELD_INT, bench_cache, shared_by, "num_sharing", 0, PROCESSORS_MAX),
	{ 0 },
};

const struct field row_fields[] = {
	WORD(bench_row, group, "group"),
	WORD(bench_row, kernel, "kernel"),
	WORD(bench_row, shape, "shape"),
	WORD(bench_row, pages, "pages"),
	WORD(bench_row, item, "item"),
	WORD(bench_row, device, "device"),
	NEEDED(FIELD_INT, bench_row, threads, "threads", 1, PROCESSORS_MAX),
	NUMBER(bench_row, flops, "flops", 0, DBL_MAX),
	NUMBER(bench_row, bytes, "bytes", 0, DBL_MAX),
	NUMBER(bench_row, items, "items", 0, DBL_MAX),
	NUMBER(bench_row, error, "error", 0, DBL_MAX),
	NUMBER(bench_row, error_max, "error_max", 0, DBL_MAX),
	BOOL(bench_row, noisy, "noisy"),
	WORD(bench_row, why, "why"),
	{ 0 },
};

const struct field peer_fields[] = {
	WORD(bench_row_peer, name, "name"),
	NEEDED(FIELD_NUMBER, bench_row_peer, items_s, "items_per_second", DBL_MIN, DBL_MAX),
	WORD(bench_row_peer, conditions, "conditions"),
	{ 0 },
};

const struct field energy_fields[] = {
	NUMBER(bench_energy, measured_j, "measured_j", 0, DBL_MAX),
	NUMBER(bench_energy, idle_j, "idle_j", 0, DBL_MAX),
	NUMBER(bench_energy, estimated_j, "estimated_j", 0, DBL_MAX),
	NUMBER(bench_energy, estimated_low_j, "estimated_low_j", 0, DBL_MAX),
	NUMBER(bench_energy, estimated_high_j, "estimated_high_j", 0, DBL_MAX),
	NUMBER(bench_energy, window_s, "window_s", 0, DBL_MAX),
	NUMBER(bench_energy, calls, "calls", 0, CALLS_MAX),
	WORD(bench_energy, source, "source"),
	WORD(bench_energy, scope, "scope"),
	WORD(bench_energy, method, "method"),
	{ 0 },
};

/* "iterations" is google-benchmark's word for calls. */
const struct field sample_fields[] = {
	NEEDED(FIELD_LONG, bench_sample, calls, "iterations", 1, CALLS_MAX),
	NEEDED(FIELD_NUMBER, bench_sample, wall_s, "wall_s", DBL_MIN, DBL_MAX),
	NEEDED(FIELD_NUMBER, bench_sample, cpu_s, "cpu_s", 0, DBL_MAX),
	NEEDED(FIELD_LONG, bench_sample, switches, "involuntary_switches", 0, CALLS_MAX),
	{ 0 },
};
