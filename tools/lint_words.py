#!/usr/bin/env python3
"""Words that have no place in the project: a package registry's host, a path of one machine, a promise.

The patterns are written so that they do not match themselves.
"""
import re

from lint_common import arguments, all_files, finish

WORDS = [
    (r"\b(registry\.np[m]js|registry\.yarnp[k]g|registry\.npmm[i]rror|files\.pythonh[o]sted|p[y]pi"
     r"|deb\.deb[i]an|static\.crat[e]s|prox[y]\.golang|rub[y]gems|repo\.mav[e]n)\.(org|com|io)\b",
     "the host of a package registry"),
    (r"(?<![\w.])/(work|root|home/\w+|Users/\w+)/", "a path of one machine"),
    (r"\b(TO[D]O|FIX[M]E|X[X]X)\b", "a promise: do it, or say in the docs what is missing"),
]
SKIP = (".png", ".jpg", ".pdf", ".woff2", ".xz", ".gz", ".zip", ".pcap", ".bin", ".der")

args = arguments(__doc__)
findings = []
names = [n for n in all_files(args.root) if not n.endswith(SKIP) and "/corpus/" not in n]
for name in names:
    with open(f"{args.root}/{name}", "rb") as file:
        text = file.read().decode("utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in WORDS:
            found = re.search(pattern, line)
            if found:
                findings.append(f"{name}:{number}: '{found[0]}' is {what}")
finish(len(names), findings)
