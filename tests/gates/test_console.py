"""tools/console.py, web/tools/pack.mjs: budgets hold, old Nodes are refused, no toolchain is said plainly."""
import gzip
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, f"{ROOT}/tools")
SPEC = importlib.util.spec_from_file_location("console", f"{ROOT}/tools/console.py")
console = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(console)


class ConsoleTest(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="console-")
        self.addCleanup(shutil.rmtree, self.place)
        console.PLACE = self.place

    def node(self, version):
        path = f"{self.place}/node-{version}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\necho v{version}\n")
        os.chmod(path, 0o755)
        return path

    def test_only_a_node_that_vite_takes_is_taken(self):
        for version, good in {"18.20.4": False, "20.18.0": False, "20.19.0": True, "21.7.0": False,
                              "22.11.0": False, "22.12.0": True, "24.21.0": True}.items():
            self.assertEqual(console.new_enough(self.node(version)), good, version)
        self.assertFalse(console.new_enough(f"{self.place}/there-is-none"))

    def test_without_a_toolchain_the_table_holds_an_honest_page(self):
        folder = console.absent("there is no npm")
        console.write(folder, f"{self.place}/files.c")
        with gzip.open(f"{folder}/index.html.gz") as file:
            self.assertIn("without its console", file.read().decode())
        with open(f"{self.place}/files.c", encoding="ascii") as file:
            made = file.read()
        self.assertIn('{"index.html", "text/html; charset=utf-8"', made)
        self.assertIn("CONSOLE = {FILES, 1}", made)

    def pack(self, script_bytes, budget):
        dist = f"{self.place}/dist"
        os.makedirs(f"{dist}/assets", exist_ok=True)
        with open(f"{dist}/index.html", "w", encoding="utf-8") as file:
            file.write('<script src="/assets/a.js"></script>')
        for name in ("a", "b"):
            with open(f"{dist}/assets/{name}.js", "wb") as file:
                file.write(os.urandom(script_bytes))
        with open(f"{self.place}/budget.json", "w", encoding="utf-8") as file:
            json.dump(budget, file)
        return subprocess.run([f"{ROOT}/build/web/node", f"{ROOT}/web/tools/pack.mjs", dist,
                               f"{self.place}/budget.json"], capture_output=True, text=True, check=False)

    @unittest.skipUnless(os.path.exists(f"{ROOT}/build/web/node"), "the console was not built: no Node")
    def test_what_is_over_its_budget_fails_the_build(self):
        ample = {"entry_kb": 20, "chunk_kb": 20, "total_kb": 40}
        done = self.pack(10_000, ample)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(f"{self.place}/dist/assets/a.js.br"))
        for name, word in {"entry_kb": "entry", "chunk_kb": "largest chunk", "total_kb": "total"}.items():
            done = self.pack(10_000, dict(ample, **{name: 9}))
            self.assertEqual(done.returncode, 1)
            self.assertIn(word, done.stderr)


unittest.main()
