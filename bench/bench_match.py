#!/usr/bin/env python3
"""bench_match.py FENGSUI [PEER_HYPERSCAN]: a log of EVE records against real lists, beside peers, one core.

CPU seconds of the whole process, index opening included; medians of ROUNDS; JSON lines. Peers that are not
installed are named and left out. Hyperscan takes a minute and 3 GB to compile every name; that runs only with
BENCH_LONG=1. Needs the shared test data, see tests/README.md.
"""
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile

ROUNDS, LOG_BYTES, TIMES, FEW = 5, 256 << 20, 4, 100_000
NAME_CHARACTERS = set("abcdefghijklmnopqrstuvwxyz0123456789.-_")


def cpu_seconds(command, times=1):
    """The CPU seconds of a command and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):  # 1: grep found nothing
        sys.exit(f"{command[0]} ended with {done.returncode}")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent / times, done.stdout.decode()


def tell(what, seconds, size, **more):
    print(json.dumps({"what": what, "gb_per_cpu_s": round(size / seconds / 1e9, 3), **more}), flush=True)


def unpack(shared, name, folder):
    with tarfile.open(os.path.join(shared, "indicators", name)) as tar:
        tar.extractall(folder)


def lists_of(folder):
    found = []
    for root, _, files in os.walk(folder):
        found += [os.path.join(root, f) for f in sorted(files) if f.endswith(".txt")]
    return [f for f in sorted(found) if "/trails/" in f or "full-300k" in f or f.endswith("levels/1.txt")]


def names_of(lists):
    names = set()
    for path in lists:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                word = line.split("#")[0].strip().lower()
                usual = "." in word and NAME_CHARACTERS.issuperset(word)
                if usual and not word.rsplit(".", 1)[1].isdigit():
                    names.add(word)
    return sorted(names)


def popular(folder):
    with open(os.path.join(folder, "lists", "tranco10k", "list.json"), encoding="utf-8") as file:
        return json.load(file)["list"]


def make_log(path, good, bad, draw):
    """Records as Suricata writes them: half DNS, then TLS, HTTP and flows; one in a thousand is bad."""
    ends = {"timestamp": "2026-05-01T10:00:00.123456+0800", "in_iface": "eno1", "vlan": [101]}
    size = number = 0
    with open(path, "w", encoding="utf-8") as out:
        while size < LOG_BYTES:
            number += 1
            name = draw.choice(("www.", "api.", "", "cdn-3.", "mail.")) + draw.choice(good)
            if number % 1000 == 0:
                name = "x1." + draw.choice(bad)
            record = {**ends, "flow_id": draw.getrandbits(50),
                      "src_ip": f"10.{draw.getrandbits(8)}.{draw.getrandbits(8)}.7",
                      "src_port": draw.getrandbits(16),
                      "dest_ip": f"{draw.randrange(20, 200)}.{draw.getrandbits(8)}.{draw.getrandbits(8)}.9",
                      "dest_port": 443, "proto": "TCP"}
            turn = number % 10
            if turn < 5:
                record |= {"event_type": "dns", "dns": {
                    "version": 2, "type": "answer", "id": turn, "flags": "8180",
                    "qr": True, "rd": True, "ra": True,
                    "rrname": name, "rrtype": "A", "rcode": "NOERROR",
                    "answers": [{"rrname": name, "rrtype": "A", "ttl": 300, "rdata": record["dest_ip"]}]}}
            elif turn < 7:
                record |= {"event_type": "tls", "tls": {
                    "subject": f"CN={name}", "issuerdn": "C=US, O=Let's Encrypt, CN=R3",
                    "sni": name, "version": "TLS 1.3",
                    "fingerprint": "aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd",
                    "ja3": {"hash": f"{draw.getrandbits(128):032x}"}}}
            elif turn < 9:
                record |= {"event_type": "http", "http": {
                    "hostname": name, "url": f"/a/b/{draw.getrandbits(32):x}?q=1",
                    "http_user_agent": "Mozilla/5.0",
                    "http_content_type": "text/html", "http_method": "GET", "status": 200, "length": 5120}}
            else:
                record |= {"event_type": "flow", "flow": {
                    "pkts_toserver": 12, "pkts_toclient": 9, "bytes_toserver": 3100, "bytes_toclient": 90000,
                    "state": "closed", "reason": "timeout", "alerted": False}}
            line = json.dumps(record, separators=(",", ":")) + "\n"
            size += len(line)
            out.write(line)


def rounds(command, times=1):
    runs = [cpu_seconds(command, times) for _ in range(ROUNDS)]
    return statistics.median(s for s, _ in runs), runs[0][1]


def true_hits(log, names):
    """Lines with a name that is on the list or under one: for the share of right lines of peers."""
    listed, right = set(names), set()
    with open(log, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            record = json.loads(line)
            for name in (record.get("dns", {}).get("rrname"), record.get("tls", {}).get("sni"),
                         record.get("http", {}).get("hostname")):
                while name:
                    if name in listed:
                        right.add(number)
                        break
                    name = name.partition(".")[2]
    return len(right)


def main():
    fengsui = os.path.abspath(sys.argv[1])
    hyperscan = sys.argv[2] if len(sys.argv) > 2 else None
    shared = os.path.join(os.environ.get("FENGSUI_SHARED", "../shared"), "data")
    if not os.path.isdir(shared):
        print(f"skipped: {shared} is not here; name its folder in FENGSUI_SHARED")
        return
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("maltrail-trails", "malicious-ip", "misp-warninglists", "ipsum"):
            unpack(shared, name + ".tar.xz", folder)
        lists, log = lists_of(folder), os.path.join(folder, "eve.json")
        digests = os.path.join(folder, "digests.txt")
        with open(digests, "w", encoding="utf-8") as out:
            out.writelines(f"{draw.getrandbits(256):064x}\n" for _ in range(100_000))
        names = names_of(lists)
        few = sorted(draw.sample(names, FEW))
        for path, chosen in ((folder + "/all.txt", names), (folder + "/few.txt", few)):
            with open(path, "w", encoding="utf-8") as out:
                out.writelines(n + "\n" for n in chosen)
        make_log(log, popular(folder), few, draw)
        size = os.path.getsize(log)
        index, small = os.path.join(folder, "all.idx"), os.path.join(folder, "few.idx")
        build, _ = cpu_seconds([fengsui, "index", "build", "-o", index, "--bad-lines", "0", digests, *lists])
        cpu_seconds([fengsui, "index", "build", "-o", small, folder + "/few.txt"])
        info = json.loads(cpu_seconds([fengsui, "index", "info", index])[1])
        print(json.dumps({"what": "index", "build_cpu_s": round(build, 2), "info": {
            k: v for k, v in info.items() if isinstance(v, (int, dict))}}), flush=True)

        limit, _ = rounds(["wc", "-l"] + [log] * TIMES, TIMES)
        tell("wc -l", limit, size)
        command = [fengsui, "match", "-i", index, "--count", "--threads", "1", "--format", "eve"]
        ours, said = rounds(command + [log] * TIMES, TIMES)
        tell("fengsui match, everything", ours, size, of_wc=round(limit / ours, 3),
             hits=json.loads(said)["total"] // TIMES)
        ours_few, said = rounds([*command[:3], small, *command[4:]] + [log] * TIMES, TIMES)
        tell("fengsui match, 100 k names", ours_few, size, hits=json.loads(said)["total"] // TIMES)
        right = true_hits(log, few)
        if shutil.which("rg"):
            ripgrep, said = cpu_seconds(["rg", "-j1", "-c", "-F", "-f", folder + "/few.txt", log])
            tell("ripgrep -F, 100 k names", ripgrep, size, fengsui_is=round(ripgrep / ours_few, 1),
                 lines=int(said or 0), right_lines=right)
        else:
            print("skipped: ripgrep is not installed")
        if hyperscan:
            sets = [("few", FEW, ours_few)]
            if os.environ.get("BENCH_LONG"):
                sets.append(("all", len(names), ours))
            for which, count, mine in sets:
                peer = json.loads(cpu_seconds([hyperscan, f"{folder}/{which}.txt", log, str(TIMES)])[1])
                tell(f"Hyperscan literals, {count} names", peer["scan_cpu_s"], size,
                     compile_cpu_s=peer["compile_cpu_s"],
                     fengsui_is=round(peer["scan_cpu_s"] / mine, 2), lines=peer["lines"])
        else:
            print("skipped: Hyperscan is not installed")


main()
