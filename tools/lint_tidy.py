#!/usr/bin/env python3
"""clang-tidy with the checks of .clang-tidy, over every source that the build compiles.

A source that was clean is not looked at again until what the compiler sees of it, comments included, or a
.clang-tidy changes: their hash is kept in BUILD/tidy.
"""
import hashlib
import json
import os
import re
import subprocess

from lint_common import (all_files, arguments, bare_command, compile_commands, files, finish, in_parallel,
                         read, run)

args = arguments(__doc__)
compiled = compile_commands(args)
names = [n for n in files(args, "src/*.c", "tests/*.c", "bench/*.c") if n in compiled]
kept = os.path.join(args.build, "tidy")
os.makedirs(kept, exist_ok=True)
# A file that is compiled twice (tests/sim plants bugs) is looked at once: clang-tidy 14 sees phantoms in the
# second look of one process.
entries = json.loads(read(args, os.path.abspath(f"{args.build}/compile_commands.json")))
single = {entry["file"]: entry for entry in reversed(entries)}
with open(f"{kept}/compile_commands.json", "w", encoding="utf-8") as file:
    json.dump(list(single.values()), file)
configuration = "".join(read(args, name) for name in all_files(args.root) if name.endswith(".clang-tidy"))


def mark_of(name):
    """The file whose presence says that this very text was clean."""
    words = [*bare_command(compiled[name]), "-E", "-C", "-o", "-"]
    seen = subprocess.run(words, cwd=args.root, capture_output=True, check=False)
    return os.path.join(kept, hashlib.sha256(configuration.encode() + seen.stdout).hexdigest())


def check(name):
    mark = mark_of(name)
    if os.path.exists(mark):
        return []
    # Warnings are the compilers' business.
    words = ["clang-tidy", "-p", kept, "--quiet", "--extra-arg=-Wno-everything",
             "--extra-arg=-Qunused-arguments", "--warnings-as-errors=*", name]
    code, said = run(words, args.root)
    if code == 0:
        open(mark, "w", encoding="ascii").close()
        return []
    found = re.findall(r"^\S+?:\d+:\d+: (?:error|warning): .*$", said, re.M)
    return [line.replace(args.root + os.sep, "") for line in found] or [f"{name}:1: {said}"]


finish(len(names), sorted(set(in_parallel(check, names))), may_be_empty=args.changed)
