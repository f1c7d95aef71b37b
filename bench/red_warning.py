#!/usr/bin/env python3
"""A red warning forwarded by the ministry, through 31 provinces to 10 enterprises each: 342 real nodes here.

red_warning.py FENGSUI [--provinces N] [--enterprises N] [--rounds N]

Every node is a process with its own signer, keys, record and mutual TLS. Told: seconds to the last receipt
at the ministry, and what a node takes to start and to idle. Figures as JSON lines.
"""
import argparse
import concurrent.futures
import json
import os
import signal
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "e2e"))
from node import Node, enrol  # noqa: E402  (the folder must be known first)

PROVINCES = [11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
             53, 54, 61, 62, 63, 64, 65]
WARNING = {"title": "演示数据：转发红色预警", "colour": "red", "reference": "演示〔2026〕1号",
           "starts": "2026-11-20T08:00:00+08:00", "scope": "全国", "harm": "大规模蠕虫传播",
           "precautions": "关闭受影响端口，安装补丁", "time_limit": "2 小时内反馈", "issuer": "演示·部应急办",
           "hotline": "010-0000"}


def resident_kib(pid):
    """Of a process and its children: memory that only they hold."""
    total, pids = 0, [pid]
    for one in pids:
        with open(f"/proc/{one}/task/{one}/children", encoding="ascii") as file:
            pids += [int(word) for word in file.read().split()]
        with open(f"/proc/{one}/smaps_rollup", encoding="ascii") as file:
            total += sum(int(line.split()[1]) for line in file if line.startswith("Private_"))
    return total


class Country:
    def __init__(self, program, folder, provinces, enterprises):
        self.top = Node(program, folder, "miit")
        self.provinces = [Node(program, folder, f"pca-{code}0000") for code in PROVINCES[:provinces]]
        self.enterprises = {p: [Node(program, folder, f"demo-tel-{p.name[4:]}-{i}")
                                for i in range(enterprises)] for p in self.provinces}
        self.starts_s = []
        self.pool = concurrent.futures.ThreadPoolExecutor(2)  # nodes end with the thread that started them

    def everybody(self):
        return [self.top, *self.provinces, *(e for es in self.enterprises.values() for e in es)]

    def start(self, node):
        begun = time.monotonic()
        node.start()
        self.starts_s.append(time.monotonic() - begun)

    def found(self):
        self.top.settings["limits"] = {"connections_per_address": 1024}  # all stand behind one address here
        self.top.make("--ministry", "--name", "演示·工业和信息化部")
        self.start(self.top)
        for province in self.provinces:
            region = province.name[4:]
            enrol(self.top, province, f"演示·{region} 管理局", "province", region, "PCA", "--ca")
            self.start(province)
        for done in [self.pool.submit(self.found_enterprises, p) for p in self.provinces]:
            done.result()

    def found_enterprises(self, province):
        region = province.name[4:]
        for enterprise in self.enterprises[province]:
            enrol(province, enterprise, f"演示·{enterprise.name}", "enterprise", region, "TEL")
            self.start(enterprise)

    def knows_all(self):
        """The ministry has every node's card: only then can it address them."""
        count, cursor = 0, ""
        while cursor is not None:
            page = self.top.get("/api/v1/nodes?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            count += len(page["items"])
            cursor = page.get("next")
        return count == len(self.everybody())

    def warn(self, officer):
        wanted = len(self.everybody()) - 1
        begun = time.monotonic()
        made = self.top.call("POST", "/api/v1/warnings/forwards", WARNING, officer)
        acked = time.monotonic() - begun
        half = None
        while True:
            receipts = {r["node"] for r in self.top.get(f"/api/v1/acts/{made['act']}/receipts")["items"]}
            if half is None and len(receipts) * 2 >= wanted:
                half = time.monotonic() - begun
            if len(receipts) >= wanted:
                return {"acknowledged_s": acked, "half_s": half, "last_receipt_s": time.monotonic() - begun}
            time.sleep(0.05)

    def stop(self):
        for node in self.everybody():
            if node.process:
                node.process.send_signal(signal.SIGTERM)
        for node in self.everybody():
            node.stop()
        self.pool.shutdown()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--provinces", type=int, default=31)
    parser.add_argument("--enterprises", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        country = Country(os.path.abspath(args.program), folder, args.provinces, args.enterprises)
        try:
            country.found()
            country.top.until(country.knows_all, "knows all nodes")
            time.sleep(5)  # let them idle before they are measured
            idle = [resident_kib(node.process.pid) for node in country.everybody()]
            officer = country.top.token_of("officer")
            rounds = [country.warn(officer) for _ in range(args.rounds)]
        finally:
            country.stop()
    print(json.dumps({"bench": "red_warning", "nodes": len(idle),
                      "start_ms": round(statistics.median(country.starts_s) * 1000),
                      "idle_private_mib": round(statistics.median(idle) / 1024, 1),
                      "idle_private_mib_most": round(max(idle) / 1024, 1)}))
    for figures in rounds:
        print(json.dumps({"bench": "red_warning.round", **{k: round(v, 2) for k, v in figures.items()}}))


if __name__ == "__main__":
    main()
