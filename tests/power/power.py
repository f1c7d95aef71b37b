#!/usr/bin/env python3
"""Cuts the power under a recording node, many times, and counts acknowledged acts that did not survive.

power.py NODE [--cuts N] [--json]     NODE is power_node; N cuts with synchronous=FULL (default 12)

Exit: 0 FULL lost nothing and both control arms lost something; 1 not so; 77 cannot run here (says why).
"""
import argparse
import fcntl
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
SHUTDOWN = 0x8004587D            # EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32)
NO_LOG_FLUSH = struct.pack("I", 2)
IMAGE_MIB = 96
ACTS_MAX = 3000                  # then the arm starts over on a fresh image, so that checking stays short
CONTROL_CUTS_MAX = 150
PRINTK = "/proc/sys/kernel/printk"


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def quiet(*words):
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def last_line(path):
    """The last whole line as a number; 0 when there is none."""
    with open(path, "rb") as file:
        whole = file.read().rsplit(b"\n", 1)[0]
    return int(whole.rsplit(b"\n", 1)[-1] or 0)


class Ground:
    """An image in memory, mounted from a loop device."""

    def __init__(self, folder):
        self.image = f"{folder}/disk.img"
        self.mount = f"{folder}/mount"
        self.acks = f"{folder}/acks"
        os.mkdir(self.mount)

    def fresh(self):
        with open(self.image, "wb") as file:
            file.truncate(IMAGE_MIB << 20)
        return quiet("mkfs.ext4", "-qF", self.image)

    def attach(self):
        return quiet("mount", "-o", "loop", self.image, self.mount)

    def detach(self):
        for _ in range(50):
            if not os.path.ismount(self.mount) or quiet("umount", self.mount):
                return
            time.sleep(0.02)
        sys.exit(f"{self.mount} cannot be unmounted")

    def cut(self):
        """What was acknowledged before the power went."""
        handle = os.open(self.mount, os.O_RDONLY)
        try:
            before = last_line(self.acks)
            fcntl.ioctl(handle, SHUTDOWN, NO_LOG_FLUSH)
        finally:
            os.close(handle)
        return before


def one_cut(ground, program, sync, before, seconds):
    """Checks the record, lets it grow, cuts: (acknowledged, "" or what went wrong)."""
    open(ground.acks, "wb").close()
    if not ground.attach():
        return before, "broken: the file system cannot be mounted"
    # What it says on stderr it says after the cut, of a disk that answers no more.
    node = subprocess.Popen([program, f"{ground.mount}/data", sync, str(before), ground.acks],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while os.path.getsize(ground.acks) == 0 and node.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        if node.poll() is not None:
            return before, node.stdout.read().decode().strip() or f"broken: exit {node.returncode}"
        time.sleep(seconds)
        if node.poll() is not None:
            return before, f"broken: it stopped by itself, exit {node.returncode}"
        return ground.cut(), ""
    finally:
        node.kill()
        node.wait()
        node.stdout.close()
        ground.detach()


def arm(ground, program, sync, cuts, stop_at_loss):
    """Figures of one arm."""
    chance = random.Random(20090519)
    figures = {"sync": sync, "cuts": 0, "acknowledged": 0, "cuts_that_lost": 0, "broken": 0, "first": ""}
    before = ACTS_MAX
    for _ in range(cuts + 1):   # the last round only checks what the last cut left
        if before >= ACTS_MAX:
            before = 0
            if not ground.fresh():
                skip("no ext4 image can be made")
        start = before
        before, wrong = one_cut(ground, program, sync, before, chance.uniform(0.005, 0.08))
        if wrong:
            figures["cuts_that_lost"] += wrong.startswith("lost") or "acknowledged" in wrong
            figures["broken"] += wrong.startswith("broken")
            figures["first"] = figures["first"] or wrong
            before = ACTS_MAX
            if stop_at_loss:
                break
        else:
            figures["cuts"] += 1
            figures["acknowledged"] += before - start
    return figures


def ready(folder):
    """Skips by name where no power can be cut."""
    if os.geteuid() != 0:
        skip("only root can mount a loop device")
    for tool in ("mkfs.ext4", "mount", "umount"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    ground = Ground(folder)
    if not ground.fresh():
        skip("no ext4 image can be made")
    if not ground.attach():
        skip("no loop device can be mounted here")
    open(ground.acks, "wb").close()
    try:
        ground.cut()
    except OSError as error:
        skip(f"this kernel does not shut a file system down ({error.strerror})")
    finally:
        ground.detach()
    return ground


def run(args, folder):
    ground = ready(folder)
    figures = [arm(ground, args.node, "off", CONTROL_CUTS_MAX, True),
               arm(ground, args.node, "normal", CONTROL_CUTS_MAX, True),
               arm(ground, args.node, "full", args.cuts, False)]
    for row in figures:
        if args.json:
            print(json.dumps(row, ensure_ascii=False))
        else:
            gone = row["cuts_that_lost"] + row["broken"]
            print(f"synchronous={row['sync'].upper():6} {row['cuts']:5} cuts, {row['acknowledged']:8} acts "
                  f"acknowledged, {gone} times something was gone. {row['first']}")
    controls = all(row["cuts_that_lost"] + row["broken"] > 0 for row in figures[:2])
    if not controls:
        print("a control arm lost nothing: this run proves nothing")
    return 0 if controls and not figures[2]["first"] and figures[2]["cuts"] >= args.cuts else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("node")
    parser.add_argument("--cuts", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))   # so that nothing stays mounted
    folder = tempfile.mkdtemp(prefix="fengsui-power-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    printk = None
    try:
        if os.geteuid() == 0 and os.access(PRINTK, os.W_OK):
            # The kernel tells the console of each cut before it cuts, and the console is slow.
            with open(PRINTK, "r+", encoding="ascii") as file:
                printk = file.read().split()[0]
                file.seek(0)
                file.write("1")
        return run(args, folder)
    finally:
        if printk:
            with open(PRINTK, "w", encoding="ascii") as file:
                file.write(printk)
        quiet("umount", f"{folder}/mount")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
