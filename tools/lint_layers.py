#!/usr/bin/env python3
"""A layer includes only what docs/architecture/layers.txt allows, by the path "layer/file.h"."""
import re

from lint_common import arguments, files, finish, read

args = arguments(__doc__)
LAYERS = "docs/architecture/layers.txt"
may_use = {}
for line in read(args, LAYERS).splitlines():
    found = re.match(r"([a-z]+):(.*)$", line)
    if found:
        may_use[found[1]] = set(found[2].split()) | {found[1]}

findings = []
names = files(args, "src/*.c", "src/*.h", "src/*.def", "src/*.in")
for name in names:
    layer = name.split("/")[1]
    if layer not in may_use:
        findings.append(f"{name}:1: the layer '{layer}' has no line in {LAYERS}")
        continue
    for number, line in enumerate(read(args, name).splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if not found:
            continue
        quote, path = found[1], found[2]
        used = path.split("/")[0]
        if quote == '"' and used not in may_use:
            findings.append(f'{name}:{number}: include "{path}" as "layer/file.h"')
        elif used in may_use and quote == "<" and "/" in path:
            findings.append(f'{name}:{number}: <{path}> is ours: include it with quotes')
        elif quote == '"' and used not in may_use[layer]:
            findings.append(f"{name}:{number}: {layer} may not use {used}; see {LAYERS}")
        elif quote == '"' and path.endswith("_internal.h") and used != layer:
            findings.append(f"{name}:{number}: {path} is internal to {used}")

# The drawing itself must have no cycle: whoever may be used may not use back.
for layer, below in may_use.items():
    for lower in below - {layer}:
        if lower not in may_use:
            findings.append(f"{LAYERS}:1: {layer} may use {lower}, which has no line")
        elif layer in may_use[lower]:
            findings.append(f"{LAYERS}:1: {layer} and {lower} may use each other")
finish(len(names), findings)
