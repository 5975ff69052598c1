/* What was claimed of spiking and neuromorphic systems, and what the figure leaves out.
 *
 * No model reads these rows: they are for whoever meets "a hundred times greener" and asks what
 * was counted. `hearth catalog claims` lists them, `hearth validate spiking` prints them below the
 * figures that can be checked. */
#ifndef HEARTH_MODELS_COMPUTE_CLAIM_H
#define HEARTH_MODELS_COMPUTE_CLAIM_H

#include <stdint.h>

#include "models/class.h"
#include "models/provenance.h"

enum claim_basis {
	CLAIM_MEASURED,  /* both sides, on hardware */
	CLAIM_HALF,      /* one side measured, the other estimated or at rest */
	CLAIM_COUNTED,   /* operations times energies of a table; nothing ran on such a chip */
	CLAIM_ESTIMATED, /* by a model of the system */
};
#define CLAIM_BASIS_WORDS "measured half-measured counted estimated"

struct claim_par {
	const char *name, *source;
	int verify;
	int64_t year;
	int basis;          /* enum claim_basis */
	const char *system; /* and against what */
	const char *says;
	const char *caveat; /* what it leaves out, or holds only with */
};

extern const struct class claim_class;

const char *claim_basis_word(const struct claim_par *p);

#endif
