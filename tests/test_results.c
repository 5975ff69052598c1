#include "tests/unit.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <dirent.h>
#include <unistd.h>

#include "analysis/results.h"
#include "analysis/seal.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/make_dataset.h"

static char folder[] = "/tmp/hearth-results-XXXXXX";
static char shown[4096];

static void enter(void)
{
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
}

static void leave(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.') unlink(entry->d_name);
	closedir(dir);
	rmdir(folder);
}

TestSuite(results, .init = enter, .fini = leave);

static int file_count(void)
{
	DIR *dir = opendir(".");
	int n = 0;
	for (struct dirent *entry; (entry = readdir(dir));) n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

static const char *show(const struct err_list *e)
{
	FILE *f = fmemopen(shown, sizeof shown, "w");
	err_print(e, f);
	fclose(f);
	return shown;
}

static void write_good(const struct dataset *d, const char *path)
{
	struct err_list *e = err_new();
	cr_assert(results_write(d, path, e), "%s", show(e));
	err_free(e);
}

static struct dataset *read_good(const char *path)
{
	struct err_list *e = err_new();
	struct dataset *d = results_read(path, e);
	cr_assert_not_null(d, "%s", show(e));
	err_free(e);
	return d;
}

static char *bytes_of(const char *path, size_t *size)
{
	struct err_list *e = err_new();
	char *data = file_read(path, SIZE_MAX, size, e);
	cr_assert_not_null(data, "%s", show(e));
	err_free(e);
	return data;
}

static bool same_bytes(const char *a, const char *b)
{
	size_t na, nb;
	char *da = bytes_of(a, &na), *db = bytes_of(b, &nb);
	bool same = na == nb && !memcmp(da, db, na);
	free(da);
	free(db);
	return same;
}

static void expect_same_attrs(const struct ds_attr *a, const struct ds_attr *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cr_expect_str_eq(a[i].name, b[i].name);
		cr_assert_eq(a[i].type, b[i].type);
		if (a[i].type == DS_TEXT) cr_expect_str_eq(a[i].text, b[i].text);
		cr_expect_eq(memcmp(&a[i].f64, &b[i].f64, sizeof a[i].f64), 0); /* NAN too */
		cr_expect_eq(a[i].i64, b[i].i64);
		cr_assert_eq(a[i].n, b[i].n);
		if (a[i].n) cr_expect_eq(memcmp(a[i].list, b[i].list, (size_t)a[i].n), 0);
	}
}

static void expect_same_var(const struct ds_var *a, const struct ds_var *b)
{
	static const size_t bytes[] = { 8, 4, 8, 4, 1 };
	cr_expect_str_eq(a->name, b->name);
	cr_assert_eq(a->type, b->type, "%s", a->name);
	cr_assert_eq(!a->rows, !b->rows);
	cr_assert_eq(!a->cols, !b->cols);
	size_t n = 1;
	if (a->rows) {
		cr_expect_str_eq(a->rows->name, b->rows->name);
		cr_assert_eq(a->rows->size, b->rows->size);
		n *= a->rows->size;
	}
	if (a->cols) {
		cr_expect_str_eq(a->cols->name, b->cols->name);
		cr_assert_eq(a->cols->size, b->cols->size);
		n *= a->cols->size;
	}
	if (a->type != DS_TEXT)
		cr_expect_eq(memcmp(a->data, b->data, n * bytes[a->type]), 0, "%s", a->name);
	for (size_t i = 0; i < n && a->type == DS_TEXT; i++)
		cr_expect_str_eq(((char **)a->data)[i], ((char **)b->data)[i]);
	cr_assert_eq(a->attrs, b->attrs, "%s", a->name);
	expect_same_attrs(a->attr, b->attr, a->attrs);
}

static void expect_same(const struct dataset *a, const struct dataset *b)
{
	cr_assert_eq(a->groups, b->groups);
	for (size_t i = 0; i < a->groups; i++) {
		const struct ds_group *g = a->group[i], *h = b->group[i];
		cr_expect_str_eq(g->name, h->name);
		cr_assert_eq(g->attrs, h->attrs);
		expect_same_attrs(g->attr, h->attr, g->attrs);
		cr_assert_eq(g->vars, h->vars);
		for (size_t k = 0; k < g->vars; k++) expect_same_var(g->var[k], h->var[k]);
	}
}

