#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"

static char shown[8192];

static const char *show(const struct err_list *e)
{
	FILE *f = fmemopen(shown, sizeof shown, "w");
	err_print(e, f);
	fclose(f);
	return shown;
}

Test(err, faults_come_in_order_of_place)
{
	struct err_list *e = err_new();
	err_at(e, (struct err_pos){ "a.xml", 7, 3 }, "late");
	err_warn(e, (struct err_pos){ "a.xml", 2, 9 }, "%d remarks", 3);
	err_at(e, (struct err_pos){ "b.xml", 1, 1 }, "other file");
	err_at(e, (struct err_pos){ "a.xml", 7, 1 }, "early");
	cr_expect_str_eq(show(e), "a.xml:2:9: warning: 3 remarks\n"
				  "a.xml:7:1: error: early\n"
				  "a.xml:7:3: error: late\n"
				  "b.xml:1:1: error: other file\n");
	cr_expect_eq(err_count(e), 3);
	err_free(e);
}

Test(err, a_fault_is_said_once)
{
	struct err_list *e = err_new();
	for (int i = 0; i < 3; i++) err_at(e, (struct err_pos){ "a.xml", 1, 2 }, "same");
	cr_expect_eq(err_count(e), 3);
	err_free(e);
}

Test(err, a_flood_is_cut_and_counted)
{
	struct err_list *e = err_new();
	for (int i = 1; i <= 33; i++) err_at(e, (struct err_pos){ "a.xml", i, 0 }, "fault");
	show(e);
	cr_expect(strstr(shown, "a.xml:20: error: fault\n") != NULL);
	cr_expect(strstr(shown, "a.xml:21:") == NULL);
	cr_expect(strstr(shown, "hearth: 13 more not shown\n") != NULL);
	err_free(e);
}

/* A list keeps its own copies: the other one may go. */
Test(err, a_list_takes_another_in)
{
	struct err_list *e = err_new(), *more = err_new();
	err_at(e, (struct err_pos){ "a.xml", 3, 1 }, "both");
	err_at(more, (struct err_pos){ "b.xml", 5, 7 }, "theirs");
	err_at(more, (struct err_pos){ "a.xml", 3, 1 }, "both");
	err_warn(more, (struct err_pos){ 0 }, "a remark");
	err_add_all(e, more);
	err_free(more);
	cr_expect_eq(err_count(e), 3); /* "both" counts in each */
	cr_expect_str_eq(show(e), "a.xml:3:1: error: both\n"
				  "b.xml:5:7: error: theirs\n"
				  "hearth: warning: a remark\n");
	err_free(e);
}
