/* hearth sweep ACTION ... */
#include "cli/sweep.h"

#include <string.h>

#include "cli/action.h"
#include "cli/command.h"
#include "cli/jobs.h"
#include "cli/sweep_policy.h"

static const struct option_row options[] = {
	[SWEEP_OUTPUT] = { "output", 'o', "DIR", "the study's file name without .xml",
	    "plan: folder of the study" },
	[SWEEP_JOBS] = { "jobs", 'j', "N", "1", "run, slurm, commands: points side by side, each in a process",
	    .refuse = jobs_refuse },
	[SWEEP_SHARD] = { "shard", 0, "K/N", "1/1",
	    "run: of N equal parts of the plan the K-th: points K, K + N, K + 2N and so on",
	    .refuse = sweep_refuse_shard },
	[SWEEP_ON_FAIL] = { "on-fail", 0, "WHAT", "skip",
	    "run, slurm, commands: when a point fails, 'skip' it, 'stop', or 'retry:N', try it up to N times more",
	    .refuse = sweep_refuse_policy },
	[SWEEP_TASKS] = { "tasks", 'n', "N", "100, or as many as there are points",
	    "slurm, commands: parts that the plan is split into", .refuse = sweep_refuse_tasks },
	{ NULL },
};

static const struct action actions[] = {
	{ "plan", 1, 1, "one STUDY", 1u << SWEEP_OUTPUT, sweep_plan },
	{ "run", 1, 1, "one DIR", 1u << SWEEP_JOBS | 1u << SWEEP_SHARD | 1u << SWEEP_ON_FAIL,
	    sweep_run },
	{ "status", 1, 1, "one DIR", 0, sweep_status },
	{ "collect", 1, 1, "one DIR", 0, sweep_collect },
	{ "slurm", 1, 1, "one DIR", 1u << SWEEP_TASKS | 1u << SWEEP_JOBS | 1u << SWEEP_ON_FAIL,
	    sweep_slurm },
	{ "commands", 1, 1, "one DIR", 1u << SWEEP_TASKS | 1u << SWEEP_JOBS | 1u << SWEEP_ON_FAIL,
	    sweep_commands },
	{ NULL },
};

static int run(const struct options *o)
{
	return action_run(actions, o);
}

static const struct example examples[] = {
	{ "hearth sweep plan doorstep-study.xml", "which runs the study has" },
	{ "hearth sweep run -j 2 doorstep-study", "all that are not done yet" },
	{ "hearth sweep status doorstep-study", "how many are" },
	{ "hearth sweep collect doorstep-study", "their numbers in one table" },
	{ "hearth sweep slurm -n 4 doorstep-study >study.sh", "for sbatch: an array of four tasks" },
	{ "hearth sweep commands -n 4 doorstep-study >parts", "four commands, for GNU parallel" },
	{ NULL, NULL },
};

const struct command sweep_command = {
	.name = "sweep",
	.about = "run a study: one scenario with many values",
	.text =
	    "A study is an XML file that names a scenario, what is varied in it (axes), how "
	    "points are chosen and which numbers answer the question: the element <study> of "
	    "hearth-scenario(5).\n\n"
	    "ACTION plan STUDY makes the folder of the study: the resolved scenario "
	    "(scenario.xml), the files beside it that it names, and the list of points "
	    "(plan.tsv), which is the same bytes whenever it is made.\n\n"
	    "ACTION run DIR computes each point in a process of its own and keeps what hearth run "
	    "would, in points/AB/ID.h5. A file there is complete or absent, so that "
	    "run does what is missing, whatever ended it before; several may work in one folder. "
	    "What kills a process costs its point, which is recorded with its signal, last "
	    "messages and resources in points/AB/ID.fail.json and tried again by the next run. "
	    "Results do not depend on -j, shard or order. Ends with status 3 when points failed, 5 "
	    "when interrupted.\n\n"
	    "ACTION status DIR says how many points are done. ACTION collect DIR writes sweep.csv "
	    "and sweep.h5: a row a point, with its values, its state and all numbers of its "
	    "summary, those that the study names first.\n\n"
	    "ACTION slurm DIR prints a script for sbatch: an array of N tasks, each a part of the "
	    "plan. A task that runs out of time or loses its node is queued again and does what is "
	    "missing; time and memory are options of sbatch (--time, --mem). ACTION commands DIR "
	    "prints the same parts as commands, one a line, for GNU parallel, PBS or LSF.",
	.operand = { "ACTION", true, NULL, "plan, run, status, collect, slurm or commands",
	    .words = "plan run status collect slurm commands" },
	.further = { "INPUT", true, NULL,
	    "plan: a STUDY, a file or the name of a shipped one; otherwise its folder",
	    .words = "plan:@examples plan:@.xml run:@folders status:@folders collect:@folders slurm:@folders "
		     "commands:@folders" },
	.options = options,
	.examples = examples,
	.run = run,
};
