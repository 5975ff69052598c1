/* hearth doctor */
#include <gsl/gsl_version.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/h5.h"
#include "base/mem.h"
#include "base/paths.h"
#include "bench/joules/joules.h"
#include "bench/spiking/digits.h"
#include "cli/command.h"
#include "cli/doctor_find.h"
#include "cli/form.h"
#include "cli/input.h"
#include "loader/scenario.h"
#include "models/grid/sparse.h"

enum { JSON, CSV, MD };

static const struct option_row options[] = {
	[JSON] = FORM_JSON_OPTION,
	[CSV] = FORM_CSV_OPTION,
	[MD] = FORM_MD_OPTION,
	{ NULL },
};

enum state { OK, MISSING, BROKEN };
static const char *const state_words[] = { [OK] = "ok", [MISSING] = "missing", [BROKEN] = "BROKEN" };

/* What was found so far. */
struct findings {
	struct table *t;
	const char *area;
	size_t missing, broken;
};

static const struct table_column columns[] = {
	{ "area", "area", TABLE_SECTION }, { "item", "item", TABLE_LEFT },
	{ "state", "state", TABLE_LEFT }, { "found", "found", TABLE_WRAPPED },
	{ "cost", "without it", TABLE_BELOW }, { "remedy", "remedy", TABLE_BELOW }, { NULL },
};

/* Of what is there only `found` is shown; of the rest also what it costs and what to do. */
static void add(struct findings *f, const char *item, enum state state, const char *found,
    const char *cost, const char *remedy)
{
	table_text(f->t, f->area);
	table_text(f->t, item);
	table_text(f->t, state_words[state]);
	table_text(f->t, found ? found : "");
	table_text(f->t, state == OK ? "" : cost);
	table_text(f->t, state == OK ? "" : remedy);
	f->missing += state == MISSING;
	f->broken += state == BROKEN;
}

/* ---- what hearth cannot do without ---- */

/* The first fault of the list, for one line. The caller frees. */
static char *first_fault(const struct err_list *e)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) return mem_text(""); /* not reached: it fails for lack of memory only */
	err_print(e, out);
	fclose(out);
	text[strcspn(text, "\n")] = 0;
	return text;
}

static void check_scenario(struct findings *f)
{
	static const char remedy[] = "install hearth's data again, or point HEARTH_DATA elsewhere";
	struct err_list *e = err_new();
	char *path = input_scenario(INPUT_BUILT_IN, e);
	struct scenario *s = path ? scenario_load(path, NULL, 0, e) : NULL;
	char *fault = first_fault(e);
	add(f, "built-in scenario", s ? OK : BROKEN, s ? path : fault, "nothing can be run", remedy);
	free(fault);
	scenario_free(s);
	free(path);
	err_free(e);
}

static void check_data(struct findings *f)
{
	const char *home = paths_home(), *set = getenv("HEARTH_DATA");
	f->area = "data";
	add(f, "data folder", home ? OK : BROKEN, home ? home : paths_tried(), "nothing can be run",
	    "set HEARTH_DATA to the folder with data/ and scenarios/, or install hearth again");
	add(f, "HEARTH_DATA", OK, set && *set ? set : "not set", NULL, NULL);
	check_scenario(f);
}

static void check_libraries(struct findings *f)
{
	char text[64];
	f->area = "libraries";
	add(f, "HDF5", OK, h5_version(text), NULL, NULL);
	add(f, "GSL", OK, gsl_version, NULL, NULL);
	add(f, "KLU", OK, sparse_version(text), NULL, NULL);
	add(f, "jansson", OK, JANSSON_VERSION, NULL, NULL);
}

/* ---- what makes it better ---- */

static void check_machine(struct findings *f)
{
	char text[96];
	int n = find_processors();
	const char *locale = getenv("LC_ALL");
	if (!locale || !*locale) locale = getenv("LC_NUMERIC");
	if (!locale || !*locale) locale = getenv("LANG");
	f->area = "machine";
	snprintf(text, sizeof text, "%d: '-j %d' uses all of them", n, n);
	add(f, "processors", OK, text, NULL, NULL);
	snprintf(text, sizeof text, "%.40s; numbers have a point in all of them",
	    locale && *locale ? locale : "C");
	add(f, "locale", OK, text, NULL, NULL);
}

/* Programs by name. */
static void check_programs(struct findings *f)
{
	static const struct {
		const char *name, *cost, *remedy;
	} programs[] = {
		{ "sbatch", "'hearth sweep slurm' still writes its script; it cannot be tried here",
		    "apt-get install slurm-client" },
		{ "mpirun", "no sweeps over several machines by MPI", "apt-get install openmpi-bin" },
		{ "parallel", "'hearth sweep commands' still prints its lines; 'hearth sweep run -j' "
		    "does the same on one machine", "apt-get install parallel" },
		{ "python3", "results are read by other programs than Python",
		    "apt-get install python3" },
	};
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		char *path = find_program(programs[i].name);
		add(f, programs[i].name, path ? OK : MISSING, path, programs[i].cost,
		    programs[i].remedy);
		free(path);
	}
}

