#!/usr/bin/env python3
"""gcc -fanalyzer over the pure layers: paths to leaks, double frees, null and uninitialised reads."""
import re

from lint_common import arguments, compile_commands, files, finish, in_parallel, run

args = arguments(__doc__)
commands = compile_commands(args)
names = [n for n in files(args, "src/base/*.c", "src/domain/*.c") if n in commands]


def check(name):
    words = [w for w in commands[name] if not w.endswith("ccache")]
    words[words.index("-o") + 1] = "/dev/null"
    # Dependency files are the build's.
    words = [w for i, w in enumerate(words) if w != "-MD" and words[i - 1] not in ("-MT", "-MF")
             and w not in ("-MT", "-MF")]
    # Unoptimised: an optimiser takes a double free away before the analyzer sees it.
    flags = ["-O0", "-U_FORTIFY_SOURCE", "-fanalyzer", "-Werror"]
    code, said = run(["gcc", *words[1:], *flags], args.root)
    found = re.findall(r"^\S+?:\d+:\d+: error: .*$", said, re.M)
    return [line.replace(args.root + "/", "") for line in found] or ([f"{name}:1: {said}"] if code else [])


finish(len(names), in_parallel(check, names), may_be_empty=args.changed)
