/* What one operation of a digital chip takes, at 45 nm and 0.9 V.
 *
 * Horowitz 2014, "Computing's energy problem (and what we can do about it)", ISSCC, table of
 * energies; a MAC is its multiplication plus its addition. Most papers that advertise spiking
 * networks multiply their operations by two of these, 4.6 and 0.9 pJ, and leave memory out: a
 * 32-bit weight takes as much as its MAC from 8 KB of SRAM, eleven times that from 1 MB and 140 to
 * 280 times that from DRAM. Chips of today take less for all of them, and memory has gained less
 * than arithmetic: a ratio of these energies says more than any one of them.
 *
 * Seen: as quoted in the papers that use them. Recalled: the table's other rows. */
#ifndef HEARTH_MODELS_COMPUTE_OP_ENERGY_H
#define HEARTH_MODELS_COMPUTE_OP_ENERGY_H

#include "models/provenance.h"

enum op {
	OP_MAC_FP32, /* 3.7 + 0.9 pJ */
	OP_ADD_FP32,
	OP_MAC_FP16, /* 1.1 + 0.4 pJ */
	OP_ADD_FP16,
	OP_MAC_INT8, /* 0.2 + 0.03 pJ */
	OP_ADD_INT8,
	OP_ADD_INT32,
	OP_SRAM_8K, /* a byte of a 64-bit read from 8 KB; the next two from 32 KB and 1 MB */
	OP_SRAM_32K,
	OP_SRAM_1M,
	OP_DRAM_LEAST, /* a byte of a 64-bit read: 1.3 nJ, or */
	OP_DRAM_MOST,  /* 2.6 nJ */
	OPS
};

struct op_energy {
	const char *name;
	double j;
	enum verify verify;
};

extern const struct op_energy op_energy[OPS]; /* by enum op */

#endif
