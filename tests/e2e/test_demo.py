"""The demonstration as a user starts it: every act, expected refusal and outcome, cut links, killed nodes;
and the prompt afterwards."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv.pop())
PATIENCE_S = 500


def demo(*words):
    return subprocess.run([PROGRAM, "demo", *words], capture_output=True, text=True, check=False,
                          timeout=PATIENCE_S)


def processes_of(folder):
    """Command lines of processes that mention the folder."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                line = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if folder in line and "serve" in line:
            found.append(line)
    return found


class DemoTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = os.path.join(self.folder.name, "country")

    def test_unattended_everything_comes_out_as_the_script_says(self):
        done = demo("--run-all", "--json", "--data", self.data)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual((told["ok"], told["failed"], told["unsound"]), (True, 0, 0))
        self.assertGreater(min(told["acts"], told["refusals"], told["waits"], told["controls"]), 0)
        self.assertEqual(processes_of(self.data), [])
        again = demo("--run-all", "--json", "--data", self.data)
        self.assertEqual(again.returncode, 1)
        self.assertIn("conflict", again.stderr)

    def test_afterwards_the_prompt_obeys_until_a_signal_ends_it_in_order(self):
        running = subprocess.Popen([PROGRAM, "demo", "--data", self.data], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(running.stdout.close)
        self.addCleanup(running.kill)

        def until(text):
            said = ""
            for line in running.stdout:
                said += line
                if text in line:
                    return said
            raise AssertionError(said)

        def say(words, answer):
            running.stdin.write(words + "\n")
            running.stdin.flush()
            return until(answer)
        said = until("quit")
        self.assertIn("token fst_", said)
        self.assertEqual(len(processes_of(self.data)), 14)  # seven nodes, each with its signer
        say("cut demo-cert miit", "好")
        say("heal demo-cert", "好")
        say("kill demo-cert", "好")
        say("kill demo-cert", "does not run")
        for _ in range(500):  # a signer ends a moment after its node
            if len(processes_of(self.data)) == 12:
                break
        self.assertEqual(len(processes_of(self.data)), 12)
        say("start demo-cert", "好")
        say("clock 2d", "好")
        say("clock -2d", "no span of time")
        say("dance", "not understood")
        self.assertNotIn("NOT SOUND", say("verify", "demo-cert"))
        running.send_signal(signal.SIGTERM)
        rest, _ = running.communicate(timeout=PATIENCE_S)
        self.assertEqual(running.returncode, 0, rest)
        self.assertEqual(processes_of(self.data), [])


unittest.main()
