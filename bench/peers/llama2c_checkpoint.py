"""A checkpoint of random weights as llama2.c's runners read it:

    llama2c_checkpoint.py FILE q8|f32 DIM FFN LAYERS HEADS KV_HEADS VOCABULARY SHARED POSITIONS

q8 is its version 2 (runq.c; groups of 64), f32 the one before versions (run.c). Row 1 of the
embeddings and of the head is 0, so that its logit is never the first of the largest: token 1
would end the answer."""

import struct
import sys

import numpy as np

GROUP = 64


def write_f32(out, rng, rows, cols, table=False):
    w = rng.uniform(-1.7, 1.7, (rows, cols)).astype(np.float32) / np.float32(cols**0.5)
    if table:
        w[1] = 0
    w.tofile(out)


def write_q8(out, rng, rows, cols, table=False):
    rng.integers(-127, 128, (rows, cols), np.int8).tofile(out)
    scale = np.full((rows, cols // GROUP), 1.7 / (127 * cols**0.5), np.float32)
    if table:
        scale[1] = 0
    scale.tofile(out)


def main():
    path, kind = sys.argv[1:3]
    dim, ffn, layers, heads, kv_heads, vocabulary, shared, positions = map(int, sys.argv[3:])
    kv, rng = dim // heads * kv_heads, np.random.default_rng(1)
    sizes = (dim, ffn, layers, heads, kv_heads)
    inner = ((dim, dim), (kv, dim), (kv, dim), (dim, dim))
    outer = ((ffn, dim), (dim, ffn), (ffn, dim))
    gains = np.ones(layers * dim, np.float32)
    with open(path, "wb") as out:

        def matrices(write, shapes):
            for rows, cols in shapes:
                for _ in range(layers):
                    write(out, rng, rows, cols)

        if kind == "q8":
            head = struct.pack("<Ii7iBi", 0x616B3432, 2, *sizes, vocabulary, positions, shared, GROUP)
            out.write(head.ljust(256, b"\0"))
            gains.tofile(out)
            gains.tofile(out)
            gains[:dim].tofile(out)
            write_q8(out, rng, vocabulary, dim, table=True)
            matrices(write_q8, inner + outer)
            if not shared:
                write_q8(out, rng, vocabulary, dim, table=True)
            return
        out.write(struct.pack("<7i", *sizes, vocabulary if shared else -vocabulary, positions))
        write_f32(out, rng, vocabulary, dim, table=True)
        gains.tofile(out)
        matrices(write_f32, inner)
        gains.tofile(out)
        matrices(write_f32, outer)
        gains[:dim].tofile(out)
        angle = np.arange(positions)[:, None] / 1e4 ** (np.arange(0, dim // heads, 2) / (dim // heads))
        np.cos(angle).astype(np.float32).tofile(out)
        np.sin(angle).astype(np.float32).tofile(out)
        if not shared:
            write_f32(out, rng, vocabulary, dim, table=True)


main()
