#!/usr/bin/env python3
"""Every source file has its test: src/<layer>/<file>.c, tests/unit/<layer>/test_<file>.c, or a reason."""
import os
import re

from lint_common import arguments, files, finish, read, rows

EXEMPT = "tools/untested.txt"

args = arguments(__doc__)
exempt = rows(args, EXEMPT)
sources = files(args, "src/*.c")
ASSERTS = re.compile(r"\b(assert\w*|fail_msg)\(")


def asserts(test):
    """True when the test, or a helper of its own that it includes, checks something."""
    text = read(args, test)
    helpers = re.findall(r'#include "((?:lib|unit)/(?!check\.h)[\w/]+)\.h"', text)
    paths = [f"tests/{helper}.{ending}" for helper in helpers for ending in ("c", "h")]
    texts = [text] + [read(args, p) for p in paths if os.path.exists(os.path.join(args.root, p))]
    return any(ASSERTS.search(t) for t in texts)


findings = []
for name in sources:
    layer, file = name.split("/")[1], os.path.basename(name)[:-2]
    test = f"tests/unit/{layer}/test_{file}.c"
    there = os.path.exists(os.path.join(args.root, test))
    if name in exempt and there:
        findings.append(f"{EXEMPT}:1: {name} has a test now; take its row out")
    elif name not in exempt and not there:
        findings.append(f"{name}:1: there is no {test}")
    elif there and not asserts(test):
        findings.append(f"{test}:1: asserts nothing")
for name in sorted(set(exempt) - set(sources)):
    findings.append(f"{EXEMPT}:1: there is no {name}; take its row out")
finish(len(sources), findings, unit="sources")
