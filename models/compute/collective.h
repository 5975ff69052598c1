/* Devices of a replica that add up their parts of a layer's output.
 *
 * Ring all-reduce (Patarasuk and Yuan 2009, "Bandwidth optimal all-reduce
 * algorithms"): each of n devices sends and receives 2 (n-1)/n of the message,
 *     t = t0 + 2 (n-1)/n bytes / (share x link).
 * t0 does not grow with n: over switched links the 2 (n-1) steps of a message that
 * is small follow each other within it. In tables of single calls on one DGX, 2 to 8
 * devices, 512 bytes to 1 GB, t0 = 5 us and 0.62 of the link (both A100 and H100)
 * err by 15 % on average where kernels replay from a graph below 8 MB and NCCL moves
 * what is larger (github.com/ai-dynamo/aiconfigurator@095f58a); calls that the host
 * launches one by one have t0 = 45 us and 0.57 (A100, 11 %), 27 us and 0.78 (H100,
 * 10 %; github.com/microsoft/vidur@7d47513). Engines have constants of their own,
 * fitted on whole runs, for an iteration's devices also wait for each other. */
#ifndef HEARTH_MODELS_COMPUTE_COLLECTIVE_H
#define HEARTH_MODELS_COMPUTE_COLLECTIVE_H

#include <stdint.h>

struct collective {
	double fixed_s;      /* t0 */
	double link_bytes_s; /* in one direction, times the share that is reached */
};

/* 0 for one device. */
double collective_all_reduce_s(const struct collective *c, int64_t devices, double bytes);

#endif
