/* What a request costs, from ten thousand of them to ten million.
 *
 *     bench_scale [MOST]
 *
 * Not a group of hearth bench: the memory held is a whole process's.
 *
 * Runs hearth as a process on 64 replicas of Llama 3.1 8B, each on an H100, with
 * Poisson arrivals of 6 a second and replica and the lengths of the Azure 2023
 * conversation trace in their mean and median (1155 prompt and 211 output tokens a
 * request in the mean), routed to the least loaded, until the last one is answered;
 * once with the results kept in a file and once without. Goes on to 10^6 requests, or
 * as far as MOST says (10^7 takes two minutes and 2 GB). The cost should be flat:
 * what is left of a logarithm is in the sorting of latencies. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/others.h"
#include "bench/process.h"

enum { REPLICAS = 64 };

static const char scenario[] =
    "<scenario name='scale'><time start='2024-06-20T00:00Z' step='1 min'/>"
    "<datacentre name='cloud'><node device='h100-sxm' count='64' model='llama-3.1-8b'/>"
    "</datacentre><workload rate='384 1/s' requests='10000'/>"
    "<policy routing='least-loaded'/></scenario>";

static double size_mb(const char *path)
{
	struct stat st;
	return stat(path, &st) ? 0 : (double)st.st_size / 1e6;
}

/* start_mb: what the program holds without requests to speak of. */
static bool print_row(const char *path, long requests, double *start_mb)
{
	struct process_use plain, kept;
	char *set = mem_print("//workload/@requests=%ld", requests);
	char *file = mem_print("%s.h5", path);
	const char *const to_nowhere[] = { "run", "--set", set, path, NULL };
	const char *const to_file[] = { "run", "--set", set, "-o", file, path,
		NULL };
	bool good = process_run(to_nowhere, &plain) && process_run(to_file, &kept);
	if (good) {
		if (*start_mb == 0) *start_mb = plain.peak_mb;
		printf("%9ld %8.2f %8.2f %9.1f %10.0f", requests, plain.cpu_s,
		    1e6 * plain.cpu_s / (double)requests, plain.peak_mb,
		    1e6 * (plain.peak_mb - *start_mb) / (double)requests);
		printf(" %9.2f %8.2f %9.1f %8.1f\n", kept.cpu_s,
		    1e6 * kept.cpu_s / (double)requests, kept.peak_mb, size_mb(file));
	} else {
		printf("%9ld failed\n", requests);
	}
	unlink(file);
	free(file);
	free(set);
	return good;
}

int main(int argc, char **argv)
{
	long most = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000;
	double start_mb = 0;
	bool good = true;
	char *path = process_scenario(scenario);
	if (!path) {
		fprintf(stderr, "bench_scale: cannot write below /tmp\n");
		return 1;
	}
	printf("hearth, a process on one core: %d replicas, 384 requests a second\n", REPLICAS);
	printf("%9s %37s %37s\n", "", "results summed up", "and kept in a file");
	printf("%9s %8s %8s %9s %10s %9s %8s %9s %8s\n", "requests", "CPU s", "us each", "peak MB",
	    "byte each", "CPU s", "us each", "peak MB", "file MB");
	for (long n = 10000; n <= most; n *= 10) good &= print_row(path, n, &start_mb);
	puts("aim for 10^6: 5 s; the cost of a request flat");
	others_print();
	unlink(path);
	free(path);
	return !good;
}
