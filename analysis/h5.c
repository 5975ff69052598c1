#include "analysis/h5.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

enum {
	MEMORY_STEP = 4 << 20, /* bytes by which a file in memory grows */
	MEMORY_OWN = 8 << 20,  /* bytes for HDF5's own tables and caches, with room to spare */
};

hid_t h5_id(struct h5 *h, hid_t id)
{
	if (id < 0) h->ok = false;
	return id;
}

void h5_did(struct h5 *h, herr_t r)
{
	if (r < 0) h->ok = false;
}

hid_t h5_access(struct h5 *h)
{
	hid_t fapl = h5_id(h, H5Pcreate(H5P_FILE_ACCESS));
	h5_did(h, H5Pset_fapl_core(fapl, MEMORY_STEP, false));
	/* Newer superblocks have a checksum, which H5Fget_file_image leaves wrong (1.10.8). */
	h5_did(h, H5Pset_libver_bounds(fapl, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110));
	h5_did(h, H5Pset_fclose_degree(fapl, H5F_CLOSE_STRONG)); /* ids left by a failure */
	return fapl;
}

/* The file is copied when it grows. Nothing is written there: to have it is enough, and
 * touching every page would cost more than a small file. */
static void ask_for_memory(size_t bytes)
{
	free(mem_resize(NULL, 2 * (bytes + MEMORY_STEP) + MEMORY_OWN, 1));
}

void h5_begin(struct h5 *h, size_t bytes)
{
	ask_for_memory(bytes);
	H5dont_atexit(); /* the handler can crash, and there is nothing to flush */
	*h = (struct h5){ .file = H5I_INVALID_HID, .ok = true };
	H5Eget_auto2(H5E_DEFAULT, &h->report, &h->report_data);
	H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
	h->text = h5_id(h, H5Tcopy(H5T_C_S1));
	h5_did(h, H5Tset_size(h->text, H5T_VARIABLE));
	h5_did(h, H5Tset_cset(h->text, H5T_CSET_UTF8));
}

void h5_end(struct h5 *h)
{
	if (h->file >= 0) h5_did(h, H5Fclose(h->file));
	H5Tclose(h->text);
	H5Eset_auto2(H5E_DEFAULT, h->report, h->report_data);
}

hid_t h5_memory_type(const struct h5 *h, enum ds_type type)
{
	switch (type) {
	case DS_F64: return H5T_NATIVE_DOUBLE;
	case DS_F32: return H5T_NATIVE_FLOAT;
	case DS_I64: return H5T_NATIVE_INT64;
	case DS_I32: return H5T_NATIVE_INT32;
	case DS_I8: return H5T_NATIVE_INT8;
	case DS_TEXT: return h->text;
	}
	return H5I_INVALID_HID;
}

hid_t h5_file_type(const struct h5 *h, enum ds_type type)
{
	switch (type) {
	case DS_F64: return H5T_IEEE_F64LE;
	case DS_F32: return H5T_IEEE_F32LE;
	case DS_I64: return H5T_STD_I64LE;
	case DS_I32: return H5T_STD_I32LE;
	case DS_I8: return H5T_STD_I8LE;
	case DS_TEXT: return h->text;
	}
	return H5I_INVALID_HID;
}

char *h5_version(char buf[64])
{
	unsigned major, minor, release;
	H5get_libversion(&major, &minor, &release);
	snprintf(buf, 64, "%u.%u.%u", major, minor, release);
	return buf;
}
