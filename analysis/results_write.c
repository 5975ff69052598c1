#include "analysis/results.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/h5.h"
#include "analysis/seal.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"

enum {
	CHUNK = 16384,  /* values compressed together */
	GZIP_LEVEL = 1, /* higher levels cost time and gain nothing on noisy floats */
};

/* Creation properties of a file, group or dataset: no times, and attributes
 * (and, where there are any, links) in order of creation. */
static hid_t creation(struct h5 *h, hid_t cls, bool has_links)
{
	const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
	hid_t plist = h5_id(h, H5Pcreate(cls));
	h5_did(h, H5Pset_obj_track_times(plist, false));
	h5_did(h, H5Pset_attr_creation_order(plist, order));
	if (has_links) h5_did(h, H5Pset_link_creation_order(plist, order));
	return plist;
}

static void put_attr(struct h5 *h, hid_t object, const struct ds_attr *a)
{
	char *text = a->type == DS_TEXT ? utf8_repair(a->text) : NULL;
	const void *data = a->type == DS_TEXT ? (const void *)&text :
	    a->type == DS_F64 ? (const void *)&a->f64 :
	    a->type == DS_I64 ? (const void *)&a->i64 : (const void *)a->list;
	hsize_t n = (hsize_t)a->n;
	hid_t space = h5_id(h, a->list ? H5Screate_simple(1, &n, NULL) : H5Screate(H5S_SCALAR));
	hid_t attr = h5_id(h, H5Acreate2(object, a->name, h5_file_type(h, a->type), space,
	    H5P_DEFAULT, H5P_DEFAULT));
	h5_did(h, H5Awrite(attr, h5_memory_type(h, a->type), data));
	H5Aclose(attr);
	H5Sclose(space);
	free(text);
}

static void put_text_attr(struct h5 *h, hid_t object, const char *name, const char *text)
{
	put_attr(h, object, &(struct ds_attr){
	    .name = (char *)name, .type = DS_TEXT, .text = (char *)text });
}

/* Extents of a column; returns how many there are. */
static int extents(const struct ds_var *v, hsize_t size[2])
{
	if (v->rows) size[0] = v->rows->size;
	if (v->cols) size[1] = v->cols->size;
	return v->cols ? 2 : v->rows ? 1 : 0;
}

static size_t value_count(const struct ds_var *v)
{
	return (v->rows ? v->rows->size : 1) * (v->cols ? v->cols->size : 1);
}

/* Long columns are compressed. Shuffling bytes helps floats of 32 bits and
 * integers, but harms doubles that were decimal numbers, as arrival times are. */
static void compress(
    struct h5 *h, hid_t plist, const struct ds_var *v, int rank, const hsize_t *size)
{
	if (v->type == DS_TEXT || !rank || value_count(v) < CHUNK / 4) return;
	hsize_t chunk[2] = { size[0] < CHUNK ? size[0] : CHUNK, 0 };
	if (rank == 2) {
		chunk[1] = size[1] < CHUNK ? size[1] : CHUNK;
		hsize_t rows = CHUNK / chunk[1]; /* >= 1 */
		chunk[0] = size[0] < rows ? size[0] : rows;
	}
	h5_did(h, H5Pset_chunk(plist, rank, chunk));
	if (v->type != DS_F64) h5_did(h, H5Pset_shuffle(plist));
	h5_did(h, H5Pset_deflate(plist, GZIP_LEVEL));
}

static void put_texts(struct h5 *h, hid_t dataset, const struct ds_var *v)
{
	size_t n = value_count(v);
	char *const *text = v->data;
	char **clean = mem_new(n, sizeof *clean);
	for (size_t i = 0; i < n; i++) clean[i] = utf8_repair(text[i]);
	h5_did(h, H5Dwrite(dataset, h->text, H5S_ALL, H5S_ALL, H5P_DEFAULT, clean));
	for (size_t i = 0; i < n; i++) free(clean[i]);
	free(clean);
}

