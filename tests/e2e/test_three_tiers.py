"""Enterprise → province → ministry, three processes over mutual TLS: reports go up and receipts come back,
warnings go down, outages and kills lose nothing, and every ledger verifies."""
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

from node import Node, Refused, enrol

PROGRAM = os.path.abspath(sys.argv.pop())

REPORT = {"title": "某市用户无法上网", "occurred": "2026-11-20T21:50:00+08:00", "scope": "浙江省用户",
          "harm": "大量用户无法正常上网", "measures": "重启并扩容", "advice": "请省局协调", "region": "330000",
          "contact": "张三 0571-0000",
          "facts": {"happened": True, "cause": "attack", "kinds": ["outage"],
                    "scope": {"nationwide": False, "provinces": ["330000"]}}}
WARNING = {"title": "勒索病毒黄色预警", "colour": "yellow", "starts": "2026-11-20T08:00:00+08:00",
           "scope": "浙江省内主机", "harm": "文件被加密", "precautions": "断网排查", "time_limit": "12:00",
           "issuer": "浙江局", "hotline": "0571-0000", "region": "330000"}


class ThreeTiersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.miit = Node(PROGRAM, cls.folder.name, "miit")
        cls.pca = Node(PROGRAM, cls.folder.name, "pca-330000")
        cls.tel = Node(PROGRAM, cls.folder.name, "demo-telecom-zj")
        cls.nodes = (cls.miit, cls.pca, cls.tel)
        cls.miit.make("--ministry", "--name", "工业和信息化部")
        cls.miit.start()
        cls.first_code = enrol(cls.miit, cls.pca, "浙江省通信管理局", "province", "330000", "PCA", "--ca")
        cls.pca.start()
        enrol(cls.pca, cls.tel, "演示电信", "enterprise", "330000", "TEL")
        cls.tel.start()
        cls.officers = {node.name: node.token_of("officer") for node in cls.nodes}

    @classmethod
    def tearDownClass(cls):
        for node in cls.nodes:
            node.stop(signal.SIGKILL)
        cls.folder.cleanup()

    def act(self, node, path, body, fields=None):
        return node.call("POST", path, body, self.officers[node.name], fields)

    def report(self, title="某市用户无法上网"):
        return self.act(self.tel, "/api/v1/incidents", dict(REPORT, title=title))

    @staticmethod
    def sees(node, matter, state):
        def look():
            try:
                return node.get(f"/api/v1/matters/{matter}")["state"]["name"] == state
            except Refused as refused:
                if refused.status != 404:
                    raise
                return False
        node.until(look, f"sees {matter} as {state}")

    def sound(self):
        for node in self.nodes:
            report = node.verify()
            self.assertTrue(report["ok"], report)

    def test_a_report_goes_up_and_its_receipt_discharges_the_duty(self):
        made = self.report()
        for node in self.nodes:
            self.sees(node, made["subject"], "reported")

        def discharged():
            duties = self.tel.get(f"/api/v1/matters/{made['subject']}/duties")["items"]
            return [d for d in duties if d["rule"] == "004.4.1b" and d["state"] == "discharged"]
        self.tel.until(discharged, "has its duty to report discharged")
        receipts = self.tel.get(f"/api/v1/acts/{made['act']}/receipts")["items"]
        self.assertIn("pca-330000", {r["node"] for r in receipts})

    def test_a_warning_goes_down(self):
        made = self.act(self.pca, "/api/v1/warnings", WARNING)
        self.sees(self.tel, made["subject"], "published")
        self.sees(self.miit, made["subject"], "published")

    def test_what_was_acted_while_the_province_was_away_arrives_after_its_return(self):
        self.assertEqual(self.pca.stop(), 0)
        made = [self.report(f"省局停机期间 {i}") for i in range(5)]

        def held():
            peer = self.tel.get("/api/v1/peers/pca-330000")
            return peer["outbox"]["queued"] + peer["outbox"]["sent"] >= 5 and peer["why"]
        self.tel.until(held, "says that the province cannot be reached")
        told = self.tel.run("peers").stdout
        self.assertIn("pca-330000", told)
        self.pca.start()
        for one in made:
            self.sees(self.pca, one["subject"], "reported")
            self.sees(self.miit, one["subject"], "reported")
        lines = self.tel.json("outbox", "pca-330000")["items"]
        self.assertTrue(all(line["state"] in ("acked", "queued", "sent") for line in lines), lines)

    def test_a_kill_loses_no_acknowledged_act(self):
        for victim in (self.tel, self.pca, self.miit):
            made = [self.report(f"断电 {victim.name} {i}") for i in range(3)]
            victim.stop(signal.SIGKILL)
            victim.start()
            for one in made:
                for node in self.nodes:
                    self.sees(node, one["subject"], "reported")
        acts = [a["id"] for a in self.miit.get("/api/v1/acts?limit=500")["items"]]
        self.assertEqual(len(acts), len(set(acts)))
        self.sound()

    def test_a_code_works_once(self):
        again = Node(PROGRAM, self.folder.name, "pca-again")
        again.make()
        done = again.run("enroll", "join", "--code", self.first_code, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("error", done.stderr)

    def test_the_link_takes_nobody_without_a_certificate(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.pca.link_port), timeout=30) as plain, \
                context.wrap_socket(plain) as tls:
            self.assertEqual(tls.version(), "TLSv1.3")
            tls.sendall(b"POST /link/v1/exchange HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            self.assertIn(b" 401 ", tls.recv(4096).split(b"\r\n")[0])
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with socket.create_connection(("127.0.0.1", self.pca.link_port), timeout=30) as plain:
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(plain)

    def test_only_a_demonstration_sets_the_clock(self):
        with self.assertRaises(Refused) as caught:
            self.miit.call("POST", "/api/v1/demo", {"clock_offset_ms": 1000})
        self.assertEqual(caught.exception.status, 501)

    def test_a_backup_of_a_running_node_verifies(self):
        self.report()
        made = self.tel.call("POST", "/api/v1/backups", {"name": "one"})
        self.assertGreaterEqual(made["acts"], 2)
        copied = subprocess.run([PROGRAM, "verify", made["path"], "--json"], capture_output=True, text=True,
                                check=False)
        self.assertEqual((copied.returncode, json.loads(copied.stdout)["root"]), (0, made["root"]))
        with self.assertRaises(Refused) as caught:
            self.tel.call("POST", "/api/v1/backups", {"name": "one"})
        self.assertEqual(caught.exception.status, 409)
        with self.assertRaises(Refused) as caught:
            self.tel.call("POST", "/api/v1/backups", {"name": "../one"})
        self.assertEqual(caught.exception.problem["field"], "body.name")


unittest.main()
