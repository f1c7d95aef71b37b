#!/usr/bin/env python3
"""bench_lookalike.py LOOK_AT_NAMES: what dnstwist lists for popular names, and popular names themselves.

JSON lines: how many are recognised, how many popular names are taken for imitations, CPU nanoseconds a name.
Left out by name where dnstwist or the shared test data is not there.
"""
import json
import os
import subprocess
import sys
import tarfile
import tempfile

PROTECTED, LABEL_MIN = 200, 5
DNSTWIST = """
import json, sys
sys.path.insert(0, "/usr/lib/python3/dist-packages")
import dnstwist
for name in sys.stdin.read().split():
    fuzzer = dnstwist.Fuzzer(name)
    fuzzer.generate()
    for found in fuzzer.domains:
        if found["domain"] and found["fuzzer"] != "*original":
            print(found["domain"])
"""


def popular(folder, name):
    with open(os.path.join(folder, "lists", name, "list.json"), encoding="utf-8") as file:
        return json.load(file)["list"]


def look(program, protected, seen, *known):
    done = subprocess.run([program, protected, seen, *known], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True)
    return json.loads(done.stdout)


def write(path, names):
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(n + "\n" for n in names)
    return path


def main():
    program = sys.argv[1]
    data = os.path.join(os.environ.get("FENGSUI_SHARED", "../shared"), "data", "indicators")
    archive = os.path.join(data, "misp-warninglists.tar.xz")
    twist = subprocess.run(["/usr/bin/python3", "-c", DNSTWIST], input="", text=True, capture_output=True,
                           check=False)
    if not os.path.isfile(archive) or twist.returncode != 0:
        print(f"skipped: needs dnstwist and {archive}; name its folder in FENGSUI_SHARED")
        return
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as tar:
            tar.extractall(folder)
        names = [n for n in popular(folder, "tranco10k")
                 if n.count(".") == 1 and len(n.split(".")[0]) >= LABEL_MIN][:PROTECTED]
        protected = write(folder + "/protected.txt", names)
        made = subprocess.run(["/usr/bin/python3", "-c", DNSTWIST], input="\n".join(names), text=True,
                              capture_output=True, check=True)
        seen = write(folder + "/seen.txt", sorted(set(made.stdout.split()) - set(names)))
        everyday = popular(folder, "cloudflare-top100k")
        print(json.dumps({"what": f"dnstwist for {PROTECTED} names", **look(program, protected, seen)}))
        others = write(folder + "/popular.txt", everyday)
        print(json.dumps({"what": "popular names", **look(program, protected, others)}))
        known = write(folder + "/known.txt", popular(folder, "cloudflare-top50k"))
        half = look(program, protected, others, known)
        print(json.dumps({"what": "popular names, the first half known", **half}))


main()
