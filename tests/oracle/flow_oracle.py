#!/usr/bin/env python3
"""flow_oracle.py BINARY: records of `fengsui sensor flow --records` against tshark, field by field, in order.

Every datagram of the shared test data is put into a capture, templates before the data that they read, each
vendor as a sender of its own; captures of sFlow are taken as they are. Exit code 77 (skipped) without tshark
or the data.
"""
import ipaddress
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree

SKIPPED = 77
# Our field: tshark's, in the order in which the decoder prefers them; a zero gives way to the next.
NUMBERS = {
    "packets": ("packets", "packets64", "packetsout", "permanent_packets", "post_packets",
                "initiator_packets"),
    "bytes": ("octets", "octets64", "permanent_octets", "post_octets", "octetsout", "initiator_octets"),
    "protocol": ("protocol",),
    "source_port": ("srcport", "udp_source_port", "tcp_source_port"),
    "target_port": ("dstport", "udp_destination_port", "tcp_destination_port"),
    "tcp_flags": ("tcpflags",),
    "input": ("inputint",), "output": ("outputint",),
    "source_as": ("srcas",), "target_as": ("dstas",),
}
ADDRESSES = {"source": ("srcaddr", "srcaddrv6"), "target": ("dstaddr", "dstaddrv6")}
# Datagrams that tshark leaves in the middle: an address of two bytes that H3C really sends, sets under odd
# numbers, further messages of IPFIX behind the first.
TSHARK_GIVES_UP = {"netflow9_test_h3c", "netflow9_test_invalid01.dat", "ipfix.dat"}
# A count that cannot be: refused by us, read by tshark as far as the bytes go.
REFUSED = {"netflow5_test_invalid01.dat"}
ICMP = (1, 58)  # ours puts type and code into the target port


def vendor(name):
    return re.sub(r"_?(opt)?(tpl|data).*", "", name)


def sender(number):
    return bytes([198, 18, number // 250, 1 + number % 250])


def write_capture(files, path):
    """An Ethernet capture; returns how many datagrams it has."""
    vendors = sorted({vendor(os.path.basename(f)) for f in files})
    files = sorted(files, key=lambda f: (vendor(os.path.basename(f)), "tpl" not in os.path.basename(f), f))
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, name in enumerate(files):
            with open(name, "rb") as file:
                body = file.read()
            port = 4739 if body[:2] == b"\0\x0a" else 2055
            udp = struct.pack(">HHHH", 40000, port, 8 + len(body), 0) + body
            source = sender(vendors.index(vendor(os.path.basename(name))))
            head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), number, 0, 64, 17, 0)
            frame = bytes(12) + b"\x08\x00" + head + source + bytes([192, 0, 2, 1]) + udp
            out.write(struct.pack("<IIII", 1500000000, number, len(frame), len(frame)) + frame)


def pdml(path, ports=(2055, 4739)):
    decode = [word for port in ports for word in ("-d", f"udp.port=={port},cflow")]
    done = subprocess.run(["tshark", "-r", path, *decode, "-T", "pdml"], capture_output=True, check=True)
    return ElementTree.fromstring(done.stdout)


def flow_nodes(root):
    for packet in root:
        for proto in packet:
            if proto.get("name") == "cflow":
                for field in proto.iter("field"):
                    if re.match(r"(Flow|pdu) \d+", field.get("show") or "") or re.match(
                            r"pdu \d+", field.get("showname") or ""):
                        yield field


def values(node):
    """Raw bytes by name; of one name twice, the first that is not zero."""
    found = {}
    for field in node:
        name = (field.get("name") or "").removeprefix("cflow.")
        try:
            raw = bytes.fromhex(field.get("value") or "")
        except ValueError:
            continue
        if name and raw and not any(found.get(name, b"")):
            found[name] = raw
        for below in field:  # v5 keeps some a level deeper
            if below.get("name") == "cflow.tcpflags":
                found["tcpflags"] = bytes.fromhex(below.get("value"))
    return found


