/* The rows that are shipped: enough of them, and each figure with its source. */
#include "tests/unit.h"

#include <string.h>

#include "loader/scenario.h"
#include "models/compute/device.h"
#include "models/provenance.h"

static struct scenario *shipped(void)
{
	struct err_list *e = err_new();
	struct scenario *s = scenario_catalogues(e);
	err_print(e, stderr);
	err_free(e);
	cr_assert(s != NULL);
	return s;
}

static const struct object *next_row(const struct object **catalogue, const struct object *row)
{
	row = row ? row->next : (*catalogue ? (*catalogue)->child : NULL);
	while (!row && *catalogue && (*catalogue = (*catalogue)->next)) row = (*catalogue)->child;
	return row;
}

static const struct object *find(const struct scenario *s, const char *element, const char *name)
{
	const struct object *c = scenario_catalogue(s);
	for (const struct object *row = next_row(&c, NULL); row; row = next_row(&c, row))
		if (!strcmp(row->cls->element, element) && row->name && !strcmp(row->name, name))
			return row;
	cr_fatal("no <%s> named %s", element, name);
}

static int count(const struct scenario *s, const char *element)
{
	int n = 0;
	const struct object *c = scenario_catalogue(s);
	for (const struct object *row = next_row(&c, NULL); row; row = next_row(&c, row))
		n += !strcmp(row->cls->element, element);
	return n;
}

Test(catalogue, has_what_homes_and_data_centres_run)
{
	struct scenario *s = shipped();
	cr_expect_geq(count(s, "device"), 36);
	cr_expect_geq(count(s, "model"), 34);
	static const char *const device[] = { "raspberry-pi-5", "jetson-orin-nano", "rtx-4090",
		"m4-mini", "ryzen-ai-max-395", "n150", "a100-sxm-80", "h100-sxm", "b200", "mi300x" };
	for (size_t i = 0; i < sizeof device / sizeof *device; i++) find(s, "device", device[i]);
	scenario_free(s);
}

/* Of every written figure, also those that a builder adds later. */
Test(catalogue, every_figure_has_a_source)
{
	struct scenario *s = shipped();
	int figures = 0, recalled = 0;
	const struct object *c = scenario_catalogue(s);
	for (const struct object *row = next_row(&c, NULL); row; row = next_row(&c, row)) {
		if (!strcmp(row->cls->element, "street")) continue; /* made up, and says so */
		for (const struct attr *a = row->cls->attrs; a->about; a++) {
			if (!provenance_is_figure(a) || !row->attr_pos[a - row->cls->attrs].file) continue;
			struct provenance p = provenance_of(row, a->name);
			cr_expect(p.text && p.text[0], "%s %s: %s", row->cls->element, row->name, a->name);
			figures++;
			recalled += p.verify == VERIFY_RECALLED;
		}
	}
	cr_log_info("%d figures, %d of them recalled", figures, recalled);
	cr_expect_geq(figures, 600);
	cr_expect_lt(5 * recalled, 2 * figures);
	scenario_free(s);
}

/* rtx-4090 as data/devices.xml has it: the row is seen, its idle power is not. */
Test(catalogue, a_figure_has_its_own_source_or_that_of_the_row)
{
	struct scenario *s = shipped();
	const struct object *row = find(s, "device", "rtx-4090");
	struct provenance tdp = provenance_of(row, "tdp"), idle = provenance_of(row, "idle");
	cr_expect_eq(tdp.verify, VERIFY_SEEN);
	cr_expect(strstr(tdp.text, "Epoch AI") != NULL, "%s", tdp.text);
	cr_expect_eq(idle.verify, VERIFY_RECALLED);
	cr_expect(strstr(idle.text, "users") != NULL, "%s", idle.text);
	cr_expect_eq(provenance_of(row, "flops-share").verify, VERIFY_DERIVED);
	scenario_free(s);
}

/* 24 GB hold 8.03e9 weights of 2 bytes, but not of a model of 70.55e9. */
Test(catalogue, sizes_are_those_of_the_published_weights)
{
	struct scenario *s = shipped();
	const struct llm_par *small = find(s, "model", "llama-3.1-8b")->par;
	const struct llm_par *large = find(s, "model", "llama-3.1-70b")->par;
	const struct device_par *card = find(s, "device", "rtx-4090")->par;
	cr_expect_lt(llm_weight_bytes(small, 1, 2), card->memory_bytes);
	cr_expect_gt(llm_weight_bytes(large, 1, 2), card->memory_bytes);
	/* 2 x 32 layers x 8 heads x 128 wide x 2 bytes, as in the Llama 3 configuration. */
	cr_expect(epsilon_eq(dbl, llm_kv_bytes(small, 1, 2), 131072, 1e-9));
	scenario_free(s);
}
