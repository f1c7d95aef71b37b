#!/usr/bin/env python3
"""match_oracle.py BINARY: the hits of `fengsui match` against a naive reader, on real lists and logs.

Every pair of a value and an indicator that holds for it counts: (line, field, kind, value, indicator).
Exit code 77 (skipped) where the data is not there; see tests/README.md.
"""
import gzip
import ipaddress
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile

SKIPPED = 77
DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+")


# --- the lists ---

class Lists:
    """Indicators by kind: names as a set, prefixes by length, URLs by text, endpoints as pairs."""

    def __init__(self):
        self.names, self.urls, self.endpoints = set(), {}, set()
        self.prefixes = {4: {}, 6: {}}

    def add(self, text):
        try:
            net = ipaddress.ip_network(text, strict=False)
            self.prefixes[net.version].setdefault(net.prefixlen, set()).add(int(net.network_address))
            return True
        except ValueError:
            pass
        match = re.fullmatch(r"(\d+\.\d+\.\d+\.\d+):(\d{1,5})", text)
        if match:
            try:
                ipaddress.ip_address(match[1])
            except ValueError:
                return False
            if not 0 < int(match[2]) < 65536:
                return False
            self.endpoints.add((match[1], int(match[2])))
            return True
        match = re.fullmatch(r"http://([a-z0-9.-]+)(/[A-Za-z0-9_./-]*)", text)
        if match and ".." not in match[2] and "/./" not in match[2]:
            self.urls[match[1] + match[2]] = text
            return True
        if DOMAIN.fullmatch(text) and len(text) <= 253 and not text.rsplit(".", 1)[1].isdigit():
            self.names.add(text)
            return True
        return False

    def of_name(self, name):
        name = name.lower()
        name = name[:-1] if name.endswith(".") else name
        while name:
            if name in self.names:
                yield "domain", name
            name = name.partition(".")[2]

    def of_address(self, text):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return
        bits = address.max_prefixlen
        for length, networks in self.prefixes[address.version].items():
            base = int(address) >> (bits - length) << (bits - length)
            if base in networks:
                net = ipaddress.ip_network((base, length))
                yield f"ipv{address.version}", str(net.network_address) if length == bits else str(net)

    def of_host(self, text):
        found = list(self.of_address(text))
        return found if found or re.fullmatch(r"[0-9.]+", text) else list(self.of_name(text))


# --- the logs ---

NAMES = {"query", "rrname"}
HOSTS = {"rdata", "answers", "sni", "server_name", "hostname", "host", "helo"}
ADDRESSES = {"src_ip", "dest_ip", "id.orig_h", "id.resp_h", "src", "dst", "A", "AAAA", "path",
             "x_originating_ip"}
PAIRS = (("src_ip", "src_port"), ("dest_ip", "dest_port"), ("id.orig_h", "id.orig_p"),
         ("id.resp_h", "id.resp_p"))