static void put_var(struct h5 *h, hid_t group, const struct ds_var *v)
{
	hsize_t size[2];
	int rank = extents(v, size);
	hid_t space = h5_id(h, rank ? H5Screate_simple(rank, size, NULL) : H5Screate(H5S_SCALAR));
	hid_t plist = creation(h, H5P_DATASET_CREATE, false);
	compress(h, plist, v, rank, size);
	hid_t dataset = h5_id(h, H5Dcreate2(group, v->name, h5_file_type(h, v->type), space,
	    H5P_DEFAULT, plist, H5P_DEFAULT));
	if (v->type == DS_TEXT) put_texts(h, dataset, v);
	else
		h5_did(h, H5Dwrite(dataset, h5_memory_type(h, v->type), H5S_ALL, H5S_ALL,
			      H5P_DEFAULT, v->data));
	for (size_t i = 0; i < v->attrs; i++) put_attr(h, dataset, &v->attr[i]);
	H5Dclose(dataset);
	H5Pclose(plist);
	H5Sclose(space);
}

/* A dimension without a coordinate: a scale that holds nothing but its length. */
static void put_bare_dimension(struct h5 *h, hid_t group, const struct ds_dim *dim)
{
	hsize_t size = dim->size;
	hid_t space = h5_id(h, H5Screate_simple(1, &size, NULL));
	hid_t plist = creation(h, H5P_DATASET_CREATE, false);
	hid_t scale = h5_id(h, H5Dcreate2(group, dim->name, H5T_IEEE_F32BE, space, H5P_DEFAULT,
	    plist, H5P_DEFAULT));
	char name[sizeof H5_BARE_DIMENSION + 32];
	snprintf(name, sizeof name, "%s%10zu", H5_BARE_DIMENSION, dim->size);
	h5_did(h, H5DSset_scale(scale, name));
	H5Dclose(scale);
	H5Pclose(plist);
	H5Sclose(space);
}

static void attach(struct h5 *h, hid_t group, hid_t column, const struct ds_dim *dim, unsigned axis)
{
	hid_t scale = h5_id(h, H5Dopen2(group, dim->name, H5P_DEFAULT));
	h5_did(h, H5DSattach_scale(column, scale, axis));
	H5Dclose(scale);
}

static bool is_coordinate(const struct ds_var *v)
{
	return v->rows && !strcmp(v->rows->name, v->name);
}

static void put_scale(struct h5 *h, hid_t group, const struct ds_var *v)
{
	assert(!v->cols);
	hid_t scale = h5_id(h, H5Dopen2(group, v->name, H5P_DEFAULT));
	h5_did(h, H5DSset_scale(scale, v->name));
	H5Dclose(scale);
}

static void attach_scales(struct h5 *h, hid_t group, const struct ds_var *v)
{
	if (!v->rows || is_coordinate(v)) return;
	hid_t column = h5_id(h, H5Dopen2(group, v->name, H5P_DEFAULT));
	attach(h, group, column, v->rows, 0);
	if (v->cols) attach(h, group, column, v->cols, 1);
	H5Dclose(column);
}

static void put_group(struct h5 *h, const struct ds_group *g)
{
	hid_t plist = creation(h, H5P_GROUP_CREATE, true);
	hid_t group = h5_id(h, *g->name ?
	    H5Gcreate2(h->file, g->name, H5P_DEFAULT, plist, H5P_DEFAULT) :
	    H5Gopen2(h->file, "/", H5P_DEFAULT));
	for (size_t i = 0; i < g->attrs; i++) put_attr(h, group, &g->attr[i]);
	for (size_t i = 0; i < g->dims; i++)
		if (!ds_var(g, g->dim[i]->name)) put_bare_dimension(h, group, g->dim[i]);
	for (size_t i = 0; i < g->vars; i++) put_var(h, group, g->var[i]);
	for (size_t i = 0; i < g->vars; i++)
		if (is_coordinate(g->var[i])) put_scale(h, group, g->var[i]);
	for (size_t i = 0; i < g->vars; i++) attach_scales(h, group, g->var[i]);
	H5Gclose(group);
	H5Pclose(plist);
}