Test(results, what_is_written_is_read_back_to_the_bit)
{
	struct dataset *d = make_dataset("doorstep"), *back;
	write_good(d, "a.h5");
	back = read_good("a.h5");
	expect_same(d, back);
	ds_free(back);
	ds_free(d);
}

Test(results, every_type_and_shape_survives)
{
	struct dataset *d = ds_new(), *back;
	ds_group(d, "");
	struct ds_group *g = ds_group(d, "odd");
	struct ds_dim *empty = ds_dim(g, "nothing", 0), *row = ds_dim(g, "row", 7001);
	struct ds_dim *col = ds_dim(g, "col", 3);
	ds_column(g, "no_text", DS_TEXT, empty, NULL, "", "");
	ds_column(g, "no_number", DS_F32, empty, col, "W", "");
	int32_t *i32 = ds_column(g, "i32", DS_I32, row, col, "1", "compressed in chunks of rows");
	int8_t *i8 = ds_column(g, "i8", DS_I8, NULL, NULL, "1", "");
	int64_t *i64 = ds_column(g, "row", DS_I64, row, NULL, "1", "coordinate");
	float *f32 = ds_column(g, "f32", DS_F32, row, NULL, "s", "");
	for (int i = 0; i < 3 * 7001; i++) i32[i] = i * 100003;
	for (int i = 0; i < 7001; i++) {
		i64[i] = INT64_MAX - i;
		f32[i] = i % 5 ? (float)i / 3 : NAN;
	}
	*i8 = -128;
	char **text = ds_column(g, "text", DS_TEXT, col, NULL, "", "");
	text[0] = mem_text("");
	text[1] = mem_text("\xe2\x82\xac and \xf0\x9f\x94\xa5");
	text[2] = mem_text("line\nline 'quote' \"quote\" `x`");
	ds_attr_f64(g, "f32", "tiny", 0x1p-1074);
	ds_attr_i64(g, NULL, "large", INT64_MIN);
	write_good(d, "a.h5");
	back = read_good("a.h5");
	expect_same(d, back);
	ds_free(back);
	ds_free(d);
}

Test(results, one_dataset_gives_the_same_bytes_also_after_reading)
{
	struct dataset *d = make_dataset("doorstep"), *again = make_dataset("doorstep"), *back;
	write_good(d, "a.h5");
	sleep(1); /* a time of creation would differ */
	write_good(again, "b.h5");
	back = read_good("a.h5");
	write_good(back, "c.h5");
	cr_expect(same_bytes("a.h5", "b.h5"));
	cr_expect(same_bytes("a.h5", "c.h5"));
	ds_free(back);
	ds_free(again);
	ds_free(d);
}

Test(results, a_second_run_replaces_the_first)
{
	struct dataset *d = make_dataset("first"), *other = make_bare_dataset(), *back;
	write_good(d, "a.h5");
	write_good(other, "a.h5");
	back = read_good("a.h5");
	cr_expect_str_eq(ds_text(ds_find(back, ""), NULL, "title"), "bare");
	cr_expect_eq(file_count(), 1, "no temporary file stays");
	ds_free(back);
	ds_free(other);
	ds_free(d);
}

Test(results, text_that_is_no_utf8_is_repaired)
{
	struct dataset *d = make_dataset("caf\xe9 \xed\xa0\x80|\xc0\xaf|\xf5"), *back;
	write_good(d, "a.h5");
	back = read_good("a.h5");
	/* Latin-1 e acute: 1 byte; surrogate: 3; over-long slash: 2; F5: 1 */
#define R "\xef\xbf\xbd"
	cr_expect_str_eq(
	    ds_text(ds_find(back, ""), NULL, "title"), "caf" R " " R R R "|" R R "|" R);
#undef R
	ds_free(back);
	ds_free(d);
}

