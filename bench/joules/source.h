/* What a source of energy readings is to joules.c: a row of functions.
 *
 * Two kinds. A source that is read (read set) has channels, each of which tells a counter
 * of energy, a power, or both, of now; a log (window set) is asked for a stretch of the
 * clock of the day once that is over. */
#ifndef HEARTH_BENCH_JOULES_SOURCE_H
#define HEARTH_BENCH_JOULES_SOURCE_H

#include <stdint.h>

#include "bench/joules/joules.h"

enum { JOULES_CHANNELS_MAX = 64 };

struct joules_channel {
	char name[64];
	bool counts;      /* has a counter */
	double unit_j;    /* energy of one count */
	uint64_t modulus; /* counts after which it begins anew; 0: never */
	double quantum_j; /* what it advances by at least, as it is told */
};

struct joules_value {
	uint64_t count;
	double power_w; /* NAN: the channel tells none */
};

struct joules_source {
	const struct joules_class *class;
	void *state; /* the source's own, freed by close */
	enum energy_scope scope;
	char text[192]; /* what it sees: "package-0, dram" */
	struct joules_channel channel[JOULES_CHANNELS_MAX];
	size_t channels;
	double step_s;   /* longest time between two steps of a counter; 0: no edge is waited for */
	double news_s;   /* time between two powers; 0: it tells none */
	double window_s; /* as joules_window_s */
};

/* Why a source was not taken. */
struct joules_skip {
	const char *source;
	char brief[48]; /* "no powercap" */
	char why[256];  /* what is missing, and what to do about it */
};

struct joules_class {
	const char *name;

	/* Fills *s, all zero before but for class; arg is what followed "name:" or NULL.
	 * False with skip->brief and skip->why; close is then not called. */
	bool (*open)(struct joules_source *s, const struct joules_setup *setup, const char *arg,
	    struct joules_skip *skip);
	void (*close)(void *state);

	/* Sets what it knows of one value a channel, which are { 0, NAN } before. False with a
	 * sentence in why. */
	bool (*read)(void *state, struct joules_value *value, char *why, size_t why_size);

	/* Energy between two times of CLOCK_REALTIME, s; waits for a log that is late. */
	bool (*window)(void *state, double from_s, double to_s, struct energy *r);
};

#define X(name, about) extern const struct joules_class joules_##name;
ENERGY_SOURCE_LIST(X)
#undef X

/* The next channel of *s, zeroed; NULL when there are too many. */
struct joules_channel *joules_channel_add(struct joules_source *s, const char *name);

/* Writes the reason and returns false. */
bool joules_skip_say(struct joules_skip *skip, const char *brief, const char *why, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a name to s->text, with a comma before it but for the first. */
void joules_text_add(struct joules_source *s, const char *name);

#endif
