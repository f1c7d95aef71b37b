"""The binary's exit codes, colours, and what it does when its output cannot be written."""
import json
import os
import pty
import subprocess
import unittest

from binary import PROGRAM, run


def on_a_terminal(environment, *words):
    """What a person sees: both streams are a terminal."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen([PROGRAM, *words], stdout=theirs, stderr=theirs,
                             env={**os.environ, **environment})
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65536):
            said += piece
    except OSError:  # the terminal ends with an error when its other side is closed
        pass
    os.close(ours)
    child.wait()
    return said.decode()


class BinaryTest(unittest.TestCase):
    def test_gives_the_exit_codes_of_the_contract(self):
        self.assertEqual(run("version").returncode, 0)
        self.assertEqual(run("help", "version").returncode, 0)
        for words in ([], ["vresion"], ["version", "--nothing"], ["completion"]):
            self.assertEqual(run(*words).returncode, 2, words)

    def test_json_is_json(self):
        self.assertEqual(json.loads(run("version", "--json").stdout)["name"], "fengsui")
        error = run("vresion", "--json")
        self.assertEqual(json.loads(error.stderr)["error"]["code"], "usage")
        self.assertEqual(error.stdout, "")

    def test_colours_are_for_terminals_that_want_them(self):
        self.assertIn("\x1b[", on_a_terminal({"TERM": "xterm", "NO_COLOR": ""}, "help"))
        self.assertNotIn("\x1b[", on_a_terminal({"TERM": "xterm", "NO_COLOR": "1"}, "help"))
        self.assertNotIn("\x1b[", on_a_terminal({"TERM": "dumb", "NO_COLOR": ""}, "help"))
        self.assertNotIn("\x1b[", on_a_terminal({"TERM": "xterm", "NO_COLOR": ""}, "help", "--no-color"))
        self.assertNotIn("\x1b[", run("help").stdout)

    def test_a_full_disk_is_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "help"], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"could not be written", done.stderr)


unittest.main()
