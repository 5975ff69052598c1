#!/bin/sh
# The kernels of 64-bit ARM, built for it and run by an emulator of it: NEON as its own compiler
# sees it, with and without the dot products of bytes of ARMv8.2.
. "${srcdir:-.}/tests/shell.sh"
cross=aarch64-linux-gnu-gcc
command -v $cross >/dev/null || skip "no $cross: install gcc-aarch64-linux-gnu"
command -v qemu-aarch64 >/dev/null || skip "no qemu-aarch64: install qemu-user"
echo 'int main(void) { return 0; }' >"$scratch/probe.c"
$cross -static -o "$scratch/probe" "$scratch/probe.c" -lm 2>/dev/null ||
    skip "$cross does not link: install libc6-dev-arm64-cross"

files="tests/check_neon.c tests/kernel_checks.c base/mem.c base/rng.c bench/kernels/attention_neon.c
	bench/kernels/format.c bench/kernels/kernels.c bench/kernels/norms_neon.c
	bench/kernels/portable_attention.c bench/kernels/portable_memory.c
	bench/kernels/portable_norms.c bench/kernels/portable_products.c
	bench/kernels/products_neon.c bench/kernels/table_neon.c bench/kernels/table_portable.c
	bench/kernels/twin.c"

# What the checks do not use, as random streams for GSL, is left out, for it would not link.
builds_and_agrees() { # ARCHITECTURE
	(cd "$srcdir" && $cross -std=gnu11 -O3 -ffp-contract=off -fno-math-errno -Wall -Wextra -Werror \
	    "-march=$1" -static -ffunction-sections -Wl,--gc-sections -D_GNU_SOURCE -I. \
	    -o "$scratch/$1" $files -lm) &&
	    qemu-aarch64 "$scratch/$1"
}

check "with the instructions of every ARM of 64 bits" builds_and_agrees armv8-a
check "with dot products of bytes" builds_and_agrees armv8.2-a+dotprod
finish
