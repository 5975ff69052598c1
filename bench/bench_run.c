/* Whole runs of the program, from its start to its end.
 *
 *     bench_run [TRACE.csv]
 *
 * Not a group of hearth bench, which times calls within its own process: a start, the reading
 * of files and the most memory held are a whole process's.
 *
 * Runs hearth several times as a process and prints the processor time (user and
 * system, of reading the scenario, running and summing up) and the most memory it
 * held. Without TRACE.csv the Azure conversation trace of 2023 is sought below the
 * folder that HEARTH_SHARED names; without it the runs that need it are passed over. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/measure.h"
#include "bench/others.h"
#include "bench/process.h"

enum { RUNS = 9 };

/* requests: of a run; 0: not of interest. */
static bool print_runs(const char *what, const char *const *argv, int runs, double requests)
{
	double sample[RUNS], peak_mb = 0;
	for (int i = 0; i < runs; i++) {
		struct process_use use;
		if (!process_run(argv, &use)) {
			printf("%-38s failed\n", what);
			return false;
		}
		sample[i] = use.cpu_s;
		if (use.peak_mb > peak_mb) peak_mb = use.peak_mb;
	}
	struct measure m = measure_of(sample, runs);
	printf("%-38s %8.3f %8.3f %9.1f", what, m.best, m.median, peak_mb);
	if (requests > 0) printf(" %11.0f", requests / m.median);
	putchar('\n');
	return true;
}

/* A day of 10 000 homes without a feeder, a fifth of them with a node, and a million
 * requests. */
static const char large[] =
    "<scenario name='large'>"
    "<time start='2024-06-20T00:00+02:00' duration='1 d'/>"
    "<place latitude='52.5 deg' longitude='13.4 deg'/>"
    "<tariff price='0.28 EUR/kWh' export='0.08 EUR/kWh'/><carbon intensity='350 g/kWh'/>"
    "<homes count='10000'><load annual='lognormal(3000, 0.35) kWh'/>"
    "<solar share='0.4' capacity='uniform(3, 8) kW' tilt='35 deg' azimuth='180 deg'/>"
    "<battery share='0.25' capacity='choice(5, 10, 13.5) kWh' power='5 kW'/>"
    "<vehicle share='0.3' capacity='choice(40, 58, 77) kWh' power='3.7 kW'/>"
    "<node share='0.2' device='rtx-4090' model='llama-3.1-8b' weights='q4'/></homes>"
    "<datacentre name='cloud'><node device='h100-sxm' count='20' model='llama-3.1-8b'/>"
    "</datacentre><workload rate='11.6 1/s' requests='1000000'/>"
    "<policy routing='spill-to-cloud'/></scenario>";

static bool print_large(void)
{
	char *path = process_scenario(large);
	const char *const argv[] = { "run", path, NULL };
	if (!path) return false;
	bool good = print_runs("10 000 homes, a day, a million requests", argv, 1, 1e6);
	unlink(path);
	free(path);
	return good;
}

/* Ten days of minutes of a street of 100 homes: weather, sun, loads, batteries, cars and the
 * power flow of two feeders with their stress; nobody asks a model anything. */
static const char street[] =
    "<scenario name='street'>"
    "<time start='2024-06-01T00:00+02:00' duration='10 d' step='1 min'/>"
    "<place latitude='52.52 deg' longitude='13.40 deg' altitude='34 m'/>"
    "<weather cloudiness='0.4' temperature='18 degC' swing='8'/>"
    "<feeder street='european-lv' count='2'><transformer rating='250 kVA'/></feeder>"
    "<homes count='100'><load annual='lognormal(3000, 0.35) kWh'/>"
    "<solar share='0.4' capacity='uniform(3, 8) kW' tilt='35 deg' azimuth='180 deg'/>"
    "<battery share='0.25' capacity='choice(5, 10, 13.5) kWh' power='5 kW'/>"
    "<vehicle share='0.3' capacity='choice(40, 58, 77) kWh' power='3.7 kW' initial='95 %'/>"
    "</homes></scenario>";

enum { STREET_HOMES = 100, STREET_MINUTES = 14400 };

static bool print_street(void)
{
	char *path = process_scenario(street);
	const char *const argv[] = { "run", path, NULL };
	if (!path) return false;
	struct process_use use, best = { .cpu_s = 1e9 };
	bool good = true;
	for (int i = 0; i < RUNS && good; i++) {
		good = process_run(argv, &use);
		if (use.cpu_s < best.cpu_s) best = use;
	}
	if (good)
		printf("%d homes on their feeders, %d minutes: %.3f s, %.2f million home-minutes "
		       "a second (aim 2)\n",
		    STREET_HOMES, STREET_MINUTES, best.cpu_s,
		    1e-6 * STREET_HOMES * STREET_MINUTES / best.cpu_s);
	unlink(path);
	free(path);
	return good;
}

static char *trace_path(const char *given)
{
	const char *shared = getenv("HEARTH_SHARED");
	if (given) return mem_text(given);
	return shared ? mem_print("%s/data/traces/azure2023_conv.csv", shared) : NULL;
}

static bool print_hour(const char *path)
{
	char *set = mem_print("//workload/@trace=%s", path);
	const char *const four[] = { "run", "azure-conv-4x4h100", "--set", set,
		NULL };
	const char *const one[] = { "run", "azure-conv-4x4h100", "--set", set,
		"--set", "//datacentre/node/@count=1", NULL };
	const char *const split[] = { "run", "azure-conv-2p2d", "--set", set,
		NULL };
	bool good = print_runs("hour of conversations, 4 x (4 x H100)", four, RUNS, 19366);
	good &= print_runs("the same, 1 x (4 x H100), overload", one, RUNS, 19366);
	good &= print_runs("the same, 2 prefill + 2 decode", split, RUNS, 19366);
	free(set);
	return good;
}

int main(int argc, char **argv)
{
	char *path = trace_path(argc > 1 ? argv[1] : NULL);
	const char *const built_in[] = { "run", NULL };
	printf("%-38s %17s\n%-38s %8s %8s %9s %11s\n", "", "processor s", "hearth, a process",
	    "best", "median", "peak MB", "requests/s");
	bool good = print_runs("built-in scenario", built_in, RUNS, 0);
	if (path && !access(path, R_OK)) good &= print_hour(path);
	else printf("passed over: the hour of conversations; see the head of the source\n");
	good &= print_large();
	good &= print_street();
	puts("aims for the hour: 0.1 s and 32 MB, one replica in 0.3 s");
	others_print();
	free(path);
	return !good;
}
