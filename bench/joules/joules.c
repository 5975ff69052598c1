#include "bench/joules/joules.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/gpu/nvml.h"
#include "bench/joules/parts.h"
#include "bench/joules/tree.h"

#define X(id, word) word,
static const char *const scope_words[] = { ENERGY_SCOPE_LIST(X) };
static const char *const method_words[] = { ENERGY_METHOD_LIST(X) };
#undef X

static const struct row {
	const struct joules_class *class;
	const char *about;
} rows[] = {
#define X(name, about) { &joules_##name, about },
	ENERGY_SOURCE_LIST(X)
#undef X
};
_Static_assert(sizeof rows / sizeof *rows == JOULES_PROBES, "one probe a source");

const char *energy_scope_word(enum energy_scope s)
{
	return scope_words[s];
}

const char *energy_method_word(enum energy_method m)
{
	return method_words[m];
}

bool joules_skip_say(struct joules_skip *skip, const char *brief, const char *why, ...)
{
	va_list args;
	va_start(args, why);
	snprintf(skip->brief, sizeof skip->brief, "%s", brief);
	vsnprintf(skip->why, sizeof skip->why, why, args);
	va_end(args);
	return false;
}

struct joules_channel *joules_channel_add(struct joules_source *s, const char *name)
{
	if (s->channels == JOULES_CHANNELS_MAX) return NULL;
	struct joules_channel *c = &s->channel[s->channels++];
	snprintf(c->name, sizeof c->name, "%s", name);
	return c;
}

void joules_text_add(struct joules_source *s, const char *name)
{
	size_t n = strlen(s->text);
	snprintf(s->text + n, sizeof s->text - n, "%s%s", n ? ", " : "", name);
}

/* The row that "NAME" or "NAME:ARG" names, and ARG or NULL. */
static const struct row *row_named(const char *text, const char **arg)
{
	size_t n = strcspn(text, ":");
	*arg = text[n] && text[n + 1] ? text + n + 1 : NULL;
	for (size_t i = 0; i < JOULES_PROBES; i++) {
		const char *name = rows[i].class->name;
		if (strlen(name) == n && !strncmp(name, text, n)) return &rows[i];
	}
	return NULL;
}

static bool takes_address(const struct row *row) /* and nothing works without */
{
	return row->class == &joules_plug || row->class == &joules_file;
}

static bool is_word(const char *text)
{
	return !strcmp(text, "auto") || !strcmp(text, "model") || !strcmp(text, "none");
}

const char *joules_refuse(const char *source)
{
	const char *arg;
	if (is_word(source)) return NULL;
	const struct row *row = row_named(source, &arg);
	if (!row)
		return "is not auto, powercap, perf, msr, hwmon, nvml, plug:URL, file:CSV, model or none";
	if (takes_address(row) && !arg)
		return row->class == &joules_plug
		    ? "has no address: write plug:http://ADDRESS"
		    : "has no file: write file:METER.csv";
	bool may = takes_address(row) || row->class == &joules_nvml || row->class == &joules_hwmon;
	return strchr(source, ':') && !(may && arg) ? "has a colon with nothing to follow it" : NULL;
}

/* Tries a row; on failure s has no class. */
static bool open_row(struct joules_source *s, const struct row *row,
    const struct joules_setup *setup, const char *arg, struct joules_skip *skip)
{
	*s = (struct joules_source){ .class = row->class };
	*skip = (struct joules_skip){ .source = row->class->name };
	if (row->class->open(s, setup, arg, skip)) return true;
	*s = (struct joules_source){ 0 };
	return false;
}

/* What auto tries: of a GPU its library, then the kernel's sensors; of a processor its
 * counters by three doors, then the sensors. */
static bool auto_takes(const struct row *row, bool gpu)
{
	if (takes_address(row)) return false;
	return row->class == &joules_hwmon || gpu == (row->class == &joules_nvml);
}

static void open_first(struct joules *j)
{
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < JOULES_PROBES; i++) {
			/* hwmon stands between the two kinds in the list, and last for both */
			if (!auto_takes(&rows[i], j->setup.gpu) || (rows[i].class == &joules_hwmon) != pass)
				continue;
			struct joules_skip *skip = &j->skip[j->skips];
			if (open_row(&j->source, &rows[i], &j->setup, NULL, skip)) return;
			j->skips++;
		}
	}
}

