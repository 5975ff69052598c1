/* CLONES: the function is compiled for several vector widths and the one that
 * the machine has is taken at start. Contraction is off (configure.ac), so all
 * of them give the same bits. Not under sanitizers, which start too late. */
#ifndef HEARTH_BASE_CLONES_H
#define HEARTH_BASE_CLONES_H

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

/* Before a loop whose passes do not touch what others write, when it has more arrays than the
 * compiler compares in pairs. */
#if defined(__GNUC__) && !defined(__clang__)
#define PASSES_APART _Pragma("GCC ivdep")
#else
#define PASSES_APART
#endif

#endif
