#!/usr/bin/env python3
"""kill.py [--kills N] [--clients N] [--seed N] PROGRAM: SIGKILL for a loaded node, N times; prints JSON.

An enterprise's node is loaded by clients that repeat every request, with its idempotency key, until it is
answered. It is killed with its signer at random moments and started again. Afterwards every acknowledged act
must be there, every request must have had one effect, here and at the province, and both ledgers must verify.
"""
import argparse
import collections
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from node import Node, Refused, enrol  # noqa: E402

RETURN_MAX_S = 2.0
THINK_S = 0.005


def report(title):
    return {"title": title, "scope": "门户网站用户", "harm": "可能被入侵", "measures": "下线相关服务",
            "advice": "请省局通报", "level": "IV", "source_kind": "vulnerability"}


class Load:
    """Clients of one node. Each works until told to stop, and then still gets its last answer."""

    def __init__(self, node, token, count):
        self.node, self.token = node, token
        self.acknowledged = {}  # title: act
        self.repeats = 0
        self.strange = []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.work) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def work(self):
        while not self.stopping.is_set():
            self.one(str(uuid.uuid4()))
            time.sleep(THINK_S)

    def one(self, key):
        while True:
            try:
                status, fields, got = self.node.ask("POST", "/api/v1/incidents/hazards", report(key),
                                                    self.token, {"Idempotency-Key": key})
            except (OSError, ValueError, self.node.broken):
                time.sleep(0.01)
                continue
            if status == 503:
                time.sleep(0.01)
            elif status == 201:
                self.repeats += "idempotency-replayed" in fields
                self.acknowledged[key] = json.loads(got)["act"]
                return
            else:
                self.strange.append((status, got[:300].decode(errors="replace")))
                return

    def end(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def titles(node):
    """How often each title is there."""
    found, cursor = collections.Counter(), ""
    while cursor is not None:
        page = node.get("/api/v1/incidents?limit=500" + (f"&cursor={cursor}" if cursor else ""))
        found.update(item["title"] for item in page["items"])
        cursor = page["next"]
    return found


def acts(node):
    found, cursor = set(), ""
    while cursor is not None:
        page = node.get("/api/v1/acts?limit=500" + (f"&cursor={cursor}" if cursor else ""))
        ids = [item["id"] for item in page["items"]]
        if len(set(ids)) != len(ids) or found & set(ids):
            raise AssertionError("an act is there twice")
        found.update(ids)
        cursor = page["next"]
    return found


def arrived(node, wanted):
    try:
        return titles(node).keys() >= wanted
    except Refused:
        return False


def run(options, folder):
    dice = random.Random(options.seed)
    nodes = [Node(options.program, folder, name) for name in ("miit", "pca-330000", "demo-telecom-zj")]
    ministry, province, victim = nodes
    try:
        ministry.make("--ministry", "--name", "工业和信息化部")
        ministry.start()
        enrol(ministry, province, "浙江省通信管理局", "province", "330000", "PCA", "--ca")
        province.start()
        enrol(province, victim, "演示电信", "enterprise", "330000", "TEL")
        victim.start()
        load = Load(victim, victim.token_of("officer"), options.clients)
        returns = []
        for _ in range(options.kills):
            time.sleep(dice.uniform(0, 0.15))
            victim.stop(signal.SIGKILL)
            began = time.monotonic()
            victim.start()
            returns.append(time.monotonic() - began)
        load.end()
        wanted = load.acknowledged.keys()
        here, kept = titles(victim), acts(victim)
        province.until(lambda: arrived(province, wanted), "got every report")
        there = titles(province)
        reports = [node.verify() for node in (victim, province)]
        returns.sort()
        lost = [key for key, act in load.acknowledged.items() if here[key] == 0 or act not in kept]
        return {"kills": options.kills, "acknowledged": len(wanted), "answered_again": load.repeats,
                "lost": len(lost),
                "duplicates": len([1 for n in here.values() if n > 1]) +
                len([1 for n in there.values() if n > 1]),
                "strange": load.strange[:5], "ledgers_sound": all(r["ok"] for r in reports),
                "return_ms": {"median": round(1000 * returns[len(returns) // 2]),
                              "p99": round(1000 * returns[int(len(returns) * 0.99)]),
                              "worst": round(1000 * returns[-1])}}
    finally:
        for node in nodes:
            node.stop(signal.SIGKILL)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", action="store_true", help="do not judge how soon it serves again")
    parser.add_argument("program", type=os.path.abspath)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = run(options, folder)
    good = told["acknowledged"] > 0 and not told["lost"] and not told["duplicates"] and not told["strange"] \
        and told["ledgers_sound"] and (options.slow or told["return_ms"]["worst"] <= 1000 * RETURN_MAX_S)
    print(json.dumps(dict(told, ok=good), ensure_ascii=False))
    return 0 if good else 1


sys.exit(main())
