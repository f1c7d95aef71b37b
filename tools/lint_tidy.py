#!/usr/bin/env python3
"""clang-tidy with the checks of .clang-tidy, over every source that the build compiles."""
import os
import re

from lint_common import arguments, compile_commands, files, finish, in_parallel, run

args = arguments(__doc__)
compiled = compile_commands(args)
names = [n for n in files(args, "src/*.c", "tests/*.c", "bench/*.c") if n in compiled]


def check(name):
    # gcc's own flags mean nothing to clang; its warnings are the compiler gate's business.
    words = ["clang-tidy", "-p", args.build, "--quiet", "--extra-arg=-Wno-unknown-warning-option",
             "--extra-arg=-Qunused-arguments", "--warnings-as-errors=*", name]
    code, said = run(words, args.root)
    found = re.findall(r"^\S+?:\d+:\d+: (?:error|warning): .*$", said, re.M)
    return [line.replace(args.root + os.sep, "") for line in found] or ([f"{name}:1: {said}"] if code else [])


finish(len(names), in_parallel(check, names), may_be_empty=args.changed)
