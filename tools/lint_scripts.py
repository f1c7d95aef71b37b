#!/usr/bin/env python3
"""Shell scripts pass shellcheck; Python scripts compile and are started with their own first line."""
import os

from lint_common import all_files, arguments, finish, run

args = arguments(__doc__)
findings = []
scripts = []
for name in all_files(args.root):
    path = os.path.join(args.root, name)
    with open(path, "rb") as file:
        first = file.readline()
    shell = first.startswith(b"#!") and (b"sh" in first.split(b"/")[-1])
    python = name.endswith(".py") or (first.startswith(b"#!") and b"python" in first)
    if not shell and not python:
        continue
    scripts.append(name)
    if first.startswith(b"#!") and not os.access(path, os.X_OK):
        findings.append(f"{name}:1: has a first line to be started with, but may not be executed")
    if shell:
        code, said = run(["shellcheck", "--format=gcc", name], args.root)
        findings += said.splitlines() if code else []
    else:
        try:
            with open(path, "rb") as file:
                compile(file.read(), name, "exec")
        except SyntaxError as error:
            findings.append(f"{name}:{error.lineno}: {error.msg}")
finish(len(scripts), findings, unit="scripts")