def wanted(node):
    told = values(node)
    record = {}
    for ours, names in NUMBERS.items():
        numbers = [int.from_bytes(told[n], "big") for n in names if n in told and len(told[n]) <= 8]
        mask = 0xFF if ours in ("tcp_flags", "protocol") else -1
        record[ours] = next((n for n in numbers if n), 0) & mask
    for ours, names in ADDRESSES.items():
        raw = [told[n] for n in names if n in told and len(told[n]) in (4, 16)]
        record[ours] = next((r.hex() for r in reversed(raw) if any(r)), raw[0].hex() if raw else "")
    return record


def address_hex(text):
    return ipaddress.ip_address(text).packed.hex() if text else ""


def got(binary, path):
    done = subprocess.run([binary, "sensor", "flow", "--records", "--pcap", path], capture_output=True,
                          check=True)
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if "kind" not in record:
            yield {**{k: record.get(k, 0) for k in NUMBERS},
                   **{k: address_hex(record.get(k)) for k in ADDRESSES}}


def empty(record):
    """A record about the exporter itself."""
    return not record["source"] and not record["target"] and not record["bytes"]


def compare(name, ours, theirs):
    if name in TSHARK_GIVES_UP:
        assert len(theirs) < len(ours), name
        ours = ours[:len(theirs)]
    if len(ours) != len(theirs):
        sys.exit(f"{name}: {len(ours)} records, tshark has {len(theirs)}")
    for number, (a, b) in enumerate(zip(ours, theirs), 1):
        if a["protocol"] in ICMP:
            a["target_port"] = b["target_port"]
        if a != b:
            sys.exit(f"{name}, record {number}:\nours   {a}\ntshark {b}")
    print(f"{name}: {len(ours)} records, the same")
    return len(ours)


def sflow_wanted(root):
    """Source and target of every packet inside a datagram of sFlow."""
    for packet in root:
        for proto in packet:
            if proto.get("name") == "sflow":
                for ip in proto.iter("proto"):
                    kind = ip.get("name")
                    if kind in ("ip", "ipv6"):
                        fields = {f.get("name"): f.get("value") for f in ip.iter("field")}
                        yield fields[f"{kind}.src"], fields[f"{kind}.dst"]


def compare_sflow(binary, path):
    """One of the captures has NetFlow among it, sent to the port of sFlow."""
    netflow = map(wanted, flow_nodes(pdml(path, (6343,))))
    theirs = sorted([*sflow_wanted(pdml(path)), *((r["source"], r["target"]) for r in netflow)])
    ours = sorted((r["source"], r["target"]) for r in got(binary, path))
    if ours != theirs:
        sys.exit(f"{path}:\nours   {ours}\ntshark {theirs}")
    print(f"{os.path.basename(path)}: {len(ours)} samples, the same")
    return len(ours)


def main():
    binary = os.path.abspath(sys.argv[1])
    archive = os.path.join(os.environ.get("FENGSUI_SHARED", "../shared"), "data", "flow.tar.xz")
    if not os.path.isfile(archive) or not shutil.which("tshark"):
        print(f"skipped: needs tshark and {archive}; name its folder in FENGSUI_SHARED")
        sys.exit(SKIPPED)
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as tar:
            tar.extractall(folder)
        names = [os.path.join(folder, n) for n in sorted(os.listdir(folder))]
        data = [n for n in names if n.endswith(".dat")]
        for who in sorted({vendor(os.path.basename(n)) for n in data}):
            path = os.path.join(folder, "one.pcap")
            write_capture([n for n in data if vendor(os.path.basename(n)) == who], path)
            theirs = [r for r in map(wanted, flow_nodes(pdml(path))) if not empty(r)]
            theirs = [] if who in REFUSED else theirs
            ours = [r for r in got(binary, path) if not empty(r)]
            total += compare(who, ours, theirs)
        total += sum(compare_sflow(binary, n) for n in names if n.endswith(".pcap"))
    assert total > 300, total
    print(f"{total} records compared")


main()
