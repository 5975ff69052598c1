/* hearth trace convert, hearth trace make */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/units.h"
#include "cli/input.h"
#include "cli/status.h"
#include "cli/trace.h"
#include "loader/scenario.h"
#include "models/work/trace.h"
#include "models/work/workload.h"

static const struct err_pos nowhere;

static bool ends_with(const char *path, const char *suffix)
{
	size_t n = strlen(path), m = strlen(suffix);
	return n >= m && !strcmp(path + n - m, suffix);
}

/* The form that is asked for, or that the name of the file to write says. */
static bool form_to_write(
    const struct options *o, const char *path, enum trace_format *format, struct err_list *e)
{
	const char *to = options_text(o, TRACE_TO);
	if (to) {
		*format = !strcmp(to, "azure")    ? TRACE_AZURE
			  : !strcmp(to, "hearth") ? TRACE_HEARTH
						  : TRACE_MOONCAKE;
		return true;
	}
	*format = ends_with(path, ".jsonl") ? TRACE_MOONCAKE : TRACE_HEARTH;
	if (*format == TRACE_MOONCAKE || ends_with(path, ".csv")) return true;
	err_at(e, nowhere,
	    "which form '%s' is to have cannot be told from its name; write --to=hearth, azure or "
	    "mooncake",
	    path);
	return false;
}

static int write_file(const struct trace *t, enum trace_format format, const char *remark,
    const char *path, struct err_list *e)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	if (f) trace_write_as(t, format, remark, f);
	bool kept = f && !ferror(f) && !fclose(f);
	if (!kept) err_at(e, nowhere, "cannot write '%s': out of memory", path);
	bool written = kept && file_write(path, text, size, e);
	free(text);
	if (!written) return STATUS_IO;
	printf("%s: %zu requests\n", path, t->count);
	return STATUS_DONE;
}

static void say_losses(
    const struct trace *t, enum trace_format format, const char *from, struct err_list *e)
{
	struct trace_loss loss[TRACE_LOSSES];
	trace_losses(t, format, loss);
	for (const struct trace_loss *l = loss; l->what; l++)
		err_warn(e, (struct err_pos){ from, 0, 0 },
		    "the form to write has no place for %s, which %zu requests have", l->what,
		    l->requests);
}

/* Where the file to write is all right: status done. */
static int check_target(const char *from, const char *to, struct err_list *e)
{
	if (input_is_same(from, to)) {
		err_at(e, nowhere, "'%s' would replace what it is made of", to);
		return STATUS_USAGE;
	}
	return input_can_write(to, e) ? STATUS_DONE : STATUS_IO;
}

static int convert(const char *from, const char *to, const struct options *o, struct err_list *e)
{
	enum trace_format format;
	struct trace t;
	if (!form_to_write(o, to, &format, e)) return STATUS_USAGE;
	int status = check_target(from, to, e);
	if (status != STATUS_DONE) return status;
	/* stamps stay stamps where their form stays */
	if (!(format == TRACE_MOONCAKE ? trace_read_stamped(from, &t, e) : trace_read(from, &t, e)))
		return STATUS_USAGE;
	if (t.step_ns && format != TRACE_MOONCAKE)
		err_warn(e, (struct err_pos){ from, 0, 0 },
		    "the stamps come in steps of %.3g s; requests of one stamp are spread over it",
		    (double)t.step_ns * 1e-9);
	say_losses(&t, format, from, e);
	status = write_file(&t, format, NULL, to, e);
	trace_fini(&t);
	return status;
}

int trace_convert(const struct options *o, struct err_list *e)
{
	char *from = input_trace(o->further.word[0]);
	int status = convert(from, o->further.word[1], o, e);
	free(from);
	return status;
}

static int64_t horizon_of(const struct options *o)
{
	const char *text = options_text(o, TRACE_DURATION);
	struct quantity q;
	char why[160];
	if (!text || !units_parse(text, DIM_TIME, &q, why, sizeof why)) return INT64_MAX;
	return q.si < TRACE_TIME_MAX_S ? llround(q.si * 1e9) : INT64_MAX;
}

static struct workload *build(
    const struct options *o, const struct object *root, struct err_list *e)
{
	uint64_t seed = 1;
	if (options_text(o, TRACE_SEED)) options_parse_u64(options_text(o, TRACE_SEED), &seed);
	if (workload_is_closed(root->par)) {
		err_at(e, object_attr_pos(root, "concurrency"),
		    "workload: when clients that wait for answers ask is known after a run only; "
		    "leave out concurrency=");
		return NULL;
	}
	return workload_build(root, seed, 0, 0, horizon_of(o), e);
}

int trace_make(const struct options *o, struct err_list *e)
{
	const char *from = o->further.word[0], *to = o->further.word[1];
	const struct words *set = &o->given[TRACE_SET];
	enum trace_format format;
	if (!form_to_write(o, to, &format, e)) return STATUS_USAGE;
	int status = check_target(from, to, e);
	if (status != STATUS_DONE) return status;
	struct scenario *s = scenario_load_part(from, "workload", set->word, set->count, e);
	struct workload *w = s ? build(o, scenario_root(s), e) : NULL;
	status = STATUS_USAGE;
	if (w && w->count) {
		struct trace t = { .request = w->request,
			.count = w->count,
			.prefix = w->prefix,
			.prefixes = w->prefixes };
		say_losses(&t, format, from, e);
		status = write_file(&t, format, "Made by hearth from a description.", to, e);
	}
	workload_free(w);
	scenario_free(s);
	return status;
}
