"""tools/setup with the system's commands replaced: it installs as root, by sudo, or says what to do."""
import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SYSTEM = ("sh", "sed", "grep", "dirname", "env", "cat")


class SetupTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="setup-")
        os.makedirs(f"{self.root}/tools")
        os.makedirs(f"{self.root}/bin")
        shutil.copy(f"{ROOT}/tools/setup", f"{self.root}/tools/setup")
        with open(f"{self.root}/tools/packages.txt", "w", encoding="utf-8") as file:
            file.write("# needed\nalpha   # for the first thing\nbeta\n\n")
        with open(f"{self.root}/log", "w", encoding="utf-8"):
            pass  # what the replaced commands did
        for name in SYSTEM:
            os.symlink(shutil.which(name), f"{self.root}/bin/{name}")

    def tearDown(self):
        shutil.rmtree(self.root)

    def command(self, name, body):
        path = f"{self.root}/bin/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{body}\n")
        os.chmod(path, 0o755)

    def system(self, installed, user, sudo):
        self.command("dpkg-query", "".join(f"echo 'ii {name}'\n" for name in installed))
        self.command("id", f"echo {user}")
        self.command("apt-get", f'echo "apt-get $*" >> {self.root}/log')
        if sudo:
            self.command("sudo", f'echo sudo >> {self.root}/log; exec "$@"')

    def run_setup(self, *words):
        done = subprocess.run([f"{self.root}/tools/setup", *words], env={"PATH": f"{self.root}/bin"},
                              capture_output=True, text=True, check=False)
        with open(f"{self.root}/log", encoding="utf-8") as log:
            return done.returncode, done.stderr, log.read()

    def test_does_nothing_when_nothing_is_missing(self):
        self.system(["alpha", "beta"], 1000, False)
        self.assertEqual(self.run_setup(), (0, "", ""))
        self.assertEqual(self.run_setup("--check"), (0, "", ""))

    def test_installs_what_is_missing_as_root(self):
        self.system(["alpha"], 0, True)
        code, said, did = self.run_setup()
        self.assertEqual(code, 0, said)
        self.assertIn("install beta", did)
        self.assertNotIn("alpha", did)
        self.assertNotIn("sudo", did)

    def test_installs_by_sudo_otherwise(self):
        self.system([], 1000, True)
        code, said, did = self.run_setup()
        self.assertEqual(code, 0, said)
        self.assertIn("install alpha beta", did)
        self.assertEqual(did.count("sudo"), 2)

    def test_says_what_to_do_with_neither(self):
        self.system(["beta"], 1000, False)
        code, said, did = self.run_setup()
        self.assertEqual((code, did), (1, ""))
        self.assertIn("neither root nor sudo here; as root run: apt-get install alpha", said)

    def test_what_came_another_way_is_not_installed(self):
        with open(f"{self.root}/tools/packages.txt", "a", encoding="utf-8") as file:
            file.write("gamma unless gammactl   # a tool\ndelta unless deltactl\n")
        self.command("gammactl", "true")
        self.system(["alpha", "beta"], 0, False)
        self.assertEqual(self.run_setup("--check")[:2][1].splitlines()[0], "setup: missing: delta")

    def test_check_only_tells(self):
        self.system([], 0, True)
        code, said, did = self.run_setup("--check")
        self.assertEqual((code, did), (1, ""))
        self.assertIn("missing: alpha beta", said)

    def test_a_failed_installation_is_a_failure(self):
        self.system([], 0, False)
        self.command("apt-get", "exit 100")
        self.assertNotEqual(self.run_setup()[0], 0)

    def test_another_system_is_told_and_not_stopped(self):
        code, said, _ = self.run_setup("--check")
        self.assertEqual(code, 0)
        self.assertIn("no dpkg", said)


unittest.main()
