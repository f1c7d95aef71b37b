"""What is installed is whole: the program runs from where it lands, and the service names what is there."""
import os
import subprocess
import sys
import tempfile
import unittest

BUILD = os.path.abspath(sys.argv.pop())


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = cls.folder.name
        subprocess.run(["cmake", "--install", BUILD, "--prefix", f"{cls.root}/usr"], check=True,
                       stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_program_runs_and_takes_its_installed_rules(self):
        program = f"{self.root}/usr/bin/fengsui"
        subprocess.run([program, "version"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([program, "rules", "check", f"{self.root}/usr/share/fengsui/rules"], check=True,
                       stdout=subprocess.DEVNULL)

    def test_the_service_starts_what_is_installed(self):
        with open(f"{self.root}/usr/lib/systemd/system/fengsui.service", encoding="utf-8") as file:
            start = next(line for line in file if line.startswith("ExecStart="))
        words = start.strip().removeprefix("ExecStart=").split()
        self.assertTrue(os.access(self.root + words[0], os.X_OK), words)
        told = subprocess.run([self.root + words[0], "help", words[1]], check=True, capture_output=True,
                              text=True)
        self.assertTrue(all(word in told.stdout for word in words[2:] if word.startswith("--")), words)

    def test_the_man_page_and_the_completions_are_there(self):
        for path, part in (("share/man/man1/fengsui.1", "incident"),
                           ("share/bash-completion/completions/fengsui", "complete"),
                           ("share/zsh/vendor-completions/_fengsui", "compdef")):
            with open(f"{self.root}/usr/{path}", encoding="utf-8") as file:
                self.assertIn(part, file.read(), path)


unittest.main()
