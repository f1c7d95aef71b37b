"""What every gate shares: which files there are, how it is called, how it ends.

A gate is a script tools/lint_<name>.py. It prints one line a finding, `path:line: what is wrong, what to do`,
and a last line that says how much it looked at. It fails on a finding, and when it looked at nothing: a gate
that matches no file checks nothing.
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import shlex
import subprocess
import sys

JOBS = os.cpu_count() or 1


def arguments(what):
    """The command line of a gate: where the tree is, where it was built, and which files to look at."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."),
                        help="the tree to check; default: this repository")
    parser.add_argument("--build", default=None, help="its build folder; default: ROOT/build")
    parser.add_argument("--changed", action="store_true", help="only files that differ from the last commit")
    args = parser.parse_args()
    args.root = os.path.abspath(args.root)
    args.build = os.path.abspath(args.build or os.path.join(args.root, "build"))
    return args


def git(root, *words):
    done = subprocess.run(["git", "-C", root, *words], capture_output=True, check=False)
    return done.stdout.decode().split("\0") if done.returncode == 0 else None


def all_files(root):
    """Paths of the project's files, relative to root: what git knows or would take; else what is there."""
    if os.path.exists(os.path.join(root, ".git")):
        names = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return sorted({n for n in names if n and os.path.isfile(os.path.join(root, n))})
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if f not in ("build", ".git")]
        found += [os.path.relpath(os.path.join(folder, n), root) for n in names]
    return sorted(found)


def files(args, *patterns):
    """The project's files that match one of the patterns (fnmatch over the whole path)."""
    names = all_files(args.root)
    if getattr(args, "changed", False):
        changed = set(git(args.root, "diff", "-z", "--name-only", "HEAD") or [])
        changed |= set(git(args.root, "ls-files", "-z", "--others", "--exclude-standard") or [])
        names = [n for n in names if n in changed]
    return [n for n in names if any(fnmatch.fnmatch(n, p) for p in patterns)]


def read(args, name):
    with open(os.path.join(args.root, name), encoding="utf-8") as file:
        return file.read()


def rows(args, name):
    """A data file of `key  reason` lines with # comments, as a dict; a row without a reason is an error."""
    table = {}
    for number, line in enumerate(read(args, name).splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        key, _, reason = line.partition(" ")
        if not reason.strip():
            sys.exit(f"{name}:{number}: '{key}' has no reason beside it")
        table[key] = reason.strip()
    return table


def compile_commands(args):
    """source (relative to root) -> its compile command as words, from the build folder."""
    path = os.path.join(args.build, "compile_commands.json")
    if not os.path.exists(path):
        sys.exit(f"{path} is missing: configure the build first")
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    return {os.path.relpath(e["file"], args.root): shlex.split(e["command"]) for e in entries}


def bare_command(words):
    """A compile command without its launcher, its output and its dependency file; the source stays."""
    words = [word for word in words if not word.endswith("ccache")]
    skipped = {"-c", "-MD"}
    pairs = {"-o", "-MT", "-MF"}
    return [word for at, word in enumerate(words)
            if word not in skipped | pairs and words[at - 1] not in pairs]


def include_flags(args):
    """Every -I, -isystem and -D that the build uses, each once (not fortification: it needs -O)."""
    flags = []
    for words in compile_commands(args).values():
        for at, word in enumerate(words):
            if not word.startswith(("-I", "-D", "-isystem")) or word.startswith("-D_FORTIFY"):
                continue
            flag = [word, words[at + 1]] if word == "-isystem" else [word]
            if flag not in flags:
                flags.append(flag)
    return [word for flag in flags for word in flag]


def in_parallel(work, items):
    """Findings of work(item) for every item, in order."""
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return [finding for findings in pool.map(work, items) for finding in findings]


def run(words, cwd):
    """(exit code, everything it said)"""
    done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def finish(checked, findings, unit="files", may_be_empty=False):
    """Prints what was found and ends the gate."""
    for finding in findings:
        print(finding)
    if checked == 0 and not may_be_empty:
        print(f"no {unit} to look at: this gate checks nothing")
        sys.exit(1)
    print(f"{checked} {unit}, {len(findings)} findings")
    sys.exit(1 if findings else 0)
