/* hearth version */
#include "base/paths.h"
#include "cli/command.h"

static int run(const struct options *o)
{
	(void)o;
	const char *home = paths_home();
	puts(PACKAGE_STRING);
	printf("data folder: %s%s\n", home ? home : "none; looked in ", home ? "" : paths_tried());
	puts("License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>");
	return STATUS_DONE;
}

const struct command version_command = {
	.name = "version", .about = "the version, and where the data come from",
	.text = "Prints the version of hearth, the folder that shipped data and scenarios are "
		"taken from, and the license.",
	.run = run,
};
