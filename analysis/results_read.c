#include "analysis/results.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/h5.h"
#include "analysis/seal.h"
#include "base/file.h"
#include "base/mem.h"

enum { DEFLATE_RATIO = 1032 }; /* no stream of deflate expands more (zlib technical notes) */

struct reader {
	struct h5 h;
	struct dataset *d;
	struct ds_group *g; /* the one that is read */
	hid_t group;
	size_t bytes_max;   /* no column of a file of this size is larger */
};

static bool type_of(hid_t type, enum ds_type *out)
{
	size_t bytes = H5Tget_size(type);
	switch (H5Tget_class(type)) {
	case H5T_FLOAT:
		*out = bytes == 8 ? DS_F64 : DS_F32;
		return bytes == 8 || bytes == 4;
	case H5T_INTEGER:
		*out = bytes == 8 ? DS_I64 : bytes == 4 ? DS_I32 : DS_I8;
		return bytes == 8 || bytes == 4 || bytes == 1;
	case H5T_STRING:
		*out = DS_TEXT;
		return H5Tis_variable_str(type) > 0;
	default:
		return false;
	}
}

/* Attributes that say how the file is laid out, not what is in it. */
static bool is_layout_attr(const char *name)
{
	static const char *const names[] = {
		"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST",
		"Conventions", "hearth_format", "status",
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i])) return true;
	return false;
}

struct attr_reader {
	struct reader *r;
	const char *var; /* NULL: of the group */
};

static void take_text_attr(struct attr_reader *a, hid_t attr, hid_t space, const char *name)
{
	char *text = NULL;
	struct h5 *h = &a->r->h;
	h5_did(h, H5Aread(attr, h->text, &text));
	ds_attr_text(a->r->g, a->var, name, text);
	h5_did(h, H5Dvlen_reclaim(h->text, space, H5P_DEFAULT, &text));
}

static void take_list_attr(struct attr_reader *a, hid_t attr, hssize_t n, const char *name)
{
	int8_t list[INT8_MAX + 1] = { 0 };
	bool fits = n > 0 && n <= (hssize_t)sizeof list;
	h5_did(&a->r->h, fits ? H5Aread(attr, H5T_NATIVE_INT8, list) : -1);
	if (fits) ds_attr_i8s(a->r->g, a->var, name, list, (int)n);
}

static void take_number_attr(struct attr_reader *a, hid_t attr, enum ds_type type, const char *name)
{
	double f64 = 0;
	int64_t i64 = 0;
	if (type == DS_F64) {
		h5_did(&a->r->h, H5Aread(attr, H5T_NATIVE_DOUBLE, &f64));
		ds_attr_f64(a->r->g, a->var, name, f64);
	} else {
		h5_did(&a->r->h, H5Aread(attr, H5T_NATIVE_INT64, &i64));
		ds_attr_i64(a->r->g, a->var, name, i64);
	}
}

static herr_t take_attr(hid_t object, const char *name, const H5A_info_t *info, void *data)
{
	struct attr_reader *a = data;
	struct h5 *h = &a->r->h;
	(void)info;
	if (is_layout_attr(name)) return 0;
	hid_t attr = h5_id(h, H5Aopen(object, name, H5P_DEFAULT));
	hid_t type = h5_id(h, H5Aget_type(attr)), space = h5_id(h, H5Aget_space(attr));
	enum ds_type as;
	if (!type_of(type, &as)) h->ok = false;
	else if (as == DS_I8) take_list_attr(a, attr, H5Sget_simple_extent_npoints(space), name);
	else if (H5Sget_simple_extent_npoints(space) != 1) h->ok = false;
	else if (as == DS_TEXT) take_text_attr(a, attr, space, name);
	else take_number_attr(a, attr, as, name);
	H5Sclose(space);
	H5Tclose(type);
	H5Aclose(attr);
	return h->ok ? 0 : -1;
}

static void take_attrs(struct reader *r, hid_t object, const char *var)
{
	struct attr_reader a = { r, var };
	h5_did(&r->h, H5Aiterate2(object, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, take_attr, &a));
}

