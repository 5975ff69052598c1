#include "models/compute/op_energy.h"

const struct op_energy op_energy[OPS] = {
	[OP_MAC_FP32] = { "32-bit floating-point MAC", 4.6e-12, VERIFY_SEEN },
	[OP_ADD_FP32] = { "32-bit floating-point addition", 0.9e-12, VERIFY_SEEN },
	[OP_MAC_FP16] = { "16-bit floating-point MAC", 1.5e-12, VERIFY_SEEN },
	[OP_ADD_FP16] = { "16-bit floating-point addition", 0.4e-12, VERIFY_SEEN },
	[OP_MAC_INT8] = { "8-bit integer MAC", 0.23e-12, VERIFY_SEEN },
	[OP_ADD_INT8] = { "8-bit integer addition", 0.03e-12, VERIFY_SEEN },
	[OP_ADD_INT32] = { "32-bit integer addition", 0.1e-12, VERIFY_RECALLED },
	[OP_SRAM_8K] = { "byte from 8 KB of SRAM", 10e-12 / 8, VERIFY_RECALLED },
	[OP_SRAM_32K] = { "byte from 32 KB of SRAM", 20e-12 / 8, VERIFY_RECALLED },
	[OP_SRAM_1M] = { "byte from 1 MB of SRAM", 100e-12 / 8, VERIFY_RECALLED },
	[OP_DRAM_LEAST] = { "byte from DRAM, at least", 1.3e-9 / 8, VERIFY_RECALLED },
	[OP_DRAM_MOST] = { "byte from DRAM, at most", 2.6e-9 / 8, VERIFY_RECALLED },
};
