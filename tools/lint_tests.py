#!/usr/bin/env python3
"""Every source file has its test: src/<layer>/<file>.c, tests/unit/<layer>/test_<file>.c, or a reason."""
import os
import re

from lint_common import arguments, files, finish, read, rows

EXEMPT = "tools/untested.txt"

args = arguments(__doc__)
exempt = rows(args, EXEMPT)
sources = files(args, "src/*.c")
findings = []
for name in sources:
    layer, file = name.split("/")[1], os.path.basename(name)[:-2]
    test = f"tests/unit/{layer}/test_{file}.c"
    there = os.path.exists(os.path.join(args.root, test))
    if name in exempt and there:
        findings.append(f"{EXEMPT}:1: {name} has a test now; take its row out")
    elif name not in exempt and not there:
        findings.append(f"{name}:1: there is no {test}")
    elif there and not re.search(r"\b(assert\w*|fail_msg)\(", read(args, test)):
        findings.append(f"{test}:1: asserts nothing")
for name in sorted(set(exempt) - set(sources)):
    findings.append(f"{EXEMPT}:1: there is no {name}; take its row out")
finish(len(sources), findings, unit="sources")
