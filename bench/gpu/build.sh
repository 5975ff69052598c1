#!/bin/sh
# Builds the bench of NVIDIA devices alone, where there is CUDA and a C compiler and nothing
# else: sh bench/gpu/build.sh [PROGRAM]. Then run ./hearth-gpu-bench -o FILE.json.
# NVCC and NVCCFLAGS may be set.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-hearth-gpu-bench}
nvcc=${NVCC:-$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)}
command -v "$nvcc" >/dev/null || {
	echo "build.sh: no nvcc: install the CUDA toolkit, or set NVCC to its bin/nvcc" >&2
	exit 1
}
cuda=$(dirname "$(dirname "$(readlink -f "$(command -v "$nvcc")")")")
[ -d "$cuda/include" ] || cuda=${CUDA_HOME:-/usr/local/cuda} # nvcc is a script that calls another
# Code for A100 and H100, and text that drivers compile for all others from Turing on.
flags=${NVCCFLAGS:--gencode arch=compute_75,code=compute_75 -gencode arch=compute_80,code=sm_80
	-gencode arch=compute_90,code=[sm_90,compute_90]}
set -- "$root/bench/gpu/cuda.cu" "$root/base/mem.c"
for part in cublaslt data gpu nvml rows standalone work; do
	set -- "$@" "$root/bench/gpu/$part.c"
done
# shellcheck disable=SC2086 # several flags
exec "$nvcc" -O3 $flags "-I$root" "-DHEARTH_CUDA_LIBDIR=\"$cuda/lib64\"" -D_GNU_SOURCE \
    -o "$program" "$@" -ldl -lm
