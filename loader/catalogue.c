/* Catalogues: files of hearth's data folder whose root is <catalogue>. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "loader/load.h"

const struct class catalogue_class = {
	.element = "catalogue", .parents = "",
	.about = "A file of hardware, models, tariffs and the like that scenarios refer to by name.",
};

static int is_xml(const struct dirent *d)
{
	size_t n = strlen(d->d_name);
	return n > 4 && d->d_name[0] != '.' && !strcmp(d->d_name + n - 4, ".xml");
}

/* Not alphasort, which asks the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

xmlDoc **catalogue_read(struct xml *x, const char *folder, size_t *docs)
{
	struct dirent **entry = NULL;
	int n = folder ? scandir(folder, &entry, is_xml, by_bytes) : 0;
	xmlDoc **doc = mem_new(n > 0 ? (size_t)n : 0, sizeof *doc);
	*docs = 0;
	for (int i = 0; i < n; i++) {
		char *path = mem_print("%s/%s", folder, entry[i]->d_name);
		doc[*docs] = xml_read(x, path, catalogue_class.element);
		if (doc[*docs]) ++*docs; /* with another root it is there for includes */
		free(path);
		free(entry[i]);
	}
	free(entry);
	return doc;
}
