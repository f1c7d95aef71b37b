"""Bad input and a full disk, at a node that is being served: a clear error that names the field, nothing half
done, nothing acknowledged lost, and after a restart a record that verifies."""
import json
import os
import resource
import signal
import subprocess
import sys
import tarfile
import tempfile
import unittest

from node import Node

PROGRAM = os.path.abspath(sys.argv.pop())
SHARED = os.environ.get("FENGSUI_SHARED", os.path.join(os.path.dirname(__file__), "..", "..", "..", "shared"))
SUITE = os.path.join(SHARED, "data", "json", "JSONTestSuite.tar.xz")

REPORT = {"title": "六省断网", "occurred": "2009-05-19T21:50:00+08:00", "scope": "浙江等省", "harm": "无法上网",
          "measures": "扩容", "advice": "无"}


def report(**changed):
    return json.dumps(dict(REPORT, **changed), ensure_ascii=False).encode()


class BadInputTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.node = Node(PROGRAM, cls.folder.name, "miit")
        cls.node.make("--ministry", "--name", "工业和信息化部")
        cls.node.start()
        cls.token = cls.node.token_of("officer")

    @classmethod
    def tearDownClass(cls):
        cls.node.stop(signal.SIGKILL)
        cls.folder.cleanup()

    def setUp(self):
        self.before = self.size()

    def size(self):
        return self.node.get("/api/v1/ledger/head")["size"]

    def refused(self, body, status, said, **fields):
        """The problem document; nothing was recorded."""
        got_status, told, got = self.node.ask("POST", "/api/v1/incidents", body, self.token, fields or None)
        self.assertEqual(got_status, status, got[:300])
        self.assertIn("problem+json", told["content-type"])
        problem = json.loads(got)
        self.assertIn(said, problem["detail"] + " " + problem.get("field", ""))
        self.assertEqual(self.size(), self.before)
        return problem

    def test_text_that_is_no_json_is_refused_at_its_place(self):
        self.refused(b'{"title": ', 400, "line 1")
        self.refused(report()[:-1] + b"}}", 400, "JSON")
        self.refused(b'{"title": "\xff\xfe"}', 400, "UTF-8")
        self.refused(b'{"title": "a\\u0000b"}', 400, "")
        self.refused(b'{"title": "\\ud800"}', 400, "")
        self.refused(b"[" * 100000, 422, "nested deeper")
        self.refused(b"", 400, "")
        self.refused(b"[1]", 422, "object")

    def test_a_key_that_stands_twice_is_refused(self):
        self.refused(report()[:-1] + b', "title": "x"}', 400, "title")

    def test_what_is_too_large_or_too_deep_is_refused(self):
        self.refused(report(scope="网" * 200000), 413, "")
        self.refused(report(scope="网" * 4001), 422, "body.scope")
        deep = b'{"facts": ' + b'{"scope": ' * 40 + b"1" + b"}" * 41
        self.refused(deep, 422, "nested deeper")
        self.refused(report(regions=["330000"] * 2000), 422, "body.regions")

    def test_fields_that_do_not_fit_are_named_with_their_clause(self):
        self.assertEqual(self.refused(report(region="999999"), 422, "GB/T 2260")["field"], "body.region")
        problem = self.refused(report(occurred="2018-09-31T00:00:00+08:00"), 422, "no date 2018-09-31")
        self.assertEqual((problem["field"], problem["clause"]), ("body.occurred", "4.1"))
        self.refused(report(regions=["330000", "33"]), 422, "body.regions[1]")
        self.refused(report(titel="x"), 422, "body.titel")
        self.refused(report(scope=7), 422, "body.scope")
        self.refused(report(facts={"leaked_users": -1}), 422, "body.facts.leaked_users")
        self.refused(report(facts={"leaked_users": 1.5}), 422, "body.facts.leaked_users")

    def test_classified_material_is_refused_and_only_the_refusal_is_recorded(self):
        status, _, got = self.node.ask("POST", "/api/v1/incidents", report(title="绝密★ 某事"), self.token)
        self.assertEqual((status, json.loads(got)["field"]), (422, "body.title"))
        last = self.node.get("/api/v1/acts?order=newest&limit=1")["items"][0]
        self.assertEqual(last["kind"], "act.refused")
        self.assertNotIn("某事", last["bytes"])

    def test_the_wrong_wrapping_is_refused(self):
        self.refused(report(), 415, "", **{"Content-Type": "text/plain"})
        self.refused(report(), 412, "", **{"If-Match": '"r9"'})
        self.assertEqual(self.node.ask("POST", "/api/v1/incidents", report(), None)[0], 401)
        self.assertEqual(self.node.ask("POST", "/api/v1/incidents", report(), "fst_" + "0" * 64)[0], 401)
        self.assertEqual(self.node.ask("PUT", "/api/v1/incidents", report(), self.token)[0], 405)
        self.assertEqual(self.size(), self.before)

    @unittest.skipUnless(os.path.exists(SUITE), "the shared JSON suite is not here")
    def test_no_invalid_text_of_the_public_suite_is_taken(self):
        count = 0
        with tarfile.open(SUITE) as archive:
            for member in archive.getmembers():
                name = os.path.basename(member.name)
                if member.isdir() or not name.startswith("n_") or "test_parsing" not in member.name:
                    continue
                text = archive.extractfile(member).read()
                status, _, got = self.node.ask("POST", "/api/v1/grade", text, self.token)
                self.assertIn(status, (400, 413, 422), (name, got[:200]))
                count += 1
        self.assertGreaterEqual(count, 187)


