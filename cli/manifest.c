#include "cli/manifest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/text.h"
#include "models/site/scenario.h"

/* What follows `folder`/ in path; NULL when path is not below it. */
static const char *below(const char *path, const char *folder, size_t length)
{
	return !strncmp(path, folder, length) && path[length] == '/' ? path + length + 1 : NULL;
}

/* The file's name in the manifest: relative to the scenario's folder or to the
 * data folder; of anything else the last part. */
static const char *name_of(const char *file, const char *scenario)
{
	const char *slash = strrchr(scenario, '/'), *home = paths_home();
	const char *name = slash ? below(file, scenario, (size_t)(slash - scenario)) : NULL;
	if (!name && home) name = below(file, home, strlen(home));
	if (name) return name;
	slash = strrchr(file, '/');
	return slash ? slash + 1 : file;
}

static char *append(char *line, const char *head, const char *tail)
{
	char *longer = mem_print("%s%s%s", line, head, tail);
	free(line);
	return longer;
}

static char *append_word(char *line, const char *head, const char *word)
{
	char *quoted = text_for_shell(word);
	line = append(line, head, quoted);
	free(quoted);
	return line;
}

static char *command_line(const struct manifest *m)
{
	char seed[24];
	snprintf(seed, sizeof seed, "%" PRIu64, m->seed);
	char *line = append_word(mem_text("hearth run"), " ", name_of(m->path, m->path));
	line = append(line, " --seed=", seed);
	for (size_t i = 0; i < m->set->count; i++)
		line = append_word(line, " --set=", m->set->word[i]);
	return line;
}

static void put_text(struct ds_group *g, const char *name, char *text, const char *about)
{
	char **cell = ds_column(g, name, DS_TEXT, NULL, NULL, "", about);
	*cell = text;
}

static void put_overrides(struct ds_group *g, const struct words *set)
{
	if (!set->count) return;
	const struct ds_dim *dim = ds_dim(g, "override", set->count);
	char **cell = ds_column(g, "override", DS_TEXT, dim, NULL, "", "XPATH=VALUE, in order");
	for (size_t i = 0; i < set->count; i++) cell[i] = mem_text(set->word[i]);
}

static bool put_files(struct ds_group *g, const struct manifest *m, struct err_list *e)
{
	size_t n = scenario_files(m->scenario);
	const struct ds_dim *dim = ds_dim(g, "file", n);
	char **name = ds_column(g, "file", DS_TEXT, dim, NULL, "",
	    "what was read, named from the scenario's or the data folder");
	char **digest = ds_column(g, "file_sha256", DS_TEXT, dim, NULL, "", "of the file's bytes");
	for (size_t i = 0; i < n; i++) {
		const char *file = scenario_file(m->scenario, i);
		const char *known = inputs_find(m->known, file);
		char hex[DIGEST_SIZE];
		if (!known && !digest_file(file, hex)) {
			err_at(e, (struct err_pos){ 0 }, "cannot read '%s' again: %s", file,
			    strerror(errno));
			return false;
		}
		name[i] = mem_text(name_of(file, m->path));
		digest[i] = mem_text(known ? known : hex);
	}
	return true;
}

static void put_root(struct dataset *d, const struct manifest *m, const char *resolved)
{
	struct ds_group *root = ds_group(d, "");
	const struct scenario_par *par = scenario_root(m->scenario)->par;
	char hex[DIGEST_SIZE], seed[24];
	snprintf(seed, sizeof seed, "0x%" PRIx64, m->seed);
	ds_attr_text(root, NULL, "title", par->name);
	ds_attr_text(root, NULL, "source", PACKAGE_STRING);
	ds_attr_text(root, NULL, "seed", seed);
	ds_attr_text(root, NULL, "scenario_sha256", digest_bytes(resolved, strlen(resolved), hex));
	ds_attr_text(root, NULL, "validity", m->validity);
}

bool manifest_write(struct dataset *d, const struct manifest *m, struct err_list *e)
{
	char *resolved = scenario_resolved(m->scenario);
	put_root(d, m, resolved);
	struct ds_group *g = ds_group(d, "manifest");
	put_text(g, "command_line", command_line(m), "repeats the run");
	put_text(g, "scenario_xml", resolved,
	    "the scenario as it was run: every attribute written, in SI units");
	put_overrides(g, m->set);
	scenario_assumptions(m->scenario, d);
	return put_files(g, m, e);
}