static void check_files(struct findings *f)
{
	static const struct {
		const char *item, *path[4], *cost, *remedy;
	} files[] = {
		{ "fonts", { "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
		    "/usr/share/fonts/dejavu/DejaVuSans.ttf",
		    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf" },
		    "figures take another font, whose words may be wider than their place",
		    "apt-get install fonts-dejavu-core" },
		{ "h5py", { "/usr/lib/python3/dist-packages/h5py" },
		    "Python does not read results, as far as Debian's packages go",
		    "apt-get install python3-h5py" },
		{ "xarray", { "/usr/lib/python3/dist-packages/xarray" },
		    "no labelled series of results in Python, as far as Debian's packages go",
		    "apt-get install python3-xarray" },
		{ "digits", { DIGITS_PATH }, "the group digits of 'hearth bench' is empty",
		    "apt-get install python3-sklearn" },
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *found = find_file(files[i].path);
		add(f, files[i].item, found ? OK : MISSING, found, files[i].cost, files[i].remedy);
	}
}

static void check_tools(struct findings *f)
{
	char *gnuplot = find_gnuplot();
	f->area = "tools";
	add(f, "gnuplot", gnuplot ? OK : MISSING, gnuplot,
	    "reports have tables in the place of figures, and 'bench --plot' draws nothing",
	    "apt-get install gnuplot-nox");
	free(gnuplot);
	check_programs(f);
	check_files(f);
}

static void check_accelerators(struct findings *f)
{
	char text[64];
	int platforms = find_opencl();
	bool cuda = find_library("libcuda.so.1"), blas = find_library("libopenblas.so.0");
	f->area = "measuring";
	snprintf(text, sizeof text, "%d platform%s", platforms, platforms == 1 ? "" : "s");
	add(f, "OpenCL", platforms > 0 ? OK : MISSING,
	    platforms < 0 ? "no loader" : text, "the group opencl of 'hearth bench' is empty",
	    platforms < 0 ? "apt-get install ocl-icd-libopencl1, and the driver of the device"
			  : "install the driver of the device, or apt-get install pocl-opencl-icd");
	add(f, "CUDA driver", cuda ? OK : MISSING, cuda ? "libcuda.so.1" : NULL,
	    "no NVIDIA device is measured", "the driver comes with the device");
	add(f, "OpenBLAS", blas ? OK : MISSING, blas ? "libopenblas.so.0" : NULL,
	    "products of many tokens are measured with plain C, which is slower",
	    "apt-get install libopenblas0");
}

/* What reads energy by itself; plugs and logs are there when they are named. */
static void check_meters(struct findings *f)
{
	static const char cost[] = "one meter less for the energy of 'hearth bench'";
	struct joules_setup s = { .tdp_w = NAN, .idle_w = NAN };
	struct joules_probe probe[JOULES_PROBES];
	joules_probe(&s, probe);
	for (size_t i = 0; i < JOULES_PROBES; i++) {
		if (!strcmp(probe[i].source, "plug") || !strcmp(probe[i].source, "file")) continue;
		add(f, probe[i].source, probe[i].works ? OK : MISSING,
		    probe[i].works ? probe[i].text : NULL, cost, probe[i].text);
	}
}

/* ---- the command ---- */

static int run(const struct options *o)
{
	enum table_form form;
	if (!form_of(o, JSON, &form)) return STATUS_USAGE;
	struct findings f = { .t = table_new(columns) };
	check_data(&f);
	check_libraries(&f);
	check_machine(&f);
	check_tools(&f);
	check_accelerators(&f);
	check_meters(&f);
	table_headless(f.t);
	table_print(f.t, form, stdout);
	table_free(f.t);
	if (form == TABLE_TEXT || form == TABLE_MARKDOWN)
		printf("\n%zu missing, which hearth does without; %zu broken, which it does not\n",
		    f.missing, f.broken);
	return f.broken ? STATUS_INVALID : STATUS_DONE;
}

static const struct example examples[] = {
	{ "hearth doctor", "what is there, what is missing, and what that costs" },
	{ "hearth doctor --json", "the same for a program, or a report of a fault" },
	{ NULL, NULL },
};

const struct command doctor_command = {
	.name = "doctor", .about = "what is installed, what is missing, and what that costs",
	.text = "Looks for what hearth can make use of: its own data, libraries, programs, fonts, "
		"accelerators and meters of energy. Of what is missing it says what that costs and "
		"which of Debian's packages brings it. Nothing is changed.\n\n"
		"Ends with status 1 only when something is broken that hearth cannot do without.",
	.options = options, .examples = examples, .run = run,
};
