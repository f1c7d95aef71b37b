"""The banned calls fail to compile, by gcc and clang, with and without fortification; look-alikes do not."""
import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BANNED = os.path.join(ROOT, "src/base/banned.h")
BUILDS = [[cc, *flags] for cc in ("gcc", "clang") for flags in (["-O0"], ["-O2", "-D_FORTIFY_SOURCE=2"])]

INNOCENT = """#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
struct machine { int (*system)(int); int time; };
int innocent(struct machine *m, char *to, const char *from, size_t size);
int innocent(struct machine *m, char *to, const char *from, size_t size)
{
    struct timespec now;
    return m->system(m->time) + snprintf(to, size, "%s", from) + clock_gettime(CLOCK_MONOTONIC, &now);
}
"""


def compiles(build, text):
    with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
        file.write(text)
        file.flush()
        words = [*build, "-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-include", BANNED, "-c",
                 file.name, "-o", "/dev/null"]
        done = subprocess.run(words, stderr=subprocess.PIPE, check=False)
        return done.returncode == 0, done.stderr.decode()


class BannedTest(unittest.TestCase):
    def test_every_banned_name_is_an_error_that_says_what_to_use(self):
        with open(BANNED, encoding="utf-8") as file:
            rows = re.findall(r"^\w.*?(\w+)\([^;]*\) BANNED\(\"([^\"]+)\"\);", file.read(), re.M)
        self.assertGreater(len(rows), 20)
        for build in BUILDS:
            for name, instead in rows:
                text = f"void *p(void);\nvoid *p(void)\n{{\n    return (void *)&{name};\n}}\n"
                good, said = compiles(build, text)
                self.assertFalse(good, f"{build} takes {name}")
                self.assertIn(f"unavailable: {instead}", said, f"{build} {name}")

    def test_a_plain_call_is_an_error(self):
        for build in BUILDS:
            good, said = compiles(build, "int n(const char *);\nint n(const char *t) { return atoi(t); }\n")
            self.assertFalse(good)
            self.assertIn("use strtoll", said)

    def test_look_alikes_pass(self):
        for build in BUILDS:
            good, said = compiles(build, INNOCENT)
            self.assertTrue(good, said)

    def test_the_build_forces_it_into_every_unit(self):
        with open(os.path.join(ROOT, "cmake/Compiler.cmake"), encoding="utf-8") as file:
            self.assertIn("-include ${CMAKE_SOURCE_DIR}/src/base/banned.h", file.read())


unittest.main()
