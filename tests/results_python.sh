#!/bin/sh
# Results open in h5py, pandas, xarray and netCDF4, as hearth-results(5) says.
. "${srcdir:-.}/tests/shell.sh"

# -I: nothing in tests/ may stand in for a module of Python.
# Debian keeps the modules with its own python3, whatever else is in the PATH.
for python in python3 /usr/bin/python3; do
	"$python" -I -c 'import h5py, netCDF4, pandas, xarray' 2>/dev/null && break
	python=
done
[ -n "$python" ] || skip "python3 with h5py, netCDF4, pandas and xarray is not installed"

check "results are written" "$build/tests/write_results" "$scratch/doorstep.h5" "$scratch/bare.h5"
check "python reads them back" "$python" -I "$srcdir/tests/results_python.py" \
	"$scratch" "$srcdir/man/hearth-results.5" "$srcdir/README.md"
# As the manual says it for those without hearth.
digest=$(head -c -80 "$scratch/doorstep.h5" | sha256sum | cut -d ' ' -f 1)
check "the seal is the SHA-256 of what stands before it" \
	test "$(tail -n 1 "$scratch/doorstep.h5")" = "hearth-sha256 $digest"
finish
