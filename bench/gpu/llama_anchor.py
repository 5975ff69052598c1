#!/usr/bin/env python3
"""An engine anchor: prefill and decode of Llama shapes through PyTorch on a GPU.

NOT RUN YET: written and checked for syntax where there was neither PyTorch nor a GPU.

Random weights in bfloat16, a KV cache, greedy arithmetic without sampling: speed does not
depend on the values. Prints a line for each measurement and writes JSON lines with
llama-bench's names and joules a call by NVML: NAME.jsonl has what one sequence reaches,
which `hearth calibrate llama-bench` reads, NAME-batches.jsonl what several do together.

    python3 llama_anchor.py --shape 8b --batch 1,8,64 -o anchor
"""
import argparse
import ctypes
import json
import statistics
import sys
import time

# layers, hidden, heads, KV heads, feed-forward, vocabulary (Dubey et al. 2024, "The Llama 3
# herd of models", table 3; 1b: the model card of Llama 3.2).
SHAPES = {
    "1b": (16, 2048, 32, 8, 8192, 128256),
    "8b": (32, 4096, 32, 8, 14336, 128256),
    "70b": (80, 8192, 64, 8, 28672, 128256),
}
REPETITIONS = 7


class Meter:
    """The board's energy counter; None where NVML does not tell it."""

    def __init__(self, bus):
        self.device = None
        try:
            self.lib = ctypes.CDLL("libnvidia-ml.so.1")
        except OSError:
            return
        device = ctypes.c_void_p()
        if self.lib.nvmlInit_v2() == 0 and \
                self.lib.nvmlDeviceGetHandleByPciBusId_v2(bus.encode(), ctypes.byref(device)) == 0:
            self.device = device

    def joules(self):
        mj = ctypes.c_ulonglong()
        if self.device is None or \
                self.lib.nvmlDeviceGetTotalEnergyConsumption(self.device, ctypes.byref(mj)) != 0:
            return None
        return mj.value / 1000


class Llama:
    def __init__(self, torch, shape, batch, context):
        self.torch, self.batch = torch, batch
        self.layers, hidden, self.heads, self.kv_heads, wide, vocabulary = SHAPES[shape]
        self.head = hidden // self.heads

        def weights(rows, cols):
            return torch.randn(rows, cols, device="cuda", dtype=torch.bfloat16) * cols ** -0.5

        self.embedding = weights(vocabulary, hidden)
        self.last = weights(vocabulary, hidden)
        both = (self.heads + 2 * self.kv_heads) * self.head
        self.qkv = [weights(both, hidden) for _ in range(self.layers)]
        self.out = [weights(hidden, hidden) for _ in range(self.layers)]
        self.up = [weights(2 * wide, hidden) for _ in range(self.layers)]
        self.down = [weights(hidden, wide) for _ in range(self.layers)]
        self.cache = torch.zeros(self.layers, 2, batch, self.kv_heads, context, self.head,
                                 device="cuda", dtype=torch.bfloat16)
        angle = torch.outer(torch.arange(context, device="cuda"),
                            500000.0 ** (-torch.arange(0, self.head, 2, device="cuda") / self.head))
        self.turn = torch.polar(torch.ones_like(angle), angle)

    def norm(self, x):
        wide = x.float()
        return (wide * self.torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-5)).to(x.dtype)

    def rotate(self, x, at):
        pairs = self.torch.view_as_complex(x.float().unflatten(-1, (-1, 2)))
        turned = pairs * self.turn[at:at + x.shape[2]]
        return self.torch.view_as_real(turned).flatten(-2).to(x.dtype)

    def attend(self, layer, x, at):
        torch, n = self.torch, x.shape[1]
        sizes = [self.heads * self.head, self.kv_heads * self.head, self.kv_heads * self.head]
        q, k, v = (part.unflatten(-1, (-1, self.head)).transpose(1, 2)
                   for part in (x @ self.qkv[layer].T).split(sizes, -1))
        keys, values = self.cache[layer]
        keys[:, :, at:at + n] = self.rotate(k, at)
        values[:, :, at:at + n] = v
        y = torch.nn.functional.scaled_dot_product_attention(
            self.rotate(q, at), keys[:, :, :at + n], values[:, :, :at + n],
            is_causal=n > 1, enable_gqa=True)
        return y.transpose(1, 2).flatten(-2) @ self.out[layer].T

    def forward(self, tokens, at):
        """Logits of the last position; n > 1 tokens only from position 0 on."""
        x = self.embedding[tokens]
        for layer in range(self.layers):
            x = x + self.attend(layer, self.norm(x), at)
            gate, up = (self.norm(x) @ self.up[layer].T).chunk(2, -1)
            x = x + (self.torch.nn.functional.silu(gate) * up) @ self.down[layer].T
        return self.norm(x[:, -1]) @ self.last.T


