#include "models/compute/claim.h"

static const struct attr attrs[] = {
	ATTR_TEXT(struct claim_par, name, "name", REQUIRED, "what it is called here"),
	ATTR_INT(struct claim_par, year, "year", REQUIRED, 1990, 2100, "when it was published"),
	ATTR_ENUM(struct claim_par, basis, "basis", REQUIRED, CLAIM_BASIS_WORDS,
	    "how the figure was had: both sides measured; one of them; operations counted and "
	    "multiplied by energies of a table; or a model of the system"),
	ATTR_TEXT(struct claim_par, system, "system", REQUIRED,
	    "what ran on what, and against what it was compared"),
	ATTR_TEXT(struct claim_par, says, "says", REQUIRED, "what is claimed"),
	ATTR_TEXT(struct claim_par, caveat, "caveat", REQUIRED,
	    "what the figure does not count, or holds only with"),
	SOURCE_ATTRS(struct claim_par),
	ATTR_END,
};

const char *claim_basis_word(const struct claim_par *p)
{
	static const char *const words[] = { [CLAIM_MEASURED] = "measured",
		[CLAIM_HALF] = "half-measured",
		[CLAIM_COUNTED] = "counted",
		[CLAIM_ESTIMATED] = "estimated" };
	return words[p->basis];
}

const struct class claim_class = {
	.element = "claim",
	.parents = "catalogue",
	.about =
	    "What was claimed of the energy of a spiking or neuromorphic system, how the figure "
	    "was had and what it leaves out. No model uses it.",
	.par_size = sizeof(struct claim_par),
	.attrs = attrs,
};
