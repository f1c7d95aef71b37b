#!/usr/bin/env python3
"""gcc -fanalyzer over the pure layers: paths to leaks, double frees, unchecked allocations."""
import re

from lint_common import arguments, bare_command, compile_commands, files, finish, in_parallel, run

# Unoptimised: an optimiser takes a double free away before the analyzer sees it. The two that are off lose
# what a called function wrote (gcc 12); clang's analyzer and the sanitizers look for the same.
FLAGS = ["-O0", "-U_FORTIFY_SOURCE", "-fanalyzer", "-Wno-analyzer-null-dereference",
         "-Wno-analyzer-use-of-uninitialized-value", "-Werror", "-c", "-o", "/dev/null"]

args = arguments(__doc__)
commands = compile_commands(args)
names = [n for n in files(args, "src/base/*.c", "src/domain/*.c") if n in commands]


def check(name):
    code, said = run(["gcc", *bare_command(commands[name])[1:], *FLAGS], args.root)
    found = re.findall(r"^\S+?:\d+:\d+: error: .*$", said, re.M)
    return [line.replace(args.root + "/", "") for line in found] or ([f"{name}:1: {said}"] if code else [])


finish(len(names), in_parallel(check, names), may_be_empty=args.changed)
