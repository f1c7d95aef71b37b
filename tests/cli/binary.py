"""The program under test: its path is the last word of the command line."""
import os
import subprocess
import sys

PROGRAM = os.path.abspath(sys.argv.pop())


def run(*words, **options):
    """The finished process; text in and out."""
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False, timeout=60,
                          **options)
