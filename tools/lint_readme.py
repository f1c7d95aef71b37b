#!/usr/bin/env python3
"""Every folder has a README.md of at most 30 lines: top folders, and the folders in src, tests and docs."""
from lint_common import all_files, arguments, finish, read

LINES_MAX = 30
DEEPER = ("src", "tests", "docs")

args = arguments(__doc__)
names = all_files(args.root)
folders = set()
for name in names:
    parts = name.split("/")[:-1]
    if parts and not parts[0].startswith("."):
        folders.add(parts[0])
    if len(parts) > 1 and parts[0] in DEEPER:
        folders.add("/".join(parts[:2]))
findings = []
for folder in sorted(folders):
    readme = f"{folder}/README.md"
    if readme not in names:
        findings.append(f"{readme}:1: is missing: what the folder is, what to read first")
        continue
    count = len(read(args, readme).splitlines())
    if not 3 <= count <= LINES_MAX:
        findings.append(f"{readme}:1: {count} lines; it is to have 3 to {LINES_MAX}")
finish(len(folders), findings, unit="folders")
