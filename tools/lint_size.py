#!/usr/bin/env python3
"""Small: functions fit a screen, files need no map. Tables of data are exempt from the limit on functions."""
import re

from lint_common import arguments, files, finish, read

FUNCTION_MAX, FILE_MAX, HEADER_MAX, LINE_MAX = 70, 700, 200, 110

args = arguments(__doc__)
names = files(args, *(f"{folder}/*.{ext}" for folder in ("src", "tests", "bench", "tools")
                      for ext in ("c", "h", "py")))
findings = []
for name in names:
    lines = read(args, name).splitlines()
    limit = HEADER_MAX if name.endswith(".h") else FILE_MAX
    if len(lines) > limit:
        findings.append(f"{name}:{limit}: {len(lines)} lines, at most {limit}: split it by charter")
    opened = 0
    for number, line in enumerate(lines, 1):
        width = len(re.sub(r"\s*\\$", "", line))  # a macro's backslashes stand where clang-format puts them
        if width > LINE_MAX:
            findings.append(f"{name}:{number}: {width} columns, at most {LINE_MAX}")
        if not name.endswith((".c", ".h")):
            continue
        # The style puts a function's braces, and nothing else's, alone in the first column.
        if line == "{":
            opened, rows, table = number, 0, None
        elif line == "}" and opened:
            length = number - opened + 1 - rows
            if length > FUNCTION_MAX:
                findings.append(f"{name}:{opened}: function of {length} lines, at most {FUNCTION_MAX}")
            opened = 0
        elif opened and table is None and (found := re.match(r"( +)static const .*= \{$", line)):
            table = found[1] + "};"
        elif opened and table is not None:
            rows += 1
            table = None if line == table else table
finish(len(names), findings)
