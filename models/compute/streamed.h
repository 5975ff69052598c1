/* How fast memory is read over and over, through a cache that holds a part of it.
 *
 * A decoder reads all its weights once a token, always in the same order. Where they are
 * larger than the cache, one that threw out what was used longest ago would never find
 * any of them; real last-level caches choose nearly at random (hashed addresses, many
 * slices, adaptive policies). With random replacement a line is found again unless one of
 * the (1 - h) S / line misses between its two readings threw it out, each with the chance
 * line / C:
 *     h = (1 - line / C)^((1 - h) S / line)  ->  h = exp(-(1 - h) S / C),
 * whose root below 1 is 0 < h < 1 for S > C; all is found where S <= C. With C = 15.3 MB
 * this gives 0.91, 0.18 and 0.02 at 16, 32 and 64 MB. */
#ifndef HEARTH_MODELS_COMPUTE_STREAMED_H
#define HEARTH_MODELS_COMPUTE_STREAMED_H

/* h, the share found in a cache of cache_bytes when span_bytes are read in turn; 0 for an
 * endless span. Both above 0. */
double streamed_hit_frac(double span_bytes, double cache_bytes);

/* The same for a cache of 0 bytes too, which keeps nothing; less than a thousandth is 0. */
double streamed_kept_frac(double span_bytes, double cache_bytes);

/* What is read at one rate when found and at another when not: bytes a second in all. */
double streamed_bytes_s(double hit_frac, double cache_bytes_s, double memory_bytes_s);

#endif
