#!/usr/bin/env python3
"""C sources are laid out as .clang-format says. `make format` mends it."""
from lint_common import arguments, files, finish, in_parallel, run

args = arguments(__doc__)
names = files(args, "*.c", "*.h")


def check(name):
    code, said = run(["clang-format", "--dry-run", "-Werror", "--style=file", name], args.root)
    first = said.splitlines()[0].replace(" [-Wclang-format-violations]", "") if code and said else ""
    return [first + "; make format mends it"] if code else []


finish(len(names), in_parallel(check, names), may_be_empty=args.changed)
