/* The option --set, which several commands take. */
#ifndef HEARTH_CLI_SET_H
#define HEARTH_CLI_SET_H

#include "cli/options.h"

const char *set_refuse(const char *value);

#define SET_OPTION \
	{ "set", 0, "XPATH=VALUE", NULL, \
	    "override an attribute in every element that the XPath selects; checked like the " \
	    "file; a file that it names may stand in the working folder; may be repeated, " \
	    "in order", true, set_refuse }

#endif
