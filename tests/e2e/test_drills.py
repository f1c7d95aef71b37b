"""A drill beside the real country: two nodes, each served twice, once in earnest and once in the drill. Acts
of one universe never get into the other, and the drill's report performs the yearly duty."""
import os
import signal
import sys
import tempfile
import unittest

from node import Node, enrol, free_port

PROGRAM = os.path.abspath(sys.argv.pop())

WARNING = {"title": "演练：勒索病毒黄色预警", "colour": "yellow", "starts": "2026-11-20T08:00:00+08:00",
           "scope": "浙江省内主机", "harm": "文件被加密", "precautions": "断网排查", "time_limit": "12:00",
           "issuer": "浙江局", "hotline": "0571-0000", "region": "330000"}


class Drill(Node):
    """The same node in the drill: its own ports, tokens and process; the data directory is shared."""

    def __init__(self, real):
        super().__init__(PROGRAM, os.path.dirname(real.data), real.name)
        self.log = real.log + ".drill"

    def open(self, *more):
        made = self.json("drill", "open", "d1", "--api", f"127.0.0.1:{self.api_port}", "--compression", "60",
                         "--link-url", f"https://127.0.0.1:{self.link_port}", *more)
        self.token = made["operator"]
        self.officer = made["officer"]

    def serve(self):
        self.start("--drill", "d1", "--api", f"127.0.0.1:{self.api_port}", "--link",
                   f"127.0.0.1:{self.link_port}")


class DrillsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.miit = Node(PROGRAM, self.folder.name, "miit")
        self.pca = Node(PROGRAM, self.folder.name, "pca-330000")
        self.miit.make("--ministry", "--name", "工业和信息化部")
        self.miit.start()
        enrol(self.miit, self.pca, "浙江省通信管理局", "province", "330000", "PCA", "--ca")
        self.pca.start()
        self.top, self.below = Drill(self.miit), Drill(self.pca)
        self.all = [self.miit, self.pca, self.top, self.below]

    def tearDown(self):
        for node in self.all:
            node.stop(signal.SIGKILL)
        self.folder.cleanup()

    def url(self, node):
        return f"https://127.0.0.1:{node.link_port}"

    def kinds(self, node):
        return [act["kind"] for act in node.get("/api/v1/acts?limit=500")["items"]]

    def test_a_drill_goes_on_beside_the_real_record_and_is_reported_there(self):
        self.top.open("--peer", f"pca-330000={self.url(self.below)}")
        self.below.open("--peer", f"miit={self.url(self.top)}")
        self.top.serve()
        self.below.serve()
        made = self.below.call("POST", "/api/v1/warnings", WARNING, self.below.officer)
        self.top.until(lambda: "warning.published" in self.kinds(self.top), "has the warning of the drill")
        for real in (self.miit, self.pca):
            self.assertNotIn("warning.published", self.kinds(real))
        act = self.top.get(f"/api/v1/acts/{made['act']}/bytes")
        self.assertEqual(act["universe"], "d1")

        officer = self.pca.token_of("officer")
        plan = self.pca.call("POST", "/api/v1/drills",
                             {"title": "年度演练", "aim": "检验", "form": "operational", "scenario": "断网",
                              "starts": "2026-11-21T09:00:00+08:00"}, officer)["subject"]
        self.pca.run("drill", "summary", "d1", "--record", plan, "--token", officer)
        self.assertEqual(self.pca.get(f"/api/v1/matters/{plan}")["state"]["name"], "reported")
        done = [duty for duty in self.pca.get("/api/v1/duties?limit=500")["items"]
                if duty["rule"].startswith("004.7.2b.2")]
        self.assertTrue(all(duty["state"] != "open" for duty in done), done)
        for node in (self.top, self.below, self.miit, self.pca):
            self.assertEqual(node.stop(), 0)
        for node in (self.miit, self.pca):
            report = node.verify()
            self.assertTrue(report["ok"], report)
            self.assertEqual([drill["universe"] for drill in report["drills"]], ["d1"])

    def test_a_drill_that_calls_the_real_node_is_turned_away(self):
        self.below.open("--peer", f"miit={self.url(self.miit)}")
        self.below.serve()
        self.below.call("POST", "/api/v1/warnings", WARNING, self.below.officer)

        def turned_away():
            return [peer for peer in self.below.get("/api/v1/peers")["items"]
                    if "universe 'd1' cannot enter 'real'" in (peer["why"] or "")]
        self.below.until(turned_away, "is told that it is of another universe")
        self.assertNotIn("warning.published", self.kinds(self.miit))


unittest.main()
