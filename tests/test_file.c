#include "tests/unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char folder[] = "/tmp/hearth-file-XXXXXX";

static void enter(void)
{
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
}

static void leave(void)
{
	unlink("a");
	unlink("link");
	rmdir(folder);
}

TestSuite(file, .init = enter, .fini = leave);

static void put(const char *path, const char *text)
{
	struct err_list *e = err_new();
	cr_assert(file_write(path, text, strlen(text), e));
	err_free(e);
}

static char *get(const char *path, size_t *size)
{
	struct err_list *e = err_new();
	char *data = file_read(path, SIZE_MAX, size, e);
	cr_assert_not_null(data);
	err_free(e);
	return data;
}

Test(file, what_is_put_is_got_with_a_nul_behind)
{
	size_t size;
	put("a", "seven\n7");
	char *data = get("a", &size);
	cr_expect_eq(size, 7);
	cr_expect_str_eq(data, "seven\n7");
	free(data);
}

Test(file, files_beyond_the_first_buffer_come_whole)
{
	enum { SIZE = 3 * (1 << 17) - 1 };
	char *out = malloc(SIZE + 1);
	for (int i = 0; i < SIZE; i++) out[i] = (char)('a' + i % 23);
	out[SIZE] = '\0';
	put("a", out);
	size_t size;
	char *data = get("a", &size);
	cr_expect_eq(size, SIZE);
	cr_expect_str_eq(data, out);
	free(data);
	free(out);
}

Test(file, the_file_is_as_readable_as_the_mask_lets_it_be)
{
	struct stat st;
	umask(026);
	put("a", "x");
	cr_assert_eq(stat("a", &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0640); /* 0666 & ~026 */
}

Test(file, a_link_is_followed_and_stays_a_link)
{
	struct stat st;
	size_t size;
	put("a", "old");
	cr_assert_eq(symlink("a", "link"), 0);
	put("link", "new");
	cr_assert_eq(lstat("link", &st), 0);
	cr_expect_eq(st.st_mode & S_IFMT, S_IFLNK);
	char *data = get("a", &size);
	cr_expect_str_eq(data, "new");
	free(data);
}

static bool is_refused(const char *path)
{
	struct err_list *e = err_new();
	bool written = file_write(path, "x", 1, e);
	bool told = err_count(e) == 1;
	err_free(e);
	return !written && told;
}

Test(file, a_link_that_leads_nowhere_is_refused_and_stays)
{
	struct stat st;
	cr_assert_eq(symlink("a", "link"), 0);
	cr_expect(is_refused("link"));
	cr_expect_eq(lstat("link", &st), 0);
	cr_expect_neq(stat("a", &st), 0);
	cr_assert_eq(unlink("link"), 0);
	cr_assert_eq(symlink("link", "link"), 0);
	cr_expect(is_refused("link"));
	cr_expect_eq(lstat("link", &st), 0);
}

/* 255 bytes are NAME_MAX; the temporary file's name is not longer than the file's. */
Test(file, the_longest_name_can_be_written_and_no_longer)
{
	char name[257];
	memset(name, 'n', sizeof name - 1);
	name[256] = '\0';
	cr_expect(is_refused(name));
	name[255] = '\0';
	put(name, "x");
	cr_expect_eq(unlink(name), 0);
}

Test(file, more_bytes_than_wanted_are_refused_unread)
{
	size_t size;
	put("a", "seven\n7");
	struct err_list *e = err_new();
	char *data = file_read("a", 7, &size, e);
	cr_expect_not_null(data);
	free(data);
	cr_expect_null(file_read("a", 6, &size, e));
	cr_expect_eq(err_count(e), 1);
	err_free(e);
}

Test(file, a_new_file_leaves_what_has_its_name)
{
	size_t size;
	struct err_list *e = err_new();
	cr_assert(file_write_new("a", "first", 5, e));
	cr_expect_not(file_write_new("a", "second", 6, e));
	cr_expect_eq(err_count(e), 1);
	char *data = get("a", &size);
	cr_expect_str_eq(data, "first");
	free(data);
	cr_assert_eq(symlink("nowhere", "link"), 0); /* a name that is taken, too */
	cr_expect_not(file_write_new("link", "third", 5, e));
	cr_expect_not(file_write_new("none/a", "fourth", 6, e));
	cr_expect_eq(err_count(e), 3);
	cr_expect_neq(access("nowhere", F_OK), 0);
	err_free(e);
}