/* The bytes of the file in memory, with room for the seal. */
static unsigned char *image_of(struct h5 *h, size_t *size)
{
	h5_did(h, H5Fflush(h->file, H5F_SCOPE_GLOBAL));
	ssize_t bytes = H5Fget_file_image(h->file, NULL, 0);
	if (bytes < 0) h->ok = false;
	if (!h->ok) return NULL;
	*size = (size_t)bytes;
	unsigned char *image = mem_new(*size + SEAL_BYTES, 1);
	if (H5Fget_file_image(h->file, image, *size) != bytes) h->ok = false;
	return image;
}

/* About what the columns take without compression. */
static size_t byte_count(const struct dataset *d)
{
	size_t bytes = 0;
	for (size_t i = 0; i < d->groups; i++)
		for (size_t k = 0; k < d->group[i]->vars; k++) {
			const struct ds_var *v = d->group[i]->var[k];
			char *const *text = v->data;
			bytes += value_count(v) * sizeof(double);
			for (size_t j = 0; v->type == DS_TEXT && j < value_count(v); j++)
				bytes += text[j] ? strlen(text[j]) : 0;
		}
	return bytes;
}

static void put_links(struct h5 *h, const struct results_links *l)
{
	hid_t plist = creation(h, H5P_GROUP_CREATE, true);
	hid_t group = h5_id(h, H5Gcreate2(h->file, l->group, H5P_DEFAULT, plist, H5P_DEFAULT));
	for (size_t i = 0; i < l->count; i++)
		h5_did(h, H5Lcreate_external(
			      l->file[i], "/", group, l->name[i], H5P_DEFAULT, H5P_DEFAULT));
	H5Gclose(group);
	H5Pclose(plist);
}

/* links may be NULL. */
static unsigned char *build(const struct dataset *d, const struct results_links *links, size_t *size)
{
	struct h5 h;
	h5_begin(&h, byte_count(d));
	hid_t access = h5_access(&h), create = creation(&h, H5P_FILE_CREATE, true);
	h.file = h5_id(&h, H5Fcreate(H5_NOWHERE, H5F_ACC_TRUNC, create, access));
	hid_t root = h5_id(&h, H5Gopen2(h.file, "/", H5P_DEFAULT));
	put_text_attr(&h, root, "Conventions", "CF-1.10");
	put_text_attr(&h, root, "hearth_format", H5_FORMAT);
	put_text_attr(&h, root, "status", "complete");
	H5Gclose(root);
	for (size_t i = 0; i < d->groups; i++) put_group(&h, d->group[i]);
	if (links) put_links(&h, links);
	unsigned char *image = image_of(&h, size);
	H5Pclose(create);
	H5Pclose(access);
	h5_end(&h);
	if (h.ok) return image;
	free(image);
	return NULL;
}

static unsigned char *make_image(const struct dataset *d, const struct results_links *links,
    const char *path, size_t *size, struct err_list *e)
{
	unsigned char *image = build(d, links, size);
	if (!image) {
		err_at(e, (struct err_pos){ path, 0, 0 },
		    "the HDF5 library could not build the file in memory; free some memory and try "
		    "again");
		return NULL;
	}
	seal_make(image, *size, (char *)image + *size);
	*size += SEAL_BYTES;
	return image;
}

unsigned char *results_image(const struct dataset *d, const char *path, size_t *size,
    struct err_list *e)
{
	return make_image(d, NULL, path, size, e);
}

bool results_write_linked(const struct dataset *d, const struct results_links *links,
    const char *path, struct err_list *e)
{
	size_t size;
	unsigned char *image = make_image(d, links, path, &size, e);
	bool written = image && file_write(path, image, size, e);
	free(image);
	return written;
}

bool results_write(const struct dataset *d, const char *path, struct err_list *e)
{
	return results_write_linked(d, NULL, path, e);
}
