"""Opens the files of tests/write_results.c as their readers will.

usage: results_python.py FOLDER MANUAL README

Expected numbers are those of tests/make_dataset.c.
"""
import math
import os
import re
import sys

import h5py
import netCDF4
import numpy
import pandas
import xarray

RUN, BARE = "doorstep.h5", "bare.h5"
REQUESTS, DONE, STEPS, HOMES = 4211, 4205, 1440, 55


def check_h5py():
    with h5py.File(RUN, "r") as f:
        assert f.attrs["Conventions"] == "CF-1.10"
        assert f.attrs["hearth_format"] == "1.0"
        assert f.attrs["status"] == "complete"
        assert f.attrs["title"] == "doorstep"
        assert f.attrs["validity"] == "VALID"
        assert int(f.attrs["seed"], 16) == 7
        load = f["grid/transformer_load"]
        assert load.shape == (STEPS,) and load.dtype == numpy.float32
        assert load.attrs["units"] == "VA"
        assert load.dims[0][0].name == "/grid/time"
        power = f["homes/import"]
        assert power.shape == (STEPS // 15, HOMES)
        assert (power.dims[0][0].name, power.dims[1][0].name) == ("/homes/time", "/homes/home")
        assert f["requests/ttft"].compression == "gzip" and f["requests/ttft"].shuffle
        assert f["requests/arrival"].compression == "gzip" and not f["requests/arrival"].shuffle
        assert f["manifest/command_line"].asstr()[()].startswith("hearth run doorstep.xml --seed=7")
        assert "\u00fc" in f["manifest/scenario_xml"].asstr()[()]
        names = [x.decode() for x in f["ledger/site"][:]]
        assert names == ["homes", "cloud", "grid", "total"]
        metric = f["summary/latency.ttft_s.p50"]
        assert metric.shape == () and metric.attrs["n"] == DONE
        assert metric.attrs["ci_low"] < metric[()] < metric.attrs["ci_high"]
        assert list(f["summary"])[0] == "latency.ttft_s.mean", "order of creation"
        assert list(metric.attrs)[:2] == ["units", "long_name"]


def check_pandas():
    with h5py.File(RUN, "r") as f:
        table = pandas.DataFrame({name: f["requests"][name][:] for name in f["requests"]})
    assert len(table) == REQUESTS
    assert table["e2e"].count() == DONE, "what is not finished is NaN"
    assert set(table["status"]) == {0, 1}
    done = table[table["status"] == 1]
    assert (done["e2e"] >= done["ttft"]).all()


def check_xarray():
    with xarray.open_dataset(RUN, group="grid", engine="netcdf4") as grid:
        load = grid["transformer_load"]
        assert load.dims == ("time",)
        assert load.attrs["units"] == "VA" and load.dtype == numpy.float32
        assert str(grid["time"].values[0])[:19] == "2024-06-19T22:01:00", "the axis is dates"
        assert grid["time"].attrs["local_start"] == "2024-06-20 00:00:00+02:00"
        assert float(grid["transformer_rating"]) == 160e3
    with xarray.open_dataset(RUN, group="homes", engine="netcdf4") as homes:
        assert homes["import"].dims == ("time", "home")
        assert homes.sizes["home"] == HOMES
    with xarray.open_dataset(RUN, group="summary", engine="netcdf4") as summary:
        ttft = summary["latency.ttft_s.p50"]
        assert ttft.dtype == numpy.float64, "seconds stay numbers"
        assert ttft.attrs["units"] == "s" and ttft.attrs["n"] == DONE
    with xarray.open_dataset(RUN, group="ledger", engine="netcdf4") as ledger:
        homes_kwh = float(ledger["pv"].sel(site="homes")) / 3.6e6
        assert math.isclose(homes_kwh, 790.25, rel_tol=1e-12)
    with xarray.open_dataset(RUN, group="requests", engine="netcdf4") as requests:
        assert requests["ttft"].dims == ("request",)
        assert list(requests["status"].attrs["flag_values"]) == [0, 1, 2]


def check_netcdf4():
    with netCDF4.Dataset(RUN) as d:
        assert list(d.groups) == ["manifest", "grid", "voltage", "homes", "requests", "summary", "ledger", "checks", "hist", "nodes"]
        assert d["homes"].dimensions["home"].size == HOMES
        assert "home" not in d["homes"].variables, "a dimension without coordinate"
        assert d["grid/voltage_min"].dimensions == ("time",)
        assert d["checks/check"][0] == "ledger_residual"
    with netCDF4.Dataset(BARE) as d:
        assert d["requests/ttft"].shape == (0,)
        assert d.validity == "INVALID"
        assert math.isnan(float(d["summary/latency.ttft_s.mean"][...]))


def check_manual(path):
    """The recipes of the manual run as they are printed there."""
    with open(path, encoding="utf-8") as f:
        blocks = re.findall(r"^\.Bd -literal[^\n]*\n(import .*?)^\.Ed", f.read(), re.S | re.M)
    assert len(blocks) == 3, len(blocks)
    for code in blocks:
        exec(compile(code, path, "exec"), {})


def check_readme(path):
    """So does that of the README, on our file."""
    with open(path, encoding="utf-8") as f:
        blocks = re.findall(r"^    import .*\n(?:    .*\n)+", f.read(), re.M)
    assert len(blocks) == 1, len(blocks)
    code = re.sub(r"^    ", "", blocks[0], flags=re.M)
    assert code.count('"more.h5"') == 1 and code.count("\n") == 3
    exec(compile(code.replace("more.h5", RUN), path, "exec"), {})


def main():
    folder, manual, readme = sys.argv[1:]
    manual, readme = os.path.abspath(manual), os.path.abspath(readme)
    os.chdir(folder)
    for check in check_h5py, check_pandas, check_xarray, check_netcdf4:
        check()
        print(check.__name__, "passed")
    check_manual(manual)
    print("check_manual passed")
    check_readme(readme)
    print("check_readme passed")


main()