static void expect_no_write(const struct dataset *d, const char *path, const char *said)
{
	struct err_list *e = err_new();
	cr_expect_not(results_write(d, path, e), "%s", path);
	cr_expect(strstr(show(e), said) != NULL, "%s: '%s'", path, shown);
	cr_expect(strchr(shown, '\n') == strrchr(shown, '\n'), "one line: %s", shown);
	err_free(e);
}

Test(results, a_place_that_cannot_be_written_is_an_error_and_nothing_is_left)
{
	struct dataset *d = make_bare_dataset();
	expect_no_write(d, "no/such/folder/a.h5", "No such file or directory");
	expect_no_write(d, "/dev/full", "no regular file");
	expect_no_write(d, ".", "no regular file");
	expect_no_write(d, "/proc/a.h5", "cannot write");
	cr_expect_eq(file_count(), 0);
	ds_free(d);
}

Test(results, a_file_size_limit_is_an_error_and_the_old_file_stays)
{
	struct dataset *d = make_bare_dataset(), *large = make_dataset("large"), *back;
	write_good(d, "a.h5");
	struct rlimit limit = { 30011, 30011 }; /* the bare file has less, the large one more */
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	expect_no_write(large, "a.h5", "File too large");
	expect_no_write(large, "b.h5", "File too large");
	cr_expect_eq(file_count(), 1);
	back = read_good("a.h5");
	cr_expect_str_eq(ds_text(ds_find(back, ""), NULL, "title"), "bare");
	ds_free(back);
	ds_free(large);
	ds_free(d);
}

static void put(const char *path, const char *data, size_t size)
{
	FILE *f = fopen(path, "wb");
	cr_assert_eq(fwrite(data, 1, size, f), size);
	fclose(f);
}

static void expect_no_read(const char *path, const char *said)
{
	struct err_list *e = err_new();
	cr_expect_null(results_read(path, e), "%s", path);
	cr_expect_eq(err_count(e), 1);
	cr_expect(strstr(show(e), said) != NULL, "wanted '%s' in '%s'", said, shown);
	err_free(e);
}

Test(results, what_is_no_results_file_is_told_so)
{
	expect_no_read("absent.h5", "No such file");
	expect_no_read(".", "no regular file");
	expect_no_read("/dev/zero", "no regular file");
	put("empty.h5", "", 0);
	expect_no_read("empty.h5", "is no results file; write one with: hearth run -o");
	put("text.h5", "<scenario/>", 11);
	expect_no_read("text.h5", "is no results file");
}

Test(results, every_truncation_is_found)
{
	struct dataset *d = make_bare_dataset();
	write_good(d, "a.h5");
	size_t size;
	char *data = bytes_of("a.h5", &size);
	for (size_t cut = 8; cut < size; cut += 97) {
		put("b.h5", data, cut);
		expect_no_read("b.h5", "was cut short");
	}
	put("b.h5", data, size - 1);
	expect_no_read("b.h5", "was cut short");
	free(data);
	ds_free(d);
}

Test(results, every_flipped_bit_is_found)
{
	struct dataset *d = make_bare_dataset();
	write_good(d, "a.h5");
	size_t size;
	char *data = bytes_of("a.h5", &size);
	for (size_t bit = 3; bit < 8 * size; bit += 211) {
		data[bit / 8] ^= (char)(1 << bit % 8);
		put("b.h5", data, size);
		expect_no_read("b.h5", bit / 8 < 8 ? "is no results file" :
		    bit / 8 < size - SEAL_BYTES ? "is damaged" : "the");
		data[bit / 8] ^= (char)(1 << bit % 8);
	}
	free(data);
	ds_free(d);
}

Test(results, a_sealed_file_of_another_layout_is_refused)
{
	char data[4096] = "\x89HDF\r\n\x1a\n"; /* a signature and nothing behind it */
	seal_make((unsigned char *)data, 1001, data + 1001);
	put("a.h5", data, 1001 + SEAL_BYTES);
	expect_no_read("a.h5", "layout that this version does not know");
}
