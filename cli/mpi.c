/* hearth-mpi [OPTION]... DIR: hearth sweep run under mpirun. Of N processes the K-th runs
 * part K/N of the study. Points are files and need no messages: the processes tell each other
 * only how they ended, so that none ends while another is at work, for which mpirun would end
 * both. */
#include <mpi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "cli/command.h"
#include "cli/status.h"
#include "cli/streams.h"

static const char usage[] =
    "Usage: mpirun -n N hearth-mpi [OPTION]... DIR\n\n"
    "Runs the points of the study in DIR that are not done yet, in N equal parts, one a process:\n"
    "hearth sweep run with its options, but for --shard, which it gives itself.\n\n"
    "Example:\n"
    "  mpirun -n 2 hearth-mpi --on-fail=retry:1 doorstep-study\n";

static int refuse(const char *why)
{
	fprintf(stderr, "hearth-mpi: error: %s\nTry 'hearth-mpi --help'.\n", why);
	return STATUS_USAGE;
}

/* How many processes a launcher has started, by what it tells them in their environment:
 * OpenMPI's, those that speak PMI (MPICH, Intel, SLURM's srun), and PMIx by SLURM. */
static int count_by_launcher(void)
{
	static const char *const names[] = { "OMPI_COMM_WORLD_SIZE", "PMI_SIZE",
		"SLURM_STEP_NUM_TASKS" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value) return atoi(value);
	}
	return 1;
}

/* Every abbreviation of --shard that options would take begins in this way. */
static bool gives_shard(char *const *word)
{
	for (; *word && strcmp(*word, "--") != 0; word++)
		if (!strncmp(*word, "--s", 3)) return true;
	return false;
}

static int run_part(char *const *words, int rank, int size)
{
	size_t count = 0;
	while (words[count]) count++;
	char **all = mem_new(count + 3, sizeof *all);
	all[0] = (char *)"run";
	all[1] = mem_print("--shard=%d/%d", rank + 1, size);
	memcpy(all + 2, words, count * sizeof *all);
	int status = command_run(&sweep_command, all);
	free(all[1]);
	free(all);
	return status;
}

/* The worst status of all. Who waits leaves the processor to those that work: MPI's own
 * waiting would keep it busy. */
static int agree(int status)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	MPI_Request request;
	int worst = status, done = 0;
	MPI_Iallreduce(&status, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD, &request);
	while (MPI_Test(&request, &done, MPI_STATUS_IGNORE), !done) nanosleep(&pause, NULL);
	return worst;
}

static int run(char *const *words)
{
	int rank, size;
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	if (size == 1 && count_by_launcher() > 1)
		return refuse("the launcher and this program speak different kinds of MPI: each "
			      "process takes itself for the only one; start it with the mpirun of "
			      "the MPI that it was built with");
	return agree(streams_fini(run_part(words, rank, size)));
}

int main(int argc, char **argv)
{
	streams_init();
	if (argc < 2) return refuse("it takes the folder of a study");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		fputs(usage, stdout);
		return streams_fini(STATUS_DONE);
	}
	if (gives_shard(argv + 1)) return refuse("it gives --shard itself");
	MPI_Init(NULL, NULL);
	int status = run(argv + 1);
	MPI_Finalize();
	return status;
}