static void take_texts(struct reader *r, hid_t dataset, hid_t space, char **out, size_t n)
{
	struct h5 *h = &r->h;
	char **text = mem_new(n, sizeof *text);
	h5_did(h, H5Dread(dataset, h->text, H5S_ALL, H5S_ALL, H5P_DEFAULT, text));
	for (size_t i = 0; i < n; i++) out[i] = mem_text(text[i] ? text[i] : "");
	h5_did(h, H5Dvlen_reclaim(h->text, space, H5P_DEFAULT, text));
	free(text);
}

static herr_t take_scale_name(hid_t column, unsigned axis, hid_t scale, void *data)
{
	char path[512], **name = data;
	(void)column;
	(void)axis;
	ssize_t length = H5Iget_name(scale, path, sizeof path);
	if (length <= 0 || (size_t)length >= sizeof path) return -1;
	*name = mem_text(strrchr(path, '/') + 1);
	return 1; /* the first one is enough */
}

/* The dimension that `axis` of a column runs along. */
static const struct ds_dim *axis_dim(struct reader *r, hid_t dataset, unsigned axis, hsize_t size,
    const char *var)
{
	char *name = NULL;
	if (H5DSis_scale(dataset) > 0) name = mem_text(var);
	else h5_did(&r->h, H5DSiterate_scales(dataset, axis, NULL, take_scale_name, &name));
	const struct ds_dim *dim = NULL;
	for (size_t i = 0; name && i < r->g->dims; i++)
		if (!strcmp(r->g->dim[i]->name, name) && r->g->dim[i]->size == size)
			dim = r->g->dim[i];
	if (!dim) r->h.ok = false;
	free(name);
	return dim;
}

static void take_column(struct reader *r, hid_t dataset, hid_t space, enum ds_type type,
    const char *name)
{
	hsize_t size[2] = { 1, 1 };
	int rank = H5Sget_simple_extent_ndims(space);
	if (rank < 0 || rank > 2) r->h.ok = false;
	else if (rank > 0) h5_did(&r->h, H5Sget_simple_extent_dims(space, size, NULL));
	size_t count;
	if (__builtin_mul_overflow(size[0], size[1], &count) || count > r->bytes_max)
		r->h.ok = false;
	if (!r->h.ok) return;
	const struct ds_dim *rows = rank > 0 ? axis_dim(r, dataset, 0, size[0], name) : NULL;
	const struct ds_dim *cols = rank > 1 ? axis_dim(r, dataset, 1, size[1], name) : NULL;
	if (!r->h.ok) return;
	void *data = ds_column(r->g, name, type, rows, cols, "", "");
	if (type == DS_TEXT) take_texts(r, dataset, space, data, count);
	else
		h5_did(&r->h, H5Dread(dataset, h5_memory_type(&r->h, type), H5S_ALL, H5S_ALL,
				  H5P_DEFAULT, data));
	take_attrs(r, dataset, name);
}

static bool is_bare_dimension(hid_t dataset)
{
	char name[sizeof H5_BARE_DIMENSION] = "";
	if (H5DSis_scale(dataset) <= 0) return false;
	H5DSget_scale_name(dataset, name, sizeof name);
	return !strcmp(name, H5_BARE_DIMENSION);
}

/* First pass over a group: every scale is a dimension. */
static herr_t take_dim(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
	struct reader *r = data;
	(void)info;
	H5O_info_t object;
	if (H5Oget_info_by_name(group, name, &object, H5P_DEFAULT) < 0) return -1;
	if (object.type != H5O_TYPE_DATASET) return 0;
	hid_t dataset = h5_id(&r->h, H5Dopen2(group, name, H5P_DEFAULT));
	if (H5DSis_scale(dataset) > 0) {
		hid_t space = h5_id(&r->h, H5Dget_space(dataset));
		ds_dim(r->g, name, (size_t)H5Sget_simple_extent_npoints(space));
		H5Sclose(space);
	}
	H5Dclose(dataset);
	return r->h.ok ? 0 : -1;
}

