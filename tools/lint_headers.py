#!/usr/bin/env python3
"""Every header compiles alone, guards itself with its own name, and begins by saying what it is.

Those of src that are not internal to a folder are contracts: their first comment names at least the layer.
"""
import os
import re

from lint_common import arguments, files, finish, in_parallel, include_flags, read, run

args = arguments(__doc__)
names = files(args, "src/*.h", "tests/*.h")
flags = ["-std=c17", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", *include_flags(args)]


def check(name):
    findings = []
    text = read(args, name)
    guard = re.sub(r"[^A-Z0-9]", "_", name.split("/", 1)[1].upper())
    if not text.startswith("/*"):
        findings.append(f"{name}:1: the first comment says what the header is; see src/base/arena.h")
    contract = name.startswith("src/") and not name.endswith("_internal.h")
    if contract and not re.search(r"^ \* Layer +\w", text.split("*/")[0], re.M):
        findings.append(f"{name}:1: the first comment is a contract: Layer, Owns, Threads, Errors, Tests")
    if f"#ifndef {guard}\n#define {guard}\n" not in text:
        findings.append(f"{name}:1: the guard is to be {guard}")
    # Twice: so a guard that does not guard is seen.
    unit = f'#include "{os.path.join(args.root, name)}"\n' * 2
    done = run(["sh", "-c", 'printf %s "$0" | gcc "$@" -x c -', unit, *flags], args.root)
    if done[0]:
        findings.append(f"{name}:1: does not compile alone:\n{done[1].strip()}")
    return findings


finish(len(names), in_parallel(check, names), unit="headers")
