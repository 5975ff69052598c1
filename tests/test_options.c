#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

#include "cli/options.h"

enum { OUTPUT, SEED, SET, SECRET, QUIET };

static const struct option_row rows[] = {
	[OUTPUT] = { "output", 'o', "FILE", "none", "where to" },
	[SEED] = { "seed", 0, "N", "1", "dice", .refuse = options_refuse_u64 },
	[SET] = { "set", 0, "X=V", NULL, "override", true },
	[SECRET] = { "secret", 0, NULL, NULL, NULL },
	[QUIET] = { "quiet", 'q', NULL, NULL, "nothing" },
	{ NULL },
};

static const struct command cmd = {
	.name = "cook", .options = rows, .operand = { "DISH", false, NULL, "what" },
};
static const struct command strict = { .name = "eat", .operand = { "DISH", true, NULL, "what" } };
static const struct command feast = { .name = "serve", .operand = { "ORDER", true, NULL, "what" },
	.further = { "GUEST", true, NULL, "to whom", true }, .options = rows };
static const struct command pair = {
	.name = "mix", .operand = { "DISH", false, NULL, "what" },
	.further = { "SPICE", false, NULL, "with what" },
};
static const struct command bare = { .name = "wash" };

static char said[1024];

/* Parses words split at blanks; what it says on faults is in `said`. */
static bool parse(struct options *o, const struct command *c, const char *line)
{
	static char text[256], *word[32];
	int n = 0;
	snprintf(text, sizeof text, "%s", line);
	for (char *w = strtok(text, " "); w; w = strtok(NULL, " ")) word[n++] = w;
	word[n] = NULL;
	FILE *f = fmemopen(said, sizeof said, "w");
	bool good = options_init(o, c, word, f);
	fclose(f);
	return good;
}

Test(options, every_gnu_form_is_read)
{
	static const struct {
		const char *line, *output, *operand;
		bool quiet;
	} row[] = {
		{ "", NULL, NULL, false },
		{ "soup", NULL, "soup", false },
		{ "-o a.h5 soup", "a.h5", "soup", false },
		{ "soup -oa.h5", "a.h5", "soup", false },
		{ "--output=a.h5 soup", "a.h5", "soup", false },
		{ "--output a.h5 soup -q", "a.h5", "soup", true },
		{ "--out a.h5", "a.h5", NULL, false },
		{ "-qo a.h5", "a.h5", NULL, true },
		{ "-o a.h5 -o b.h5", "b.h5", NULL, false }, /* the last one holds */
		{ "--output=-q", "-q", NULL, false },
		{ "--output=", "", NULL, false },
		{ "-o -", "-", NULL, false },
		{ "-q -- -o", NULL, "-o", true },
		{ "- -q", NULL, "-", true },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct options o;
		cr_assert(parse(&o, &cmd, row[i].line), "%s: %s", row[i].line, said);
		const char *output = options_text(&o, OUTPUT);
		cr_expect_eq(!output, !row[i].output, "%s", row[i].line);
		if (output) cr_expect_str_eq(output, row[i].output, "%s", row[i].line);
		cr_expect_eq(!o.operand, !row[i].operand, "%s", row[i].line);
		if (o.operand) cr_expect_str_eq(o.operand, row[i].operand, "%s", row[i].line);
		cr_expect_eq(options_flag(&o, QUIET), row[i].quiet, "%s", row[i].line);
		options_fini(&o);
	}
}

Test(options, further_operands_keep_their_order)
{
	struct options o;
	cr_assert(parse(&o, &feast, "soup ann -q bob -- -cy"), "%s", said);
	cr_expect_str_eq(o.operand, "soup");
	cr_assert_eq(o.further.count, 3);
	cr_expect_str_eq(o.further.word[1], "bob");
	cr_expect_str_eq(o.further.word[2], "-cy");
	options_fini(&o);
}

Test(options, a_repeated_option_keeps_its_order)
{
	struct options o;
	cr_assert(parse(&o, &cmd, "--set a=1 --set=b=2 soup --set c=3"));
	cr_assert_eq(o.given[SET].count, 3);
	cr_expect_str_eq(o.given[SET].word[0], "a=1");
	cr_expect_str_eq(o.given[SET].word[1], "b=2");
	cr_expect_str_eq(o.given[SET].word[2], "c=3");
	options_fini(&o);
}