/* Second pass: the columns. */
static herr_t take_var(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
	struct reader *r = data;
	(void)info;
	H5O_info_t object;
	if (H5Oget_info_by_name(group, name, &object, H5P_DEFAULT) < 0) return -1;
	if (object.type != H5O_TYPE_DATASET) return 0;
	hid_t dataset = h5_id(&r->h, H5Dopen2(group, name, H5P_DEFAULT));
	if (!is_bare_dimension(dataset)) {
		enum ds_type as;
		hid_t type = h5_id(&r->h, H5Dget_type(dataset));
		hid_t space = h5_id(&r->h, H5Dget_space(dataset));
		if (type_of(type, &as)) take_column(r, dataset, space, as, name);
		else r->h.ok = false;
		H5Sclose(space);
		H5Tclose(type);
	}
	H5Dclose(dataset);
	return r->h.ok ? 0 : -1;
}

static void take_group(struct reader *r, const char *name)
{
	r->g = ds_group(r->d, name);
	r->group = h5_id(&r->h, H5Gopen2(r->h.file, *name ? name : "/", H5P_DEFAULT));
	const H5_index_t by = H5_INDEX_CRT_ORDER;
	take_attrs(r, r->group, NULL);
	h5_did(&r->h, H5Literate(r->group, by, H5_ITER_INC, NULL, take_dim, r));
	h5_did(&r->h, H5Literate(r->group, by, H5_ITER_INC, NULL, take_var, r));
	H5Gclose(r->group);
}

static herr_t take_if_group(hid_t root, const char *name, const H5L_info_t *info, void *data)
{
	struct reader *r = data;
	(void)info;
	H5O_info_t object;
	if (H5Oget_info_by_name(root, name, &object, H5P_DEFAULT) < 0) return -1;
	if (object.type == H5O_TYPE_GROUP) take_group(r, name);
	return r->h.ok ? 0 : -1;
}

static bool take_all(struct reader *r, const char *image, size_t size)
{
	struct h5 *h = &r->h;
	h5_begin(h, size);
	hid_t access = h5_access(h);
	h5_did(h, H5Pset_file_image(access, (void *)(uintptr_t)image, size)); /* is copied */
	h->file = h5_id(h, H5Fopen(H5_NOWHERE, H5F_ACC_RDONLY, access));
	H5Pclose(access);
	if (h->ok) take_group(r, "");
	if (h->ok)
		h5_did(h,
		    H5Literate(h->file, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, take_if_group, r));
	h5_end(h);
	return h->ok;
}

/* What is wrong with bytes that should be a results file; NULL: nothing so far. */
static const char *fault_of(const char *data, size_t size)
{
	static const char signature[] = "\x89HDF\r\n\x1a\n"; /* HDF5 specification 3.0, II.A */
	if (size < sizeof signature - 1 || memcmp(data, signature, sizeof signature - 1))
		return "is no results file; write one with: hearth run -o FILE.h5";
	switch (seal_check((const unsigned char *)data, size)) {
	case SEAL_ABSENT:
		return "was cut short, or written or changed by another program: the seal at its "
		       "end is missing; copy it again or write it again with: hearth run -o "
		       "FILE.h5";
	case SEAL_BROKEN:
		return "is damaged: its bytes do not have the SHA-256 that its seal says; copy it "
		       "again or write it again with: hearth run -o FILE.h5";
	case SEAL_GOOD:
		break;
	}
	return NULL;
}

struct dataset *results_read(const char *path, struct err_list *e)
{
	struct err_pos at = { path, 0, 0 };
	size_t size;
	char *data = file_read(path, SIZE_MAX, &size, e);
	if (!data) return NULL;
	struct reader r = { .d = ds_new() };
	const char *fault = fault_of(data, size);
	if (fault) {
		err_at(e, at, "%s", fault);
	} else {
		size -= SEAL_BYTES;
		r.bytes_max = size * DEFLATE_RATIO;
		if (take_all(&r, data, size)) {
			free(data);
			return r.d;
		}
		err_at(e, at,
		    "has a layout that this version does not know (it reads format " H5_FORMAT
		    "); read it with the version of hearth that wrote it");
	}
	ds_free(r.d);
	free(data);
	return NULL;
}
