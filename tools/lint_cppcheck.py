#!/usr/bin/env python3
"""cppcheck: warning, performance, portability. A suppression stands in the source, with its reason.

uninitvar and ctuuninitvar are off: they take a function, or a loop, that fills a variable for one that reads
it. Both compilers, clang's analyzer and the sanitizers look for the same.
"""
import os
import re

from lint_common import JOBS, arguments, files, finish, run

HERE = os.path.dirname(os.path.abspath(__file__))
args = arguments(__doc__)
names = files(args, "src/*.c", "tests/*.c", "bench/*.c")
cache = os.path.join(args.build, "cppcheck")
os.makedirs(cache, exist_ok=True)
words = ["cppcheck", "--enable=warning,performance,portability", "--inline-suppr", "--error-exitcode=1",
         "--quiet", "--std=c11", "--suppress=missingInclude", "--suppress=missingIncludeSystem",
         "--suppress=normalCheckLevelMaxBranches", "--suppress=uninitvar",
         "--suppress=ctuuninitvar",
         "--template={file}:{line}: [{id}] {message}",
         f"--cppcheck-build-dir={cache}", f"-j{JOBS}", "-Isrc", "-Itests", "-D_GNU_SOURCE", "-D__x86_64__=1",
         "--library=" + os.path.join(HERE, "cppcheck.cfg"), *names]
code, said = run(words, args.root) if names else (0, "")
findings = [line for line in said.splitlines() if re.match(r"\S+:\d+: \[", line)]
finish(len(names), findings or ([said] if code else []), may_be_empty=args.changed)
