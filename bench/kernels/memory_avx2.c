#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_X86

enum { VECTOR = 4 }; /* doubles */

/* Reading goes on at four places 128 KiB apart: prefetchers follow each of them, and keep more
 * lines under way from memory than for one place (25 to 19 GB/s on a Zen 3). */
enum { STREAMS = 4, STREAM = 16384 };

/* Stores of more than this go past the caches: a line is then written without being read first,
 * a third of a copy's traffic. What fits the caches stays in them. */
enum { STREAM_BYTES = 8 << 20 };

VECTOR_AVX2 static double sum_of(__m256d v)
{
	__m128d two = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
	return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

/* Four neighbouring arrays of n doubles, read side by side; n a multiple of 16. */
VECTOR_AVX2 static inline void add_streams(__m256d sum[2 * STREAMS], const double *a, size_t n)
{
	for (const double *p = a; p < a + n; p += 4 * VECTOR)
		for (size_t s = 0; s < STREAMS; s++)
			for (size_t i = 0; i < 4; i++)
				sum[2 * s + i % 2] = _mm256_add_pd(sum[2 * s + i % 2],
				    _mm256_loadu_pd(p + s * n + i * VECTOR));
}

VECTOR_AVX2 double sum_avx2(const double *a, size_t n)
{
	__m256d sum[2 * STREAMS] = { 0 };
	for (; n >= STREAMS * STREAM; a += STREAMS * STREAM, n -= STREAMS * STREAM)
		add_streams(sum, a, STREAM);
	add_streams(sum, a, n / STREAMS);
	for (size_t s = STREAMS; s > 0; s /= 2)
		for (size_t i = 0; i < s; i++) sum[i] = _mm256_add_pd(sum[i], sum[i + s]);
	return sum_of(sum[0]);
}

VECTOR_AVX2 double sum_plain_avx2(const double *a, size_t n)
{
	__m256d sum[8] = { 0 };
	for (size_t i = 0; i < n; i += 8 * VECTOR)
		for (size_t j = 0; j < 8; j++)
			sum[j] = _mm256_add_pd(sum[j], _mm256_loadu_pd(a + i + j * VECTOR));
	for (size_t s = 4; s > 0; s /= 2)
		for (size_t i = 0; i < s; i++) sum[i] = _mm256_add_pd(sum[i], sum[i + s]);
	return sum_of(sum[0]);
}

VECTOR_AVX2 static void copy_past_caches(double *to, const double *from, size_t n)
{
	for (size_t i = 0; i < n; i += 4 * VECTOR) {
		__m256d v0 = _mm256_loadu_pd(from + i), v1 = _mm256_loadu_pd(from + i + VECTOR);
		__m256d v2 = _mm256_loadu_pd(from + i + 2 * VECTOR);
		__m256d v3 = _mm256_loadu_pd(from + i + 3 * VECTOR);
		_mm256_stream_pd(to + i, v0);
		_mm256_stream_pd(to + i + VECTOR, v1);
		_mm256_stream_pd(to + i + 2 * VECTOR, v2);
		_mm256_stream_pd(to + i + 3 * VECTOR, v3);
	}
	_mm_sfence();
}

/* Streams need an address of whole vectors, and arrays of some MB have one. */
static int streams(const double *to, size_t n)
{
	return n * sizeof *to > STREAM_BYTES && (uintptr_t)to % sizeof(__m256d) == 0;
}

VECTOR_AVX2 void copy_avx2(double *to, const double *from, size_t n)
{
	if (streams(to, n)) {
		copy_past_caches(to, from, n);
		return;
	}
	for (size_t i = 0; i < n; i += 4 * VECTOR)
		for (size_t j = 0; j < 4 * VECTOR; j += VECTOR)
			_mm256_storeu_pd(to + i + j, _mm256_loadu_pd(from + i + j));
}

/* The product is rounded before the sum, as in plain C. */
VECTOR_AVX2 static inline __m256d triad_of(const double *b, const double *c, __m256d s)
{
	return _mm256_add_pd(_mm256_loadu_pd(b), _mm256_mul_pd(s, _mm256_loadu_pd(c)));
}

VECTOR_AVX2 void triad_avx2(double *a, const double *b, const double *c, double s, size_t n)
{
	__m256d factor = _mm256_set1_pd(s);
	if (!streams(a, n)) {
		for (size_t i = 0; i < n; i += VECTOR)
			_mm256_storeu_pd(a + i, triad_of(b + i, c + i, factor));
		return;
	}
	for (size_t i = 0; i < n; i += VECTOR) _mm256_stream_pd(a + i, triad_of(b + i, c + i, factor));
	_mm_sfence();
}

#endif