def measure(torch, call, meter, seconds):
    """Samples in ns, joules a call (None: no counter), after warming up."""
    for _ in range(3):
        call()
    samples, calls = [], 0
    torch.cuda.synchronize()
    first, begin = meter.joules(), time.monotonic()
    while len(samples) < REPETITIONS or time.monotonic() - begin < seconds:
        start = time.perf_counter_ns()
        call()
        torch.cuda.synchronize()
        samples.append(time.perf_counter_ns() - start)
        calls += 1
    last = meter.joules()
    return samples, (last - first) / calls if first is not None and last != first else None


def row(shape, batch, prompt, generated, depth, samples, joules, torch):
    mean = statistics.mean(samples)
    tokens = batch * (prompt + generated)
    layers, hidden, heads, kv_heads, wide, vocabulary = SHAPES[shape]
    layer = 2 * hidden * hidden * (1 + kv_heads / heads) + 3 * hidden * wide
    parameters = layers * layer + 2 * vocabulary * hidden
    return {
        "model_n_params": int(parameters), "model_size": int(2 * parameters),
        "model_type": f"llama {shape} BF16 random", "backends": "PyTorch " + torch.__version__,
        "gpu_info": torch.cuda.get_device_name(), "cuda": torch.version.cuda,
        "n_batch": batch, "n_prompt": prompt, "n_gen": generated, "n_depth": depth,
        "avg_ns": mean, "stddev_ns": statistics.stdev(samples), "avg_ts": tokens / mean * 1e9,
        "samples_ns": samples, "joules": joules,
        "test_time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shape", choices=SHAPES, default="8b")
    parser.add_argument("--batch", default="1,8,64")
    parser.add_argument("--depth", default="512,4096")
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement")
    parser.add_argument("-o", "--output", default="anchor", help="NAME of the files")
    args = parser.parse_args()
    try:
        import torch
    except ImportError:
        sys.exit("llama_anchor.py: no PyTorch in this python")
    if not torch.cuda.is_available():
        sys.exit("llama_anchor.py: PyTorch sees no GPU")
    properties = torch.cuda.get_device_properties(0)
    place = [getattr(properties, "pci_%s_id" % part, 0) for part in ("domain", "bus", "device")]
    meter = Meter("%08X:%02X:%02X.0" % tuple(place))  # older PyTorch: not told, so no joules
    depths = [int(d) for d in args.depth.split(",")]
    rows = []
    with torch.inference_mode():
        for batch in (int(b) for b in args.batch.split(",")):
            model = Llama(torch, args.shape, batch, max(depths) + 1)
            for depth in depths:
                prompt = torch.zeros(batch, depth, dtype=torch.long, device="cuda")
                taken = measure(torch, lambda: model.forward(prompt, 0), meter, args.seconds)
                rows.append(row(args.shape, batch, depth, 0, 0, *taken, torch))
                one = prompt[:, :1]
                taken = measure(torch, lambda: model.forward(one, depth), meter, args.seconds)
                rows.append(row(args.shape, batch, 0, 1, depth, *taken, torch))
            del model
            torch.cuda.empty_cache()
    for name, alone in (("", True), ("-batches", False)):
        with open(args.output + name + ".jsonl", "w", encoding="utf-8") as out:
            out.writelines(json.dumps(r) + "\n" for r in rows if (r["n_batch"] == 1) == alone)
    for r in rows:
        joules = "no joules" if r["joules"] is None else "%.3f J" % r["joules"]
        print("batch %d prompt %d gen %d depth %d: %.1f tokens/s, %s a call" % (
            r["n_batch"], r["n_prompt"], r["n_gen"], r["n_depth"], r["avg_ts"], joules))


if __name__ == "__main__":
    main()
