/* Which models a device has room for, and how much then is left. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "base/units.h"
#include "base/wrap.h"
#include "cli/catalog.h"
#include "loader/value.h"
#include "models/compute/node.h"

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

/* A column for each precision of the weights, after the name's. `head` and the columns are the
 * caller's; free_columns gives back what they point at. */
static struct table_column *columns_new(const char *head)
{
	int n = weights_count();
	size_t size;
	struct table_column *c = mem_new((size_t)n + 2, sizeof *c);
	c[0] = (struct table_column){ NULL, head, TABLE_LEFT };
	for (int w = 0; w < n; w++) {
		const char *word = value_word(WEIGHTS_WORDS, w, &size);
		c[w + 1] = (struct table_column){ NULL, mem_text_n(word, size), TABLE_RIGHT };
	}
	return c;
}

static void columns_free(struct table_column *c)
{
	for (int w = 0; w < weights_count(); w++) free((char *)c[w + 1].head);
	free(c);
}

/* False, with nothing added, when not even the smallest weights fit. */
static bool add_room(struct table *t, const char *name, struct node_par *n)
{
	bool any = false;
	for (int w = 0; w < weights_count(); w++) any = any || room_tokens(n, w) >= 1;
	if (!any) return false;
	table_text(t, name);
	for (int w = 0; w < weights_count(); w++) {
		double tokens = room_tokens(n, w);
		bool few = tokens < 1e4;
		table_number(t, tokens < 1 ? NAN : tokens, few ? "%.0f" : "%.0f k",
		    few ? tokens : tokens / 1e3);
	}
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
	putchar('\n');
	free(text);
}

/* Every row of `of` in the place of *slot. */
static void print_rows(const struct scenario *s, const struct class *of, struct node_par *n,
    const struct object **slot, enum table_form form)
{
	struct catalog_rows r = catalog_rows_of(s, of);
	struct table_column *columns = columns_new(of->element);
	struct table *t = table_new(columns);
	size_t left_out = 0;
	for (size_t i = 0; i < r.count; i++) {
		*slot = r.row[i];
		left_out += !add_room(t, r.row[i]->name, n);
	}
	table_print(t, form, stdout);
	char *plural = catalog_plural(of);
	if (left_out)
		printf("\nnot listed: %zu of %zu %s, where nothing fits\n", left_out, r.count, plural);
	free(plural);
	table_free(t);
	columns_free(columns);
	catalog_rows_fini(&r);
}

static void print_sizes(const struct llm_par *p, enum table_form form)
{
	char bytes[64];
	struct table_column *columns = columns_new("size");
	struct table *t = table_new(columns);
	putchar('\n');
	table_text(t, "weights");
	for (int w = 0; w < weights_count(); w++) {
		double size = llm_weight_bytes(p, 1, weights_bytes((enum weights)w));
		bool small = size < 1e8;
		table_number(t, size, "%.4g %s", size / (small ? 1e6 : 1e9), small ? "MB" : "GB");
	}
	table_print(t, form, stdout);
	table_free(t);
	columns_free(columns);
	units_format(llm_kv_bytes(p, 1, 2), DIM_BYTES, bytes, sizeof bytes);
	printf("\nfp16 KV cache: %s a token; with fp8 values half of it\n", bytes);
}

void catalog_print_room(const struct scenario *s, const struct object *row, enum table_form form)
{
	struct node_par n = { .engine = engine_of(s), .tensor_parallel = 1, .pipeline_parallel = 1,
		.kv = KV_FP16 };
	if (!n.engine) return; /* another data folder without it */
	if (row->cls == &device_class) {
		n.device = row;
		print_what("Room for models", &n);
		print_rows(s, &model_class, &n, &n.model, form);
	} else if (row->cls == &model_class) {
		n.model = row;
		print_sizes(row->par, form);
		print_what("Devices that hold it", &n);
		print_rows(s, &device_class, &n, &n.device, form);
	}
}
