/* Which models a device has room for, and how much then is left. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "cli/catalog.h"
#include "cli/wrap.h"
#include "loader/value.h"
#include "models/compute/node.h"

enum { NAME_WIDTH = 20, CELL_WIDTH = 9 };

static const char *default_engine(void)
{
	const struct attr *a = node_class.attrs;
	while (strcmp(a->name, "engine") != 0) a++;
	return a->def;
}

/* The engine that nodes have where none is named. */
static const struct object *engine_of(const struct scenario *s)
{
	struct catalog_rows r = catalog_rows_of(s, &engine_class);
	const struct object *o = catalog_named(&r, default_engine());
	catalog_rows_fini(&r);
	return o;
}

/* Tokens of KV cache beside the weights, on one device. */
static double room_tokens(struct node_par *n, int weights)
{
	n->weights = weights;
	return (double)(node_kv_blocks(n) * node_engine(n)->block_tokens);
}

static int weights_count(void)
{
	size_t size;
	int n = 0;
	while (value_word(WEIGHTS_WORDS, n, &size), size) n++;
	return n;
}

static void print_head(const char *name)
{
	size_t size;
	printf("  %-*s", NAME_WIDTH, name);
	for (int w = 0; w < weights_count(); w++) {
		const char *word = value_word(WEIGHTS_WORDS, w, &size);
		printf("%*.*s", CELL_WIDTH, (int)size, word);
	}
	putchar('\n');
}

static void print_tokens(double tokens)
{
	if (tokens < 1) printf("%*s", CELL_WIDTH, "-");
	else if (tokens < 1e4) printf("%*.0f", CELL_WIDTH, tokens);
	else printf("%*.0f k", CELL_WIDTH - 2, tokens / 1e3);
}

/* False, with nothing printed, when not even the smallest weights fit. */
static bool print_room(const char *name, struct node_par *n)
{
	bool any = false;
	for (int w = 0; w < weights_count(); w++) any = any || room_tokens(n, w) >= 1;
	if (!any) return false;
	printf("  %-*s", NAME_WIDTH, name);
	for (int w = 0; w < weights_count(); w++) print_tokens(room_tokens(n, w));
	putchar('\n');
	return true;
}

static void print_what(const char *what, const struct node_par *n)
{
	char *text = mem_print("%s, in tokens of fp16 KV cache that fit beside the weights on one "
			       "device, by precision of the weights; of the memory, %.0f %% are "
			       "used",
	    what, 100 * node_engine(n)->memory_frac);
	putchar('\n');
	wrap_text(text, 0, 0, stdout);
	free(text);
}

/* Every row of `of` in the place of *slot. */
static void print_rows(const struct scenario *s, const struct class *of, struct node_par *n,
    const struct object **slot)
{
	struct catalog_rows r = catalog_rows_of(s, of);
	size_t left_out = 0;
	print_head(of->element);
	for (size_t i = 0; i < r.count; i++) {
		*slot = r.row[i];
		left_out += !print_room(r.row[i]->name, n);
	}
	char *plural = catalog_plural(of);
	if (left_out)
		printf("  not listed: %zu of %zu %s, where nothing fits\n", left_out, r.count,
		    plural);
	free(plural);
	catalog_rows_fini(&r);
}

static void print_sizes(const struct llm_par *p)
{
	char bytes[64];
	puts("\nSize");
	print_head("");
	printf("  %-*s", NAME_WIDTH, "weights");
	for (int w = 0; w < weights_count(); w++) {
		double size = llm_weight_bytes(p, 1, weights_bytes((enum weights)w));
		bool small = size < 1e8;
		printf("%*.4g %s", CELL_WIDTH - 3, size / (small ? 1e6 : 1e9), small ? "MB" : "GB");
	}
	units_format(llm_kv_bytes(p, 1, 2), DIM_BYTES, bytes, sizeof bytes);
	printf("\n  %-*s%s a token; with fp8 values half of it\n", NAME_WIDTH, "fp16 KV cache",
	    bytes);
}

void catalog_print_room(const struct scenario *s, const struct object *row)
{
	struct node_par n = { .engine = engine_of(s), .tensor_parallel = 1, .pipeline_parallel = 1,
		.kv = KV_FP16 };
	if (!n.engine) return; /* another data folder without it */
	if (row->cls == &device_class) {
		n.device = row;
		print_what("Room for models", &n);
		print_rows(s, &model_class, &n, &n.model);
	} else if (row->cls == &model_class) {
		n.model = row;
		print_sizes(row->par);
		print_what("Devices that hold it", &n);
		print_rows(s, &device_class, &n, &n.device);
	}
}