def walk(value, path="", key=""):
    """Every string of a record with its path, and the key it stands under."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from walk(inner, f"{path}.{name}" if path else name, name)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from walk(inner, f"{path}[{i}]", key)
    elif isinstance(value, str):
        yield path, key, value


def hits_of_record(lists, record):
    for path, key, value in walk(record):
        if key in ADDRESSES:
            found = lists.of_address(value)
        elif key in NAMES:
            found = lists.of_name(value)
        elif key in HOSTS and " " not in value:
            found = lists.of_host(value)
        else:
            continue
        for kind, indicator in found:
            yield path, kind, value, indicator
    for address, port in PAIRS:
        if (record.get(address), record.get(port)) in lists.endpoints:
            text = f"{record[address]}:{record[port]}"
            yield address, "endpoint", text, text
    http = record.get("http")
    if isinstance(http, dict) and "hostname" in http and "url" in http:
        yield from hits_of_url(lists, "http.url", http["hostname"], http["url"])


def hits_of_url(lists, path, host, url):
    whole = host.lower() + url
    for indicator, text in lists.urls.items():
        rest = whole[len(indicator):]
        if whole.startswith(indicator) and (not rest or rest[0] in "/?&" or indicator[-1] in "/?&="):
            yield path, "url", host + url, text


def records(path):
    """(line, record) of a log of JSON lines; a Zeek table gives records too."""
    fields, types = [], []
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", errors="surrogateescape") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("#fields"):
                fields = line.split("\t")[1:]
            elif line.startswith("#types"):
                types = line.split("\t")[1:]
            elif line.startswith("#") or not line:
                continue
            elif fields:
                yield number, zeek_row(fields, types, line)
            else:
                yield number, json.loads(line)


def zeek_row(fields, types, line):
    row = {}
    for name, kind, cell in zip(fields, types, line.split("\t")):
        if cell in ("-", "(empty)"):
            continue
        if kind == "port":
            row[name] = int(cell)
        else:
            row[name] = cell.split(",") if "[" in kind else cell
    return row


# --- comparing ---

def compare(binary, index, lists, path, options=()):
    run = subprocess.run([binary, "match", "-i", index, *options, path], capture_output=True, text=True,
                         check=True, errors="surrogateescape")
    got = []
    for line in run.stdout.splitlines():
        hit = json.loads(line)
        got.append((hit["line"], hit["field"], hit["kind"], hit["value"], hit["indicator"]))
    want = sorted((number, *hit) for number, record in records(path) for hit in hits_of_record(lists, record))
    if len(set(got)) != len(got):
        sys.exit(f"{path}: hits are told twice")
    if [h[0] for h in got] != sorted(h[0] for h in got):
        sys.exit(f"{path}: hits are not in the order of the log")
    missed, added = sorted(set(want) - set(got)), sorted(set(got) - set(want))
    if missed or added:
        sys.exit(f"{path}: {len(missed)} missed, {len(added)} added\nmissed {missed[:5]}\nadded {added[:5]}")
    print(f"{os.path.basename(path)} {' '.join(options)}: {len(want)} hits, the same")
    return len(want)


def make_eve(path, lists, logs):
    """EVE lines around the real names of a real log, every twentieth with an indicator in it."""
    names = sorted(lists.names)
    urls = sorted(lists.urls)
    ports = sorted(lists.endpoints)
    with open(path, "w", encoding="utf-8") as out:
        for number, record in records(logs):
            name = record.get("query") or "a.example"
            address = record["id.orig_h"]
            eve = {"timestamp": "2024-05-01T10:00:00", "flow_id": number, "event_type": "dns",
                   "src_ip": address, "src_port": record["id.orig_p"],
                   "dest_ip": record["id.resp_h"], "dest_port": 53,
                   "dns": {"type": "answer", "rrname": name, "answers": [{"rrname": name, "rdata": address}]}}
            if number % 20 == 3:
                eve["dns"]["rrname"] = "x." + names[number * 7919 % len(names)].upper() + "."
                eve["note"] = names[number * 104729 % len(names)]  # a field that nobody looks at
            if number % 20 == 5:
                host, slash, rest = urls[number * 7919 % len(urls)].partition("/")
                eve["event_type"], eve["http"] = "http", {"hostname": host, "url": slash + rest + "/x?y"}
            if number % 20 == 7 and ports:
                eve["dest_ip"], eve["dest_port"] = ports[number * 31 % len(ports)]
            if number % 20 == 9:
                eve["tls"] = {"sni": "not" + names[number * 15485863 % len(names)]}
            out.write(json.dumps(eve, ensure_ascii=number % 2 == 0) + "\n")


def main():
    binary = os.path.abspath(sys.argv[1])
    shared = os.path.join(os.environ.get("FENGSUI_SHARED", "../shared"), "data")
    if not os.path.isdir(shared):
        print(f"skipped: {shared} is not here; name its folder in FENGSUI_SHARED")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        archive = os.path.join(shared, "indicators", "maltrail-trails.tar.xz")
        with tarfile.open(archive) as tar:
            tar.extractall(folder)
        lists = Lists()
        plain = os.path.join(folder, "list.txt")
        with open(plain, "w", encoding="utf-8") as out:
            wanted = re.compile(r"[a-e].*\.txt")
            for root, _, files in sorted(os.walk(os.path.join(folder, "trails", "static", "malware"))):
                for name in sorted(f for f in files if wanted.fullmatch(f)):
                    with open(os.path.join(root, name), encoding="utf-8", errors="replace") as file:
                        for line in map(str.strip, file):
                            if line and line[0] != "#" and lists.add(line):
                                out.write(line + "\n")
            # What the logs hold, so that there is something to be found: names, parents, prefixes, ports.
            for extra in ("wrccdc.org", "cpp.edu", "google.com", "www.google.com", "in-addr.arpa",
                          "10.47.0.0/16", "10.0.0.100", "10.47.3.200", "134.71.0.0/17", "10.0.0.0/8",
                          "fe80::/10", "ff02::fb",
                          "10.47.3.200:443", "10.0.0.100:53"):
                assert lists.add(extra), extra
                out.write(extra + "\n")
        index = os.path.join(folder, "list.idx")
        subprocess.run([binary, "index", "build", "-o", index, plain], check=True, capture_output=True)
        logs = os.path.join(shared, "logs")
        eve = os.path.join(folder, "eve.json")
        make_eve(eve, lists, os.path.join(logs, "zeek-dns.json.gz"))
        total = compare(binary, index, lists, eve) + compare(binary, index, lists, eve, ("--threads", "3"))
        for name in ("zeek-dns", "zeek-ssl", "zeek-notice", "zeek-smtp"):
            for form in (".json.gz", ".log.gz"):
                total += compare(binary, index, lists, os.path.join(logs, name + form))
    assert total > 100000, total
    print(f"{total} hits compared")


main()
