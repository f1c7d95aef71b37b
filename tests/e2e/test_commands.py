"""What people type, against one running node: acts by their own commands, lists, duties, the live stream; and
the commands that work on the data directory once it is stopped."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

from node import Node

PROGRAM = os.path.abspath(sys.argv.pop())

REPORT = ["--title", "六省断网", "--occurred", "2009-05-19T21:50:00+08:00", "--scope", "浙江等省",
          "--harm", "无法上网", "--measures", "扩容", "--advice", "无", "--regions", "330000,320000",
          "--facts", '{"happened":true,"scope":{"provinces":["330000","320000"]},'
                     '"judged":{"many_users_offline":true}}']


class CommandsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.node = Node(PROGRAM, self.folder.name, "miit")
        self.node.make("--ministry", "--name", "工业和信息化部")
        self.node.start()
        self.token = self.node.token_of("officer")

    def tearDown(self):
        self.node.stop(signal.SIGKILL)
        self.folder.cleanup()

    def type(self, *words, token=None, code=0):
        done = subprocess.run([PROGRAM, *words, "--data", self.node.data, "--token", token or self.token],
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return done

    def doc(self, *words):
        return json.loads(self.type(*words, "--json").stdout)

    def test_an_incident_goes_its_way_by_typed_commands(self):
        made = self.doc("incident", "report", *REPORT)["subject"]
        self.assertIn("六省断网", self.type("incident", "list", "-q", "断网").stdout)
        shown = self.type("incident", "show", made).stdout
        for word in ("已报告 reported", "miit-2017-281 II", "初步判定的影响范围", "incident.reported"):
            self.assertIn(word, shown)
        self.type("incident", "assess", made, "--level", "II")
        response = self.doc("response", "start", "--under", made, "--level", "II", "--basis",
                            "own-decision", "--targets", "miit")["subject"]
        self.type("act", "response.ended", response, "--set", "reason=恢复", "--set",
                  "basis=own-decision")
        duties = self.doc("duty", "list", "--root", made)["items"]
        self.assertTrue(duties)
        self.assertIn(duties[0]["clause"], self.type("duty", "show", duties[0]["id"]).stdout)
        self.assertIn("conduct", self.type("findings", made).stdout)

    def test_wrong_words_are_told_with_their_field_and_clause(self):
        made = self.doc("incident", "report", *REPORT)["subject"]
        self.assertIn("--level takes I|II|III|IV", self.type("incident", "assess", made, "--level", "V",
                                                            code=2).stderr)
        self.assertIn("初步判定的危害，4.1", self.type("incident", "report", "--title", "x", code=2).stderr)
        bad = [word.replace("2009-05-19T", "2018-09-31T") for word in REPORT]
        told = self.type("incident", "report", *bad, code=1).stderr
        self.assertIn("there is no date 2018-09-31 (clause 4.1)", told)
        bad = [word.replace("330000,320000", "999999") for word in REPORT]
        self.assertIn("body.regions[0]", self.type("incident", "report", *bad, code=1).stderr)
        viewer = self.node.token_of("viewer")
        told = self.type("incident", "report", *REPORT, token=viewer, code=1).stderr
        self.assertIn("does not include", told)

    def test_a_rule_that_says_no_is_exit_code_3_with_its_clause(self):
        warning = ["--title", "预警", "--colour", "yellow", "--starts", "2026-11-20T08:00:00+08:00", "--scope",
                   "浙江", "--harm", "x", "--precautions", "x", "--time-limit", "x", "--issuer", "部",
                   "--hotline", "x", "--region", "330000"]
        told = self.type("warning", "publish", *warning, "--json", code=3)
        self.assertEqual(json.loads(told.stdout)["clause"], "4.4")

    def test_the_same_key_records_once(self):
        first = self.doc("incident", "report", *REPORT, "--key", "k-1")
        again = self.doc("incident", "report", *REPORT, "--key", "k-1")
        self.assertEqual(first["act"], again["act"])
        self.assertEqual(len(self.doc("incident", "list")["items"]), 1)

    def test_a_table_is_imported_once_and_only_once(self):
        table = os.path.join(self.folder.name, "log.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write("编号,时间,单位,地区,类别,经过\n1,2018-09-31,甲,浙江,断网,x\n"
                       "2,2018-09-03 10:00,乙,江苏,泄露,y\n3,昨天,丙,江苏,泄露,z\n")
        mapping = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "import", "phone-log.yaml")
        words = ["incident", "import", "--map", mapping, table]
        self.assertIn("3 rows: 2 imported, 0 known already, 1 failed", self.type(*words, code=1).stdout)
        self.assertIn("3 rows: 0 imported, 2 known already, 1 failed", self.type(*words, code=1).stdout)
        items = self.doc("incident", "list")["items"]
        self.assertEqual(len(items), 2)
        first = next(item["id"] for item in items if "甲" in item["title"])
        self.assertIn("2018-09-31", self.type("incident", "show", first).stdout)

    def test_the_stream_tells_what_was_recorded(self):
        self.type("incident", "report", *REPORT)
        told = self.type("watch", "--after", "0", "--kind", "incident.", "--count", "1", "--json").stdout
        self.assertEqual(json.loads(told)["kind"], "incident.reported")

    def test_a_stopped_node_is_backed_up_restored_rebuilt_and_replayed(self):
        self.type("incident", "report", *REPORT)
        backup = os.path.join(self.folder.name, "backup")
        self.node.run("backup", backup)
        self.type("incident", "report", *REPORT)
        self.assertIn("running", self.node.run("restore", "--replace", backup, check=False).stderr)
        self.assertEqual(self.node.stop(), 0)
        self.assertTrue(self.node.json("rebuild", "--check")["identical"])
        self.assertTrue(self.node.json("replay")["same"])
        refused = self.node.run("restore", "--replace", backup, check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("--set-back", refused.stderr)
        done = self.node.json("restore", "--replace", "--set-back", "--reason", "磁盘损坏", backup)
        self.assertGreaterEqual(done["given_up"], 1)
        self.node.start()
        acts = self.node.get("/api/v1/acts?order=newest&limit=5")["items"]
        self.assertIn("node.restored", [act["kind"] for act in acts])
        self.assertTrue(self.node.verify()["ok"])


unittest.main()
