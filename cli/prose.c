#include "cli/prose.h"

const char prose_question[] =
    "hearth simulates what happens to latency, energy per token, cost, carbon and the local "
    "power grid when language models answer from data centres or from homes with solar panels, "
    "batteries and cars.";

const char prose_description[] =
    "A scenario, written in XML (see hearth-scenario(5)), says who uses energy, who asks, who "
    "answers and by which rules. hearth runs it event by event, in exact time for the requests "
    "and in steps of a minute or so for the grid, and reports what came out: latencies as the "
    "client sees them, energy at four boundaries (device, node, site, grid), money, carbon, and "
    "the stress on lines and transformers."
    "\n\n"
    "Every run keeps a ledger of energy and ends with self-checks. A run that fails one is "
    "marked INVALID and the exit status says so. One scenario and seed give the same bytes, "
    "on every machine and at every optimisation level."
    "\n\n"
    "Results go to the standard output, everything else to the standard error output. Options "
    "and operands may be mixed; the beginning of an option's name is enough when only one "
    "begins so; a double dash ends the options.";

const struct example prose_examples[] = {
	{ "hearth run",
	    "the built-in scenario: a day on a street where every fifth home has a GPU" },
	{ "hearth run --seed=7 -o doorstep.h5", "the same with other dice, results kept" },
	{ "hearth report doorstep.h5", "one page with figures, doorstep.html" },
	{ "hearth explain latency.ttft_s", "what a number of the summary means" },
	{ NULL, NULL },
};

const struct prose_item prose_environment[] = {
	{ "HEARTH_DATA", "folder with data/ and scenarios/ to use instead of the installed one" },
	{ NULL, NULL },
};

const struct prose_item prose_files[] = {
	{ "scenarios/*.xml", "scenarios that are shipped; run takes their names without .xml" },
	{ "scenarios/hearth.xsd", "schema for editors that check XML while you type" },
	{ "data/*.xml", "devices, models and their kind, each figure with its source" },
	{ NULL, NULL },
};
