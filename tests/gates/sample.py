"""Sample trees for the gates, and what every gate must do with them.

A gate's test gives a clean tree and trees with one violation each. Three things are proven: the clean tree
passes, each violation is found and named, and a tree without anything to look at fails.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))

HEADER = """/* base/a.h — adds.
 *
 * Layer    base.
 */
#ifndef BASE_A_H
#define BASE_A_H

int a_add(int x, int y);

#endif
"""
SOURCE = """#include "base/a.h"

int a_add(int x, int y)
{
    return x + y;
}
"""
TEST = """#include "base/a.h"

#include <assert.h>

int main(void)
{
    assert(a_add(1, 2) == 3);
    return 0;
}
"""
README = "# a folder\n\nWhat it is.\nWhat it must not do.\n"
CLEAN = {
    "src/README.md": README,
    "src/base/README.md": README,
    "src/base/a.h": HEADER,
    "src/base/a.c": SOURCE,
    "tests/README.md": README,
    "tests/unit/README.md": README,
    "tests/unit/base/test_a.c": TEST,
    "tools/README.md": README,
    "tools/untested.txt": "# none\n",
    "docs/README.md": README,
    "docs/architecture/README.md": README,
    "docs/architecture/layers.txt": "base:\ndomain: base\n",
}


class Tree:
    """A temporary tree of files, with the compile commands of its C sources."""

    def __init__(self, changes=None):
        self.root = tempfile.mkdtemp(prefix="gate-")
        for name in (".clang-format", ".clang-tidy", "tools/pure.txt"):
            with open(os.path.join(ROOT, name), encoding="utf-8") as file:
                self.write(name, file.read())
        for name, text in {**CLEAN, **(changes or {})}.items():
            if text is not None:
                self.write(name, text)
        self.write_commands()

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def sources(self):
        return [os.path.relpath(os.path.join(folder, name), self.root)
                for folder, _, names in os.walk(self.root) for name in names if name.endswith(".c")]

    def words(self, name):
        layer, file = name.split("/")[1], os.path.basename(name)
        made = f"{self.root}/build/src/{layer}/CMakeFiles/fengsui_{layer}.dir/{file}.o"
        os.makedirs(os.path.dirname(made), exist_ok=True)
        return ["gcc", f"-I{self.root}/src", "-D_GNU_SOURCE", "-std=c17", "-O1", "-o", made, "-c",
                f"{self.root}/{name}"]

    def write_commands(self):
        entries = [{"directory": self.root, "file": f"{self.root}/{n}", "command": " ".join(self.words(n))}
                   for n in self.sources()]
        self.write("build/compile_commands.json", json.dumps(entries))

    def compile(self):
        for name in self.sources():
            subprocess.run(self.words(name), check=True, cwd=self.root)

    def gate(self, name):
        done = subprocess.run([sys.executable, "-B", f"{ROOT}/tools/lint_{name}.py", "--root", self.root],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode()

    def remove(self):
        shutil.rmtree(self.root)


class GateTest(unittest.TestCase):
    """Set `gate`; `violations` is a list of (changes to the clean tree, words said)."""

    gate = ""
    clean = {}  # what the clean tree needs beside CLEAN
    violations = []
    empties = True  # a tree without sources must fail
    compiles = False

    def check(self, changes):
        tree = Tree(changes)
        try:
            if self.compiles:
                tree.compile()
            return tree.gate(self.gate)
        finally:
            tree.remove()

    def test_passes_a_clean_tree(self):
        if self.gate:
            code, said = self.check(self.clean)
            self.assertEqual(code, 0, said)

    def test_finds_each_violation(self):
        for changes, what in self.violations:
            with self.subTest(what):
                code, said = self.check(changes)
                self.assertNotEqual(code, 0, "not found: " + what)
                self.assertIn(what, said)

    def test_fails_when_there_is_nothing_to_look_at(self):
        if self.gate and self.empties:
            nothing = {name: None for name in CLEAN if name.endswith((".c", ".h", "README.md"))}
            code, said = self.check(nothing)
            self.assertNotEqual(code, 0)
            self.assertIn("checks nothing", said)


def main():
    """Runs the tests of the calling file; a gate's test without violations proves nothing."""
    for case in vars(sys.modules["__main__"]).values():
        if isinstance(case, type) and issubclass(case, GateTest) and case is not GateTest:
            assert case.gate and case.violations, case
    unittest.main()
