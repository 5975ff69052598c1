/* Any bytes as a scenario: no crash, no leak, a reason for every refusal, and
 * what is accepted reads the same after being written. A first line that begins
 * with "//" is an override of --set.
 *
 *     ./configure CC=clang --enable-fuzz && make tests/fuzz/fuzz_scenario
 *     tests/fuzz/fuzz_scenario -max_len=4096 -max_total_time=60 CORPUS tests/bad */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "loader/load.h"
#include "tests/loader_classes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds) abort();
}

/* A new folder with nothing else in it, made at the first input. */
static void enter_scratch(void)
{
	static bool done;
	char folder[] = "/tmp/hearth-fuzz.XXXXXX";
	if (!done) must(mkdtemp(folder) && !chdir(folder));
	done = true;
}

static struct scenario *load(const char *text, size_t size, const char *set)
{
	struct err_list *e = err_new();
	FILE *f = fopen("fuzz.xml", "w");
	must(f && fwrite(text, 1, size, f) == size && !fclose(f));
	struct scenario *s =
	    scenario_load_with(test_classes, NULL, "fuzz.xml", &set, set ? 1 : 0, e);
	must((s != NULL) == (err_count(e) == 0));
	err_free(e);
	return s;
}

static void check_round_trip(const struct scenario *s)
{
	char *once = scenario_resolved(s);
	struct scenario *again = load(once, strlen(once), NULL);
	must(again != NULL);
	char *twice = scenario_resolved(again);
	must(!strcmp(once, twice));
	free(once);
	free(twice);
	scenario_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *line = size > 2 && !memcmp(text, "//", 2) ? memchr(text, '\n', size) : NULL;
	char *set = line ? mem_text_n(text, (size_t)(line - text)) : NULL;
	size_t skip = line ? (size_t)(line + 1 - text) : 0;
	enter_scratch();
	struct scenario *s = load(text + skip, size - skip, set);
	if (s) check_round_trip(s);
	scenario_free(s);
	free(set);
	return 0;
}
