#!/usr/bin/env python3
"""cppcheck: warning, performance, portability. A suppression stands in the source, with its reason.

Its checks of what is uninitialised are off: they take a function, or a loop, that fills a variable for one
that reads it. Both compilers, clang's analyzer and the sanitizers look for the same.
"""
import hashlib
import os
import re

from lint_common import JOBS, arguments, files, finish, run

HERE = os.path.dirname(os.path.abspath(__file__))
args = arguments(__doc__)
names = files(args, "src/*.c", "tests/*.c", "bench/*.c")
options = ["cppcheck", "--enable=warning,performance,portability", "--inline-suppr", "--error-exitcode=1",
         "--quiet", "--std=c11", "--suppress=missingInclude", "--suppress=missingIncludeSystem",
         "--suppress=normalCheckLevelMaxBranches", "--suppress=uninitvar",
         "--suppress=uninitStructMember", "--suppress=ctuuninitvar",
         "--template={file}:{line}: [{id}] {message}",
         f"-j{JOBS}", "-Isrc", "-Itests", "-D_GNU_SOURCE", "-D__x86_64__=1",
         "--library=" + os.path.join(HERE, "cppcheck.cfg")]
# What it remembers holds for these options only.
cache = os.path.join(args.build, "cppcheck", hashlib.sha256(" ".join(options).encode()).hexdigest()[:16])
os.makedirs(cache, exist_ok=True)
code, said = run([*options, f"--cppcheck-build-dir={cache}", *names], args.root) if names else (0, "")
findings = [line for line in said.splitlines() if re.match(r"\S+:\d+: \[", line)]
finish(len(names), findings or ([said] if code else []), may_be_empty=args.changed)
