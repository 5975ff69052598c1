#include "sweep/inputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void digest_all(struct inputs *in)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) return; /* not reached: it fails for lack of memory only */
	fputs(PACKAGE_STRING "\n", out);
	for (size_t i = 0; i < in->files; i++) fprintf(out, "%s\n", in->file[i].hex);
	fclose(out);
	digest_bytes(text, size, in->hex);
	free(text);
}

bool inputs_read(struct inputs *in, const struct scenario *s, struct err_list *e)
{
	*in = (struct inputs){ .file = mem_new(scenario_files(s), sizeof *in->file) };
	for (size_t i = 0; i < scenario_files(s); i++) {
		struct input *f = &in->file[in->files++];
		f->path = mem_text(scenario_file(s, i));
		if (digest_file(f->path, f->hex)) continue;
		err_at(e, (struct err_pos){ .file = f->path }, "cannot read it again: %s",
		    strerror(errno));
		return false;
	}
	digest_all(in);
	return true;
}

void inputs_fini(struct inputs *in)
{
	for (size_t i = 0; i < in->files; i++) free(in->file[i].path);
	free(in->file);
	*in = (struct inputs){ 0 };
}

const char *inputs_find(const struct inputs *in, const char *path)
{
	for (size_t i = 0; in && i < in->files; i++)
		if (!strcmp(in->file[i].path, path)) return in->file[i].hex;
	return NULL;
}
