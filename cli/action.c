#include "cli/action.h"

#include <stdarg.h>
#include <string.h>

#include "base/near.h"
#include "cli/status.h"

__attribute__((format(printf, 2, 3))) static int refuse(
    const struct options *o, const char *fmt, ...)
{
	va_list args;
	fprintf(stderr, "hearth %s: error: ", o->cmd->name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\nTry 'hearth %s --help'.\n", o->cmd->name);
	return STATUS_USAGE;
}

/* "info, convert or make" */
static void list_names(const struct action *all, char *buf, size_t size)
{
	size_t used = 0;
	for (const struct action *a = all; a->name && used < size; a++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s",
		    a == all    ? ""
		    : a[1].name ? ", "
				: " or ",
		    a->name);
}

static int refuse_name(const struct action *all, const struct options *o)
{
	char names[256];
	struct near n = near_to(o->operand);
	for (const struct action *a = all; a->name; a++) near_try(&n, a->name);
	if (near_best(&n))
		return refuse(
		    o, "'%s' is no action (did you mean '%s'?)", o->operand, near_best(&n));
	list_names(all, names, sizeof names);
	return refuse(o, "'%s' is no action; write %s", o->operand, names);
}

static int run_one(const struct action *a, const struct options *o)
{
	const struct option_row *row = o->cmd->options;
	for (unsigned k = 0; row[k].name; k++)
		if (o->given[k].count && !(a->options >> k & 1))
			return refuse(o, "%s takes no --%s", a->name, row[k].name);
	if (o->further.count < a->least || o->further.count > a->most)
		return refuse(o, "%s takes %s, but got %zu", a->name, a->takes, o->further.count);
	struct err_list *e = err_new();
	int status = a->run(o, e);
	err_print(e, stderr);
	err_free(e);
	return status;
}

bool action_is(const struct action *all, const char *name)
{
	for (const struct action *a = all; a->name; a++)
		if (!strcmp(name, a->name)) return true;
	return false;
}

int action_run(const struct action *all, const struct options *o)
{
	for (const struct action *a = all; a->name; a++)
		if (!strcmp(o->operand, a->name)) return run_one(a, o);
	return refuse_name(all, o);
}
