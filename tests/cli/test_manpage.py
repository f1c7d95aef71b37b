"""The man page passes groff with every warning on, and man shows it."""
import subprocess
import unittest

from binary import run


class ManpageTest(unittest.TestCase):
    def test_groff_has_nothing_to_say(self):
        groff = ["groff", "-man", "-ww", "-b", "-k", "-Tutf8", "-z"]
        done = subprocess.run(groff, input=run("man").stdout.encode(), capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ""))

    def test_groff_would_have_said_something(self):
        groff = ["groff", "-man", "-ww", "-b", "-k", "-Tutf8", "-z"]
        broken = run("man").stdout + ".NOSUCHMACRO x\n"
        done = subprocess.run(groff, input=broken.encode(), capture_output=True, check=False)
        self.assertIn("NOSUCHMACRO", done.stderr.decode())

    def test_man_shows_every_command(self):
        plain = {"MANWIDTH": "100", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "MANPAGER": "cat"}
        done = subprocess.run(["man", "-l", "-"], input=run("man").stdout.encode(), capture_output=True,
                              check=False, env=plain)
        shown = done.stdout.decode()
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        for word in ("FENGSUI(1)", "completion bash", "EXIT STATUS", "refused by a rule"):
            self.assertIn(word, shown)


unittest.main()
