#!/usr/bin/env python3
"""dns_oracle.py BINARY: messages of `fengsui sensor dns --records` against tshark on every capture of DNS.

Compared are id, direction, rcode, type, name and count of answers of every message, in order. Captures made
to break decoders are compared as far as both go. Exit code 77 (skipped) without
tshark or the data.
"""
import glob
import json
import os
import shutil
import subprocess
import sys

SKIPPED = 77
FIELDS = ("dns.id", "dns.flags.response", "dns.flags.rcode", "dns.qry.type", "dns.qry.name",
          "dns.count.answers")
# What we count as fragments is left out; so is mDNS, and what ICMP quotes.
WHOLE = "dns && !icmp && !mdns && !(ip.flags.mf == 1) && !(ip.frag_offset > 0) && !ipv6.fraghdr"
# Made to break decoders: tshark shows what it could read of a message, we refuse it whole.
REFUSED = {"dns-badlabel.pcap", "dns-zlip-1.pcap", "dns-zlip-2.pcap", "ndpi-malformed_dns.pcap"}
# Holes in TCP: tshark drops what we take up again behind the hole.
HOLES = {"oarc-dnso1tcp-bighole.pcap"}


def plain(name):
    return name.lower() if name.isascii() and "\\" not in name else None


def wanted(path):
    command = ["tshark", "-r", path, "-o", "ip.defragment:FALSE", "-d", "tcp.port==53,dns", "-Y", WHOLE,
               "-T", "fields", "-E", "separator=|", "-E", "aggregator=;", "-E", "occurrence=a"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, check=True, text=True, errors="replace")
    rows = []
    for line in done.stdout.splitlines():
        ids, responses, rcodes, types, names, answers = line.split("|")
        for number, one in enumerate(ids.split(";")):  # several messages in one segment
            response = responses.split(";")[number] in ("1", "True")
            rcode = rcodes.split(";")
            rows.append({"id": int(one, 0), "response": response,
                         "rcode": int(rcode.pop(0) or 0) if len(ids.split(";")) == 1 else None,
                         "type": int((types.split(";") + [""])[0] or 0),
                         "name": names.split(";")[min(number, names.count(";"))],
                         "answers": int(answers.split(";")[number] or 0)})
    return rows


def got(binary, path):
    done = subprocess.run([binary, "sensor", "dns", "--records", "--pcap", path], capture_output=True,
                          check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [r for r in rows if "kind" not in r]


def same(ours, theirs):
    if any(ours[key] != theirs[key] for key in ("id", "response", "answers")):
        return False
    if theirs["response"] and theirs["rcode"] is not None and ours["rcode"] != theirs["rcode"]:
        return False
    name = plain(theirs["name"])
    if name == "<root>":
        name = ""
    return name is None or "\\" in ours["name"] or (ours["name"], ours["type"]) == (name, theirs["type"])


def compare(binary, path):
    name = os.path.basename(path)
    ours, theirs = got(binary, path), wanted(path)
    if name in REFUSED:
        assert len(ours) <= len(theirs), name
        return 0
    if name in HOLES:
        left = {r["id"] for r in theirs}
        assert left <= {r["id"] for r in ours}, name
        return len(left)
    if len(ours) != len(theirs):
        sys.exit(f"{name}: {len(ours)} messages, tshark has {len(theirs)}")
    for number, (a, b) in enumerate(zip(ours, theirs), 1):
        if not same(a, b):
            sys.exit(f"{name}, message {number}:\nours   {a}\ntshark {b}")
    print(f"{name}: {len(ours)} messages, the same")
    return len(ours)


def main():
    binary = os.path.abspath(sys.argv[1])
    folder = os.path.join(os.environ.get("FENGSUI_SHARED", "../shared"), "data", "pcap")
    if not os.path.isdir(folder) or not shutil.which("tshark"):
        print(f"skipped: needs tshark and {folder}; name its folder in FENGSUI_SHARED")
        sys.exit(SKIPPED)
    total = 0
    for pattern in ("dns*", "ndpi-*", "oarc-*"):
        total += sum(compare(binary, path) for path in sorted(glob.glob(os.path.join(folder, pattern))))
    assert total > 500, total
    print(f"{total} messages compared")


main()