static bool in_virtual_machine(const char *root)
{
	char line[4096];
	bool found = false;
	snprintf(line, sizeof line, "%s/proc/cpuinfo", root);
	FILE *f = fopen(line, "re");
	while (f && !found && fgets(line, sizeof line, f))
		found = !strncmp(line, "flags", 5) && strstr(line, " hypervisor");
	if (f) fclose(f);
	return found;
}

static bool can_estimate(const struct joules *j)
{
	return j->model && !isnan(j->setup.tdp_w) && !isnan(j->setup.idle_w);
}

static void say_line(struct joules *j)
{
	char why[200] = "";
	const struct joules_source *s = &j->source;
	if (s->class) {
		snprintf(j->line, sizeof j->line, "energy source: %s (%s), %s", s->class->name, s->text,
		    energy_scope_word(s->scope));
		return;
	}
	for (size_t i = 0; i < j->skips; i++) {
		size_t n = strlen(why);
		snprintf(why + n, sizeof why - n, "%s%s", n ? ", " : "", j->skip[i].brief);
	}
	if (j->skips && in_virtual_machine(j->setup.root))
		snprintf(why + strlen(why), sizeof why - strlen(why), ", VM");
	snprintf(j->line, sizeof j->line, "energy source: none%s%s%s%s", *why ? " (" : "", why,
	    *why ? ")" : "",
	    !j->model           ? ""
	        : can_estimate(j) ? "; using model"
	                          : "; no estimate without --tdp and --idle");
}

/* What is NULL, set. */
static struct joules_setup complete(const struct joules_setup *setup)
{
	struct joules_setup s = *setup;
	if (!s.root) s.root = "";
	if (!s.nvml) s.nvml = NVML_LIBRARY;
	if (s.source && !strcmp(s.source, "auto")) s.source = NULL;
	return s;
}

/* The source that the user named. */
static bool open_named(struct joules *j, struct err_list *e)
{
	const char *arg;
	struct joules_skip skip;
	const struct row *row = row_named(j->setup.source, &arg);
	if (row && open_row(&j->source, row, &j->setup, arg, &skip)) return true;
	err_at(e, (struct err_pos){ 0 }, "--energy-source=%s: %s", j->setup.source,
	    row ? skip.why : joules_refuse(j->setup.source));
	return false;
}

struct joules *joules_open(const struct joules_setup *setup, struct err_list *e)
{
	struct joules *j = mem_new(1, sizeof *j);
	j->setup = complete(setup);
	j->idle_w = NAN;
	const char *source = j->setup.source;
	j->model = !source || strcmp(source, "none");
	if (sched_getaffinity(0, sizeof j->cpus, &j->cpus)) CPU_ZERO(&j->cpus);
	if (!source)
		open_first(j);
	else if (!is_word(source) && !open_named(j, e)) {
		free(j);
		return NULL;
	}
	say_line(j);
	j->setup.root = j->setup.nvml = j->setup.gpu_bus = j->setup.source = NULL;
	return j;
}

void joules_close(struct joules *j)
{
	if (!j) return;
	if (j->source.class) j->source.class->close(j->source.state);
	free(j);
}

const char *joules_line(const struct joules *j)
{
	return j->line;
}

bool joules_measures(const struct joules *j)
{
	return j->source.class;
}

enum energy_scope joules_scope(const struct joules *j)
{
	return j->source.class ? j->source.scope : ENERGY_NOWHERE;
}

double joules_window_s(const struct joules *j)
{
	return j->source.window_s;
}

void joules_probe(const struct joules_setup *setup, struct joules_probe probe[JOULES_PROBES])
{
	struct joules_setup s = complete(setup);
	for (size_t i = 0; i < JOULES_PROBES; i++) {
		struct joules_source source;
		struct joules_skip skip;
		const char *arg = NULL;
		struct joules_setup one = s;
		bool named = s.source && !is_word(s.source) && row_named(s.source, &arg) == &rows[i];
		one.source = rows[i].class->name; /* as named: of a processor or a GPU */
		probe[i] = (struct joules_probe){ rows[i].class->name, rows[i].about };
		probe[i].works = open_row(&source, &rows[i], &one, named ? arg : NULL, &skip);
		snprintf(probe[i].text, sizeof probe[i].text, "%s", probe[i].works ? source.text : skip.why);
		if (probe[i].works) source.class->close(source.state);
	}
}
