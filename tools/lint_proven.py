#!/usr/bin/env python3
"""Every gate is run by tools/lint and proven by a test that ctest runs."""
import os
import re

from lint_common import all_files, arguments, finish, read

SCRIPT = re.compile(r"tools/lint_(?!common)(\w+)\.py")

args = arguments(__doc__)
names = all_files(args.root)
gates = [found[1] for name in names if (found := SCRIPT.fullmatch(name))]
run_by_lint = re.findall(r'^    \("(\w+)",', read(args, "tools/lint"), re.M) if "tools/lint" in names else []
listed = "tests/gates/CMakeLists.txt"
run_by_ctest = read(args, listed).split() if listed in names else []
findings = []
for gate in gates:
    if gate not in run_by_lint:
        findings.append(f"tools/lint:1: does not run lint_{gate}.py")
    if not os.path.exists(os.path.join(args.root, f"tests/gates/test_{gate}.py")):
        findings.append(f"tools/lint_{gate}.py:1: there is no tests/gates/test_{gate}.py")
    elif gate not in [word.rstrip(")") for word in run_by_ctest]:
        findings.append(f"{listed}:1: does not run test_{gate}.py")
finish(len(gates), findings, unit="gates")
