/* What a run of `hearth bench` leaves behind: the machine, and a row for each case.
 *
 * The file is JSON in google-benchmark's shape, so that its compare.py and dashboards
 * read it: "context" and "benchmarks", the latter with an entry "iteration" for each
 * sample and an entry "aggregate" for the median and the MAD of a case. What only hearth
 * needs stands under keys of its own, and a file read back is the record that was written,
 * to the last bit.
 *
 * NAN stands for a number that nobody measured: it has no key in the file. */
#ifndef HEARTH_BENCH_SUITE_RECORD_H
#define HEARTH_BENCH_SUITE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/err.h"
#include "bench/measure.h"
#include "bench/suite/suite.h"

enum { BENCH_CACHES_MAX = 8, BENCH_NAME_SIZE = 48, BENCH_WHY_SIZE = 160, BENCH_DEVICE_SIZE = 96,
	BENCH_PEER_SIZE = 64, BENCH_CONDITIONS_SIZE = 256 };

struct bench_cache {
	char type[16]; /* "Data", "Instruction", "Unified" */
	int level;
	double bytes;
	int shared_by; /* processors */
};

/* Texts are the file's own; none is NULL after bench_file_init. */
struct bench_context {
	char *date;          /* of the start, "2026-03-07T12:30:05+01:00" */
	char *host_name;
	char *cpu_model;     /* "AMD EPYC 7763 64-Core Processor" */
	char *kernel;        /* "Linux 6.1.0-13-amd64 x86_64" */
	char *hypervisor;    /* "none", its name ("KVM") or "unknown" */
	char *isa;           /* the kernels' instruction set: "avx2" */
	char *compiler, *flags;
	char *build_type;    /* "release"; "debug" where the compiler was not to optimise */
	char *hearth_version;
	char *pinning;       /* how threads were held to processors, in words */
	char *huge_pages;    /* transparent ones: "always", "madvise", "never" or "unknown" */
	char *governor;      /* of the frequency; "unknown" in most guests */
	char *energy;        /* "energy source: powercap (package-0), package"; or why there is none */
	int num_cpus;        /* that this process may use */
	double mhz_per_cpu;  /* as the kernel tells it, NAN: it does not */
	double memory_bytes, page_bytes;
	double load_avg[3];  /* of 1, 5, 15 minutes, as the run began */
	struct bench_cache cache[BENCH_CACHES_MAX];
	size_t caches;
	bool quick;          /* a tenth of the time was given */
	double duration_s;   /* of the whole run, wall */

	/* Was the machine fit to measure on? See suite/noise.h for the limits. */
	bool noisy;
	char *noise;         /* the verdict, a sentence for people; never empty */
	double others_frac;  /* of all processors' time, used by others' processes */
	double steal_frac;   /* of all processors' time, taken by the hypervisor */
	double drift_frac;   /* first case: median at the end / at the start - 1 */
	double clock_before_hz, clock_after_hz; /* dependent additions a second */
};

/* Energy of the repetitions of a case, warm-up excluded. */
struct bench_energy {
	double measured_j;   /* as the meter counted; NAN: no meter */
	double idle_j;       /* the meter's count over an idle window of that length; NAN */
	double estimated_j;  /* by a model of the power; NAN: not asked for */
	double estimated_low_j, estimated_high_j;
	double window_s;     /* wall time that the figures are of, */
	double calls;        /* and the calls in it */
	char source[32];     /* "powercap", "nvml"; "" when there is none */
	char scope[16];      /* "package", "gpu", "board", "wall" */
	char method[16];     /* "counter", "integrated", "model" */
};

struct bench_sample {
	double wall_s, cpu_s; /* of a call; processor time of all threads together */
	long calls;           /* in this sample, one after the other */
	long switches;        /* involuntary context switches during it */
};

struct bench_row_key {
	char name[BENCH_NAME_SIZE];
	double value;
};

/* As struct bench_peer. */
struct bench_row_peer {
	char name[BENCH_PEER_SIZE];
	double items_s;
	char conditions[BENCH_CONDITIONS_SIZE];
};

struct bench_row {
	char group[BENCH_NAME_SIZE], kernel[BENCH_NAME_SIZE], shape[BENCH_NAME_SIZE];
	char pages[16];
	char item[BENCH_NAME_SIZE]; /* what `items` counts; "" */
	char device[BENCH_DEVICE_SIZE]; /* where it ran; "": on the processor. Else wall_s is the
	                                 * device's own time and cpu_s the processor's meanwhile */
	struct bench_row_key key[BENCH_KEYS_MAX];
	size_t keys;
	int threads;
	double flops, bytes, items;  /* of a call */
	struct bench_sample *sample; /* in the order taken; none is left out */
	size_t samples, cap;
	double error, error_max;     /* relative, against the plain twin; wrong when above */
	struct bench_energy energy;
	bool noisy;
	char why[BENCH_WHY_SIZE];    /* what made it so; "" */
	struct bench_row_peer *peer; /* what others reach on the same work */
	size_t peers, peers_cap;
};

struct bench_file {
	struct bench_context context;
	struct bench_row *row;       /* in the groups' and cases' order */
	size_t rows, cap;
	char sha256[DIGEST_SIZE];            /* of the bytes read or written, hexadecimal; "" before */
};

void bench_file_init(struct bench_file *f); /* no rows, empty texts, NANs */
void bench_file_fini(struct bench_file *f);

/* Adds a row without samples, texts or keys, NAN where nothing is known. It stays where
 * it is until the next is added. */
struct bench_row *bench_file_add(struct bench_file *f);
void bench_row_sample(struct bench_row *r, struct bench_sample s);
struct bench_row_peer *bench_row_peer_add(struct bench_row *r); /* zeroed; until the next one */

/* Adds the samples of another run of the same cases, which stay in `more`. A row is noisy
 * where it was so in either, as is the run; of what is told of the machine the worse holds. */
void bench_file_join(struct bench_file *f, const struct bench_file *more);

/* The most threads that a row on the processor has; 0 without such rows. */
int bench_file_threads(const struct bench_file *f);

/* The value under that key, or NAN. */
double bench_row_key(const struct bench_row *r, const char *name);

/* Of all samples, s a call; NAN when there are none. The second pair are the medians. */
struct measure bench_row_wall(const struct bench_row *r);
struct measure bench_row_cpu(const struct bench_row *r);
double bench_row_wall_s(const struct bench_row *r);
double bench_row_cpu_s(const struct bench_row *r);

/* What a sample took: of one thread on the processor its processor time, which others' work
 * does not lengthen; else wall time. And the middle of all samples, NAN without any. */
double bench_sample_s(const struct bench_row *r, size_t i);
double bench_row_s(const struct bench_row *r);

/* Samples of wall time more than 5 MAD from the median: told, and counted all the same. */
size_t bench_row_outliers(const struct bench_row *r);

/* True where the result was as the twin's. */
bool bench_row_right(const struct bench_row *r);

/* The file's text, ending with a newline; the caller frees. */
char *bench_json_text(const struct bench_file *f);

/* Writes it, complete or not at all, and sets sha256. False with an entry in e. */
bool bench_json_write(const char *path, struct bench_file *f, struct err_list *e);

/* Fills *f, which the caller gives to bench_file_fini in either case. Every fault is in e,
 * with the place where the reader has one: no JSON, a file of another program, rows
 * without samples, numbers outside of what can be. */
bool bench_json_read(const char *path, struct bench_file *f, struct err_list *e);
bool bench_json_parse(const char *name, const char *text, size_t size, struct bench_file *f,
    struct err_list *e);

#endif