Test(options, a_second_operand_comes_after_the_first)
{
	struct options o;
	cr_assert(parse(&o, &pair, "soup"));
	cr_expect_str_eq(o.operand, "soup");
	cr_expect_eq(o.further.count, 0);
	options_fini(&o);
	cr_assert(parse(&o, &pair, "soup salt"));
	cr_expect_str_eq(o.operand, "soup");
	cr_expect_str_eq(o.further.word[0], "salt");
	options_fini(&o);
	cr_expect_not(parse(&o, &pair, "soup salt pepper"));
	cr_expect(strstr(said, "one DISH and one SPICE, but got 'pepper'") != NULL, "%s", said);
	options_fini(&o);
}

Test(options, help_ends_the_reading)
{
	static const char *const line[] = { "--help", "-h", "--he", "-q -h --nonsense", "-qh" };
	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		struct options o;
		cr_expect(parse(&o, &cmd, line[i]), "%s", line[i]);
		cr_expect(o.help, "%s", line[i]);
		options_fini(&o);
		cr_expect(parse(&o, &strict, "-h"));
		options_fini(&o);
	}
}

Test(options, every_fault_says_what_to_write)
{
	static const struct {
		const struct command *cmd;
		const char *line, *says;
	} row[] = {
		{ &cmd, "--sede=7", "unknown option '--sede' (did you mean '--seed'?)" },
		{ &cmd, "--hlep", "did you mean '--help'?" },
		{ &cmd, "--flambe", "unknown option '--flambe'\n" },
		{ &cmd, "-z", "unknown option '-z'" },
		{ &cmd, "--se 7", "'--se' may mean several options; write it out" },
		{ &cmd, "--secre", "unknown option '--secre'\n" }, /* hidden: never proposed */
		{ &cmd, "-o", "--output needs a value: --output=FILE" },
		{ &cmd, "--seed", "--seed needs a value: --seed=N" },
		{ &cmd, "-o --quiet", "needs a value before '--quiet'; if that is the value, write "
				      "--output=--quiet" },
		{ &cmd, "--quiet=yes", "--quiet takes no value" },
		{ &cmd, "--seed=abc", "--seed: 'abc' is not a whole number" },
		{ &cmd, "--seed=", "--seed: '' is not a whole number" },
		{ &cmd, "soup stew", "takes one DISH, but got 'soup' and 'stew'" },
		{ &strict, "", "needs a DISH" },
		{ &feast, "", "needs an ORDER" },
		{ &feast, "soup -q", "needs a GUEST after 'soup'" },
		{ &bare, "soup", "takes no operand, but got 'soup'" },
		{ &bare, "-q", "unknown option '-q'" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct options o;
		char head[64], try[64];
		snprintf(head, sizeof head, "hearth %s: error: ", row[i].cmd->name);
		snprintf(try, sizeof try, "\nTry 'hearth %s --help'.\n", row[i].cmd->name);
		cr_expect_not(parse(&o, row[i].cmd, row[i].line), "%s", row[i].line);
		cr_expect_eq(strncmp(said, head, strlen(head)), 0, "%s", said);
		cr_expect_not_null(strstr(said, row[i].says), "%s: %s", row[i].line, said);
		cr_expect_not_null(strstr(said, try), "%s", said);
		options_fini(&o);
	}
}

Test(options, a_hidden_option_works_when_written_out)
{
	struct options o;
	cr_assert(parse(&o, &cmd, "--secret"));
	cr_expect(options_flag(&o, SECRET));
	options_fini(&o);
}

Test(options, whole_numbers_are_read_strictly)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "0", 0 },
		{ "7", 7 },
		{ "007", 7 }, /* not octal */
		{ "0x1F", 31 },
		{ "18446744073709551615", UINT64_MAX },
		{ "0xffffffffffffffff", UINT64_MAX },
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		uint64_t n;
		cr_expect(options_parse_u64(good[i].text, &n), "%s", good[i].text);
		cr_expect_eq(n, good[i].value, "%s", good[i].text);
	}
	static const char *const bad[] = { "", " 7", "7 ", "-7", "+7", "7.0", "0x", "0xg", "1e3",
		"18446744073709551616", "nan" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		uint64_t n;
		cr_expect_not(options_parse_u64(bad[i], &n), "'%s'", bad[i]);
		cr_expect_not_null(options_refuse_u64(bad[i]), "'%s'", bad[i]);
	}
}

Test(options, spelling_lines_up)
{
	char buf[64];
	cr_expect_str_eq(options_spelling(&rows[OUTPUT], buf, sizeof buf), "-o, --output=FILE");
	cr_expect_str_eq(options_spelling(&rows[SEED], buf, sizeof buf), "    --seed=N");
	cr_expect_str_eq(options_spelling(&rows[QUIET], buf, sizeof buf), "-q, --quiet");
}
