/* hearth sweep slurm DIR, hearth sweep commands DIR: a study in parts, for others to start. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/status.h"
#include "cli/sweep.h"

enum { TASKS_DEFAULT = 100 }; /* below MaxArraySize, 1001 unless a site has another */

/* What both print, with all names as a shell reads them back: whoever starts a part may
 * stand elsewhere. */
struct parts {
	char *study;
	char *command; /* "/usr/bin/hearth sweep run -j 2" */
	char *folder;
	uint64_t tasks, jobs;
};

static char *program_path(void)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	return n > 0 ? mem_text_n(path, (size_t)n) : mem_text("hearth");
}

/* "hearth sweep run" with the options that were given. */
static char *command_of(const struct options *o)
{
	char *path = program_path(), *program = text_for_shell(path);
	const char *jobs = options_text(o, SWEEP_JOBS), *on_fail = options_text(o, SWEEP_ON_FAIL);
	char *command = mem_print("%s sweep run%s%s%s%s", program, jobs ? " --jobs=" : "",
	    jobs ? jobs : "", on_fail ? " --on-fail=" : "", on_fail ? on_fail : "");
	free(program);
	free(path);
	return command;
}

static bool read_parts(struct parts *p, const struct options *o, struct err_list *e)
{
	const char *folder = o->further.word[0], *tasks = options_text(o, SWEEP_TASKS),
		   *jobs = options_text(o, SWEEP_JOBS);
	struct points *points = sweep_points(folder, e);
	if (!points) return false;
	char *real = realpath(folder, NULL);
	*p = (struct parts){ .study = mem_text(points->study), .command = command_of(o),
		.folder = text_for_shell(real ? real : folder), .tasks = TASKS_DEFAULT, .jobs = 1 };
	if (tasks) options_parse_u64(tasks, &p->tasks);
	if (jobs) options_parse_u64(jobs, &p->jobs);
	if (p->tasks > points->count) p->tasks = points->count;
	free(real);
	points_free(points);
	return true;
}

static void free_parts(struct parts *p)
{
	free(p->study);
	free(p->command);
	free(p->folder);
}

/* A name for the queue: what a study's name has besides letters and digits is '-'. */
static void print_name(const char *study)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.";
	for (; *study; study++) putchar(strchr(plain, *study) ? *study : '-');
}

int sweep_commands(const struct options *o, struct err_list *e)
{
	struct parts p;
	if (!read_parts(&p, o, e)) return STATUS_USAGE;
	for (uint64_t k = 1; k <= p.tasks; k++)
		printf("%s --shard=%" PRIu64 "/%" PRIu64 " %s\n", p.command, k,
		    p.tasks, p.folder);
	free_parts(&p);
	return STATUS_DONE;
}

/* The signal before the time is up is not SIGTERM, which scancel sends too: who cancels
 * wants no other try. The shell goes on after its trap, so that hearth is waited for twice. */
static const char script[] =
    "again=\n"
    "trap 'again=1; kill -TERM \"$pid\"' USR1\n"
    "trap 'kill -TERM \"$pid\"' TERM INT\n"
    "%s --shard=\"$SLURM_ARRAY_TASK_ID/%" PRIu64 "\" %s &\n"
    "pid=$!\n"
    "wait \"$pid\"\n"
    "status=$?\n"
    "while kill -0 \"$pid\" 2>/dev/null; do\n"
    "\twait \"$pid\"\n"
    "\tstatus=$?\n"
    "done\n"
    "if [ -n \"$again\" ] && [ \"$status\" -eq 5 ]; then\n"
    "\tscontrol requeue \"${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\"\n"
    "fi\n"
    "exit \"$status\"\n";

int sweep_slurm(const struct options *o, struct err_list *e)
{
	struct parts p;
	if (!read_parts(&p, o, e)) return STATUS_USAGE;
	fputs("#!/bin/sh\n#SBATCH --job-name=", stdout);
	print_name(p.study);
	printf("\n#SBATCH --array=1-%" PRIu64 "\n", p.tasks);
	printf("#SBATCH --cpus-per-task=%" PRIu64 "\n", p.jobs);
	fputs("#SBATCH --requeue\n"
	      "#SBATCH --open-mode=append\n"
	      "#SBATCH --signal=B:USR1@60\n"
	      "# Time and memory: sbatch --time=1:00:00 --mem=2G\n",
	    stdout);
	printf(script, p.command, p.tasks, p.folder);
	free_parts(&p);
	return STATUS_DONE;
}
