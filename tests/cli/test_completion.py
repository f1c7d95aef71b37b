"""The completion scripts, loaded by the shells they are for."""
import os
import subprocess
import tempfile
import unittest

from binary import PROGRAM, run

# Types a line into the function that bash would call, then prints what it offers.
BASH = """
set -e
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
_fengsui
printf '%s\\n' "${COMPREPLY[@]}"
"""

# The completion system needs a terminal; its two doors are replaced, everything else is zsh's own.
ZSH = """
set -e
compdef() { : }
_describe() { print -l -- "${(@P)2}" }
_files() { print FILES }
source "$1"; shift
words=("$@"); CURRENT=$#words
_fengsui
"""


def typed(shell, script, *words):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "script")
        with open(path, "w", encoding="utf-8") as file:
            file.write(run("completion", os.path.basename(shell[0])).stdout)
        done = subprocess.run([*shell, "-c", script, "test", path, PROGRAM, *words], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0 or done.stderr:
            raise AssertionError(done.stderr)
        return done.stdout.split("\n")[:-1]


def bash(*words):
    return typed(["bash", "--norc"], BASH, *words)


def zsh(*words):
    return typed(["zsh", "-f"], ZSH, *words)


class CompletionTest(unittest.TestCase):
    def test_bash_offers_commands_and_options(self):
        self.assertEqual(bash("vers"), ["version"])
        self.assertEqual(bash("completion", ""), ["bash", "zsh", "words"])
        self.assertEqual(bash("version", "--js"), ["--json"])
        self.assertEqual(bash("version", "x"), [""])

    def test_zsh_offers_them_with_their_meaning(self):
        self.assertEqual(zsh("vers"), ["version:print the version"])
        self.assertEqual([word.split(":")[0] for word in zsh("completion", "")], ["bash", "zsh", "words"])
        self.assertEqual(zsh("version", "x"), ["FILES"])

    def test_both_scripts_are_sound(self):
        for shell in ("bash", "zsh"):
            script = run("completion", shell).stdout
            done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))


unittest.main()
