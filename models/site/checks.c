#include "models/site/checks.h"

#include <assert.h>
#include <math.h>

#include "base/mem.h"

void checks_add(struct checks *c, const char *name, double value, double limit,
    enum validity otherwise, const char *about)
{
	assert(c->n < CHECKS_MAX);
	c->row[c->n++] = (struct check){ name, about, value, limit, fabs(value) <= limit, otherwise };
}

enum validity checks_validity(const struct checks *c)
{
	enum validity worst = VALIDITY_VALID;
	for (int i = 0; i < c->n; i++)
		if (!c->row[i].pass && c->row[i].otherwise > worst) worst = c->row[i].otherwise;
	return worst;
}

void checks_export(const struct checks *c, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "checks");
	struct ds_dim *dim = ds_dim(g, "check", (size_t)c->n);
	char **name = ds_column(g, "check", DS_TEXT, dim, NULL, "", "what was checked");
	char **about = ds_column(g, "about", DS_TEXT, dim, NULL, "", "what it means");
	double *value = ds_column(g, "value", DS_F64, dim, NULL, "1", "what was found");
	double *limit = ds_column(g, "tolerance", DS_F64, dim, NULL, "1", "what is allowed");
	int8_t *pass = ds_column(g, "pass", DS_I8, dim, NULL, "1", "1: within the tolerance");
	char **otherwise = ds_column(g, "otherwise", DS_TEXT, dim, NULL, "", "stamp of a run that fails it");
	for (int i = 0; i < c->n; i++) {
		name[i] = mem_text(c->row[i].name);
		about[i] = mem_text(c->row[i].about);
		value[i] = c->row[i].value;
		limit[i] = c->row[i].limit;
		pass[i] = c->row[i].pass;
		otherwise[i] = mem_text(validity_word(c->row[i].otherwise));
	}
}

const char *validity_word(enum validity v)
{
	switch (v) {
	case VALIDITY_VALID:
		return "VALID";
	case VALIDITY_SUSPECT:
		return "SUSPECT";
	case VALIDITY_INVALID:
		return "INVALID";
	}
	return NULL;
}