class FullDiskTest(unittest.TestCase):
    """A file system of its own where one can be mounted; a limit on the size of files everywhere else."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.node = Node(PROGRAM, self.folder.name, "miit")
        self.mounted = None

    def tearDown(self):
        self.node.stop(signal.SIGKILL)
        if self.mounted:
            self.node.until(self.is_unmounted, "lets go of its disk")  # its signer ends a moment after it
        self.folder.cleanup()

    def is_unmounted(self):
        return subprocess.run(["umount", "-q", self.mounted], check=False).returncode == 0

    def begin(self):
        self.node.make("--ministry", "--name", "工业和信息化部")
        self.node.start()
        self.token = self.node.token_of("officer")

    def reports_until_refused(self, most):
        """Ids of what was acknowledged, and the first answer that was another."""
        made = []
        for _ in range(most):
            try:
                status, _, got = self.node.ask("POST", "/api/v1/incidents", report(scope="网" * 3900),
                                               self.token)
            except OSError:
                return made, None
            if status != 201:
                return made, (status, json.loads(got))
            made.append(json.loads(got)["act"])
        raise AssertionError(f"{most} reports, and the disk is not full")

    def whole(self, made):
        """Every acknowledged act is there, no other report is, and all of it verifies."""
        kept = []
        cursor = ""
        while cursor is not None:
            page = self.node.get(f"/api/v1/acts?kind=incident.reported&limit=500{cursor}")
            kept += [act["id"] for act in page["items"]]
            cursor = f"&cursor={page['next']}" if page["next"] else None
        self.assertEqual(sorted(kept), sorted(made))
        self.assertTrue(self.node.verify()["ok"])

    def test_a_full_disk_is_said_and_nothing_is_half_done(self):
        disk = os.path.join(self.folder.name, "disk")
        os.mkdir(disk)
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", disk], capture_output=True,
                               check=False)
        if mount.returncode != 0:
            self.skipTest("a full disk: no file system can be mounted here")
        self.mounted = disk
        self.node = Node(PROGRAM, disk, "miit")
        self.node.log = os.path.join(self.folder.name, "miit.log")
        self.begin()
        filler = os.path.join(self.node.data, "filler")
        with open(filler, "wb") as file:
            file.write(b"x" * (12 << 20))
        made, answer = self.reports_until_refused(2000)
        self.assertIsNotNone(answer)
        status, problem = answer
        self.assertEqual(status, 507, problem)
        self.assertIn("storage-full", problem["type"])
        os.unlink(filler)
        if self.node.process.poll() is not None:
            self.node.process = None
            self.node.start()
        more = self.node.call("POST", "/api/v1/incidents", json.loads(report()), self.token)
        self.whole(made + [more["act"]])
        self.assertEqual(self.node.stop(), 0)
        self.node.start()
        self.whole(made + [more["act"]])

    def test_a_failing_write_ends_the_node_and_it_starts_again_whole(self):
        self.begin()
        self.assertEqual(self.node.stop(), 0)
        largest = max(os.path.getsize(os.path.join(at, name))
                      for at, _, names in os.walk(self.node.data) for name in names)
        limit = largest + (1 << 20)
        with open(self.node.log, "ab") as log:
            self.node.process = subprocess.Popen(
                [PROGRAM, "serve", "--data", self.node.data], stdout=log, stderr=log, restore_signals=False,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.node.until(self.node.is_ready, "is ready")
        made, answer = self.reports_until_refused(2000)
        if answer:
            self.assertIn(answer[0], (503, 507), answer)
        self.assertIn(self.node.process.wait(timeout=60), (0, 1))
        self.node.process = None
        self.node.start()
        self.whole(made)


unittest.main()
