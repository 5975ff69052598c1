#include "models/class.h"

#include <string.h>

const struct class *class_find(const char *element)
{
	for (const struct class *const *c = classes; *c; c++)
		if (!strcmp((*c)->element, element)) return *c;
	return NULL;
}

static const struct object *first_of(const struct object *o, const struct class *cls)
{
	while (o && o->cls != cls) o = o->next;
	return o;
}

const struct object *object_child(const struct object *o, const struct class *cls)
{
	return first_of(o->child, cls);
}

const struct object *object_next(const struct object *o)
{
	return first_of(o->next, o->cls);
}

size_t object_index(const struct object *o)
{
	size_t i = 0;
	for (const struct object *c = object_child(o->parent, o->cls); c != o; c = object_next(c)) i++;
	return i;
}

/* file NULL: not written, or no attribute of it. */
static struct err_pos written_at(const struct object *o, const char *attr)
{
	for (const struct attr *a = o->cls->attrs; a && a->about; a++)
		if (!strcmp(a->name, attr)) return o->attr_pos[a - o->cls->attrs];
	return (struct err_pos){ 0 };
}

struct err_pos object_attr_pos(const struct object *o, const char *attr)
{
	struct err_pos at = written_at(o, attr);
	return at.file ? at : o->pos;
}

bool object_attr_is_written(const struct object *o, const char *attr)
{
	return written_at(o, attr).file != NULL;
}
