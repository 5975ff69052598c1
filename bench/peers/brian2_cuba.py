#!/usr/bin/python3
"""CUBA in Brian2, C++ standalone, on a network that bench_cuba drew.

    brian2_cuba.py DRAWN SECONDS FOLDER [SPIKES]

builds the program in FOLDER (OpenMP off), runs it, and prints neurons, processor seconds of
the run as the program itself counts them (std::clock around the steps), spikes and the mean
rate. With SPIKES, a file of bench_cuba, it records spikes and says for how long both have
the same ones: how many steps, and how many spikes; recording costs time.
"""
import sys

import numpy as np
from brian2 import (
    Network, NeuronGroup, SpikeMonitor, Synapses, defaultclock, device, ms, mV, prefs, second,
    set_device, volt)

FLAGS = ['-O3', '-march=native', '-w']


def read_drawn(path):
    with open(path, 'rb') as f:
        n, m = np.fromfile(f, np.uint64, 2)
        v = np.fromfile(f, np.float64, int(n))
        row = np.fromfile(f, np.uint64, int(n) + 1).astype(np.int64)
        to = np.fromfile(f, np.uint32, int(m)).astype(np.int32)
    source = np.repeat(np.arange(int(n), dtype=np.int32), np.diff(row))
    return v, source, to


def network(v, source, to):
    n = len(v)
    names = {
        'tau_m': 20 * ms, 'tau_e': 5 * ms, 'tau_i': 10 * ms,
        'rest': -49 * mV, 'threshold': -50 * mV, 'reset': -60 * mV}
    neurons = NeuronGroup(
        n, '''dv/dt = (rest - v + excited + inhibited) / tau_m : volt (unless refractory)
              dexcited/dt = -excited / tau_e : volt
              dinhibited/dt = -inhibited / tau_i : volt''',
        threshold='v > threshold', reset='v = reset', refractory=5 * ms, method='exact',
        namespace=names)
    neurons.v = v * volt
    excite = Synapses(neurons, neurons, on_pre='excited += w', namespace={'w': 60 * 0.27 / 10 * mV})
    inhibit = Synapses(neurons, neurons, on_pre='inhibited += w', namespace={'w': -20 * 4.5 / 10 * mV})
    first = source < n // 5 * 4
    excite.connect(i=source[first], j=to[first])
    inhibit.connect(i=source[~first], j=to[~first])
    return neurons, excite, inhibit


def same_until(spikes, path):
    """Steps and spikes that both have alike from the start; and whether that is all."""
    ours = np.fromfile(path, np.uint32).reshape(-1, 2).astype(np.int64)
    step = np.round(np.asarray(spikes.t / ms) * 10).astype(np.int64)
    theirs = np.stack([step, np.asarray(spikes.i)], axis=1)
    theirs = theirs[np.lexsort((theirs[:, 1], theirs[:, 0]))]
    common = min(len(ours), len(theirs))
    differ = np.nonzero((ours[:common] != theirs[:common]).any(axis=1))[0]
    if len(differ) == 0 and len(ours) == len(theirs):
        return f'all {common} spikes the same'
    at = differ[0] if len(differ) else common
    first = min(x[at][0] for x in (ours, theirs) if at < len(x))
    return f'the same {at} spikes until step {first}'


def main():
    drawn, seconds, folder = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    record = sys.argv[4] if len(sys.argv) > 4 else None
    set_device('cpp_standalone', directory=folder, build_on_run=True)
    prefs.codegen.cpp.extra_compile_args_gcc = FLAGS
    prefs.devices.cpp_standalone.openmp_threads = 0
    defaultclock.dt = 0.1 * ms
    v, source, to = read_drawn(drawn)
    parts = network(v, source, to)
    spikes = SpikeMonitor(parts[0], record=record is not None)
    Network(*parts, spikes).run(seconds * second, namespace={})
    count = int(spikes.num_spikes)
    print(f'brian2 neurons {len(v)} seconds {seconds:g} cpu_s {device._last_run_time:.4f} '
          f'spikes {count} rate_hz {count / len(v) / seconds:.4f}')
    if record:
        print('brian2 against bench_cuba:', same_until(spikes, record))


if __name__ == '__main__':
    main()
