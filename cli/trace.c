/* hearth trace ACTION FILE... */
#include "cli/trace.h"

#include <string.h>

#include "base/units.h"
#include "cli/action.h"
#include "cli/command.h"
#include "cli/form.h"
#include "cli/set.h"

static const char *refuse_form(const char *value)
{
	static const char *const forms[] = { "hearth", "azure", "mooncake" };
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (!strcmp(value, forms[i])) return NULL;
	return "is no form; write hearth, azure or mooncake";
}

static const char *refuse_duration(const char *value)
{
	struct quantity q;
	char why[160];
	if (units_parse(value, DIM_TIME, &q, why, sizeof why) && q.si > 0) return NULL;
	return "is no time above zero; write a number and a unit, such as '1 h'";
}

static const struct option_row options[] = {
	[TRACE_TO] = { "to", 0, "FORM", "hearth for .csv, mooncake for .jsonl",
	    "convert, make: form to write: hearth, azure or mooncake", .refuse = refuse_form,
	    .words = "hearth azure mooncake" },
	[TRACE_SEED] = { "seed", 0, "N", "1", "make: seed of every random stream",
	    .refuse = options_refuse_u64 },
	[TRACE_DURATION] = { "duration", 0, "TIME", "until there are as many as requests= says",
	    "make: requests of so long, from midnight on", .refuse = refuse_duration },
	[TRACE_SET] = { "set", 0, "XPATH=VALUE", NULL,
	    "make: override an attribute of the description; may be repeated, in order", true,
	    set_refuse },
	[TRACE_FIT] = { "fit", 0, NULL, NULL,
	    "info: print a <workload> element that makes synthetic requests with the same "
	    "figures, for a scenario or for make" },
	[TRACE_JSON] = { "json", 0, NULL, NULL,
	    "info: print the figures as one JSON object, with units in its keys" },
	[TRACE_CSV] = FORM_CSV_OPTION,
	[TRACE_MD] = FORM_MD_OPTION,
	{ NULL },
};

static const struct action actions[] = {
	{ "info", 1, 1, "one FILE",
	    1u << TRACE_FIT | 1u << TRACE_JSON | 1u << TRACE_CSV | 1u << TRACE_MD, trace_info },
	{ "convert", 2, 2, "two FILEs, what to read and what to write", 1u << TRACE_TO,
	    trace_convert },
	{ "make", 2, 2, "two FILEs, what to read and what to write",
	    1u << TRACE_TO | 1u << TRACE_SEED | 1u << TRACE_DURATION | 1u << TRACE_SET,
	    trace_make },
	{ NULL },
};

static int run(const struct options *o)
{
	return action_run(actions, o);
}

static const struct example examples[] = {
	{ "hearth trace info chat-hour.csv", "how many requests, how bursty, how long" },
	{ "hearth trace info --fit chat-hour.csv >like-it.xml",
	    "a synthetic workload with the same figures" },
	{ "hearth trace make --seed=7 --duration='1 h' like-it.xml made.csv",
	    "an hour of requests from that description" },
	{ "hearth trace convert made.csv made.jsonl", "the same in Mooncake's form" },
	{ NULL, NULL },
};

const struct command trace_command = {
	.name = "trace",
	.about = "look at, convert or make traces of requests",
	.text =
	    "ACTION info FILE prints what a trace is like: rate, burstiness (the coefficient of "
	    "variation, CV, of the gaps), index of dispersion (IDC, variance over mean of the "
	    "counts in whole windows), lengths, and how many prefix blocks an infinite cache "
	    "would hit. Times are taken as they are stamped.\n\n"
	    "ACTION convert IN OUT writes a trace in another form, and says what that form "
	    "cannot hold. ACTION make DESCRIPTION OUT writes the requests of a <workload> that "
	    "stands alone in a file.\n\n"
	    "Forms: hearth (CSV: arrival_s, prompt_tokens, output_tokens and, where they "
	    "matter, origin and priority), azure (CSV: TIMESTAMP, ContextTokens, "
	    "GeneratedTokens) and mooncake (JSON lines: timestamp in ms, input_length, "
	    "output_length, hash_ids). Which one a file has is seen from what is in it. A file "
	    "is written whole or not at all.",
	.operand = { "ACTION", true, NULL, "info, convert or make",
	    .words = "info convert make" },
	.further = { "FILE", true, NULL,
	    "a trace (a file, or the name of a shipped one), or for make a description; then the "
	    "file to write",
	    true },
	.options = options,
	.examples = examples,
	.run = run,
};
