#!/usr/bin/env python3
"""Documents name only files that are there: links, and paths in backticks that begin with a folder of ours.

A path is looked for beside the document and from the root; `<x>`, `*`, `…` and `{a,b}` stand for something.
"""
import os
import re

from lint_common import all_files, arguments, finish, read

args = arguments(__doc__)
there = set(all_files(args.root))
for name in list(there):
    while name := os.path.dirname(name):
        there.add(name)
tops = {name.split("/")[0] for name in there if "/" in name}


def exists(document, path):
    beside = os.path.normpath(os.path.join(os.path.dirname(document), path))
    return any(p in there for p in (beside, os.path.normpath(path), path.rstrip("/")))


def named(text):
    """(path, line) of every link to a file and every path in backticks."""
    for number, line in enumerate(text.splitlines(), 1):
        for path in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
            if "://" not in path:
                yield path, number
        for path in re.findall(r"`([^`\s]+)`", line):
            first = path.lstrip("./").split("/")[0]
            stands_for = re.search(r"[<>*…{}()=$]|XXXX", path)
            if "/" in path and first in tops and not stands_for and not path.startswith(("/", "build/")):
                yield path, number


findings = []
documents = [name for name in there if name.endswith(".md")]
for document in sorted(documents):
    for path, number in named(read(args, document)):
        if not exists(document, path):
            findings.append(f"{document}:{number}: there is no {path}")
finish(len(documents), findings, unit="documents")
