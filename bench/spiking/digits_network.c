#include "bench/spiking/digits_network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "bench/spiking/classifier.h"
#include "bench/spiking/digits_table.h"

enum { FIGURES = 4 };

static void put(const char *attribute, double v, FILE *out)
{
	char number[40];
	fprintf(out, " %s=\"%s\"", attribute, text_from_number(v, FIGURES, number, sizeof number));
}

static void put_name(const struct bench_row *r, FILE *out)
{
	const double zeros = bench_row_key(r, "connection_sparsity");
	const double leak = bench_row_key(r, "leak_steps");
	fprintf(out, "\t<spiking name=\"digits-mlp-%.0f-%.0fbit", bench_row_key(r, "steps"),
	    bench_row_key(r, "weight_bits"));
	if (zeros > 0) fprintf(out, "-zeros-%.0f", 100 * zeros);
	if (!isnan(leak)) fprintf(out, "-leak-%.0f", leak);
	fputc('"', out);
}

static void put_layers(const struct bench_row *r, FILE *out)
{
	for (int k = 0; k <= CLASSIFIER_LAYERS; k++) {
		fputs("\t\t<layer", out);
		put("neurons", (double)classifier_width[k], out);
		put("fan-out", k < CLASSIFIER_LAYERS ? (double)classifier_width[k + 1] : 0, out);
		put("rate", k < CLASSIFIER_LAYERS ? bench_row_key(r, digits_rate_key[k]) : 0, out);
		fputs("/>\n", out);
	}
}

static void put_network(const struct bench_row *r, FILE *out)
{
	const double steps = bench_row_key(r, "steps");
	put_name(r, out);
	fputs(" method=\"conversion\"", out);
	put("steps", steps, out);
	put("rate", digits_k(r) / steps, out); /* for each synapse: layers have their own */
	if (bench_row_key(r, "connection_sparsity") > 0)
		put("sparsity", bench_row_key(r, "connection_sparsity"), out);
	fputs("\n\t\t", out);
	fprintf(out, "weight-bits=\"%.0f\"", bench_row_key(r, "weight_bits"));
	put("accuracy", bench_row_key(r, "accuracy"), out);
	fprintf(out,
	    "\n\t\tsource=\"hearth bench digits: scikit-learn's digits by " CLASSIFIER_WIDTHS
	    ", %.0f that were not learnt from; its perceptron has %.3g %% right\"\n"
	    "\t\tverify=\"derived\">\n",
	    bench_row_key(r, "tested"), 100 * bench_row_key(r, "ann_accuracy"));
	put_layers(r, out);
	fputs("\t</spiking>\n", out);
}

char *digits_network_text(const struct bench_file *f)
{
	char *text = NULL;
	size_t size, networks = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) abort(); /* memory, as in mem.h */
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<catalogue>\n", out);
	for (size_t i = 0; i < f->rows; i++) {
		if (strcmp(f->row[i].kernel, DIGITS_SNN) != 0) continue;
		put_network(&f->row[i], out);
		networks++;
	}
	fputs("</catalogue>\n", out);
	fclose(out);
	if (networks > 0) return text;
	free(text);
	return NULL;
}

bool digits_network_write(const char *path, const struct bench_file *f, struct err_list *e)
{
	char *text = digits_network_text(f);
	bool written = text && file_write(path, text, strlen(text), e);
	if (!text)
		err_at(e, (struct err_pos){ path, 0, 0 },
		    "no spiking network was measured; name the group 'digits' too");
	free(text);
	return written;
}
