#!/usr/bin/env python3
"""bench_flow.py FENGSUI: CPU time a flow of NetFlow v5 over UDP, beside nfcapd where installed.

Each collector gets the same datagrams of thirty flows, a third of them to one target, at a pace that loses
none. JSON lines; medians of ROUNDS. nfcapd stores the flows and detects nothing; fengsui detects and stores
nothing.
"""
import json
import os
import random
import resource
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

ROUNDS, DATAGRAMS, FLOWS, PORT, PER_SECOND = 3, 40_000, 30, 29_995, 10_000


def datagrams():
    draw = random.Random(1)
    made = []
    for _ in range(256):
        body = b"".join(struct.pack(
            ">IIIHHIIIIHHBBBBHHBBH", 0x0A000000 + draw.getrandbits(20),
            0xC6336401 if i % 3 == 0 else 0xC6330000 + draw.getrandbits(16), 0, 1, 2, 3, 1800, 9000, 10000,
            draw.getrandbits(16), 443, 0, 0x1B, 6, 0, 0, 0, 24, 24, 0) for i in range(FLOWS))
        made.append(body)
    return made


def send(bodies):
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    begun = time.monotonic()
    for number in range(DATAGRAMS):
        head = struct.pack(">HHIIIIBBH", 5, FLOWS, 10000, int(time.time()), 0, number * FLOWS, 0, 0, 0)
        out.sendto(head + bodies[number % len(bodies)], ("127.0.0.1", PORT))
        if number % 100 == 0:
            time.sleep(max(0, begun + number / PER_SECOND - time.monotonic()))


def run(command, bodies):
    """CPU nanoseconds a flow, and what the collector printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(3)  # until it listens, on a busy machine too
    send(bodies)
    time.sleep(1)
    child.send_signal(signal.SIGTERM)
    said = child.communicate()[0].decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent * 1e9 / (DATAGRAMS * FLOWS), said


def main():
    fengsui = os.path.abspath(sys.argv[1])
    bodies = datagrams()
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            cost, said = run([fengsui, "sensor", "flow", "--listen", f"127.0.0.1:{PORT}"], bodies)
            summary = json.loads(said.splitlines()[-1])
            if summary["records"] + summary["lost"]["sequence"] < DATAGRAMS * FLOWS:
                print(json.dumps({"what": "a round lost its last datagrams", "records": summary["records"]}))
            ours.append(cost)
            if shutil.which("nfcapd"):
                theirs.append(run(["nfcapd", "-b", "127.0.0.1", "-p", str(PORT), "-w", folder], bodies)[0])
    mine = statistics.median(ours)
    print(json.dumps({"what": "fengsui, NetFlow v5 with detection", "cpu_ns_a_flow": round(mine),
                      "lost": summary["lost"], "records": summary["records"]}))
    if theirs:
        print(json.dumps({"what": "nfcapd", "cpu_ns_a_flow": round(statistics.median(theirs)),
                          "fengsui_is": round(mine / statistics.median(theirs), 2)}))
    else:
        print("skipped: nfcapd is not installed")


main()
