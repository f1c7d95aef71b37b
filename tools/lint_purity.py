#!/usr/bin/env python3
"""The objects of pure layers call only what tools/pure.txt allows: no file, no clock, no randomness.

`nm -u` of every object, so a call that hides behind a macro or a header is seen too.
"""
import glob
import os
import re

from lint_common import arguments, finish, read, run

LAYERS = ("base", "domain")

args = arguments(__doc__)
patterns = {}
for line in read(args, "tools/pure.txt").splitlines():
    line = line.split("#", 1)[0].split()
    if line:
        patterns.setdefault(line[0], []).extend(line[1:])


def allowed(symbol, unit):
    keys = ("*", unit.split("/")[0], unit)
    return any(re.fullmatch(pattern, symbol) for key in keys for pattern in patterns.get(key, []))


findings = []
checked = 0
below = set()  # what the pure layers define themselves
for layer in LAYERS:
    folder = f"{args.build}/src/{layer}/CMakeFiles/fengsui_{layer}.dir"
    objects = sorted(glob.glob(f"{folder}/**/*.o", recursive=True))
    for path in objects:
        below |= set(re.findall(r" [A-TV-Z] (\S+)", run(["nm", path], args.root)[1]))
    for path in objects:
        checked += 1
        unit = layer + "/" + os.path.basename(path)[:-len(".c.o")]
        for symbol in re.findall(r"^\s+U (\S+)", run(["nm", "-u", path], args.root)[1], re.M):
            symbol = symbol.split("@")[0]
            if symbol not in below and not allowed(symbol, unit):
                findings.append(f"src/{unit}.c:1: a pure layer may not call {symbol}; see tools/pure.txt")
finish(checked, findings, unit="objects")
