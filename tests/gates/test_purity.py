from sample import SOURCE, GateTest, main


def using(header, call):
    source = SOURCE.replace("return x + y", f"return (int)({call})")
    return {"src/base/a.c": f"#include <{header}>\n" + source}


class PurityTest(GateTest):
    gate = "purity"
    compiles = True
    violations = [
        (using("time.h", "x + time(NULL)"), "src/base/a.c:1: a pure layer may not call time"),
        (using("stdlib.h", "rand() + y"), "may not call rand"),
        (using("stdlib.h", "(long)malloc((size_t)x)"), "may not call malloc"),
        (using("fcntl.h", "open(\"x\", 0)"), "may not call open"),
        (using("stdio.h", "printf(\"%d %d\", x, y)"), "may not call printf"),
        (using("stdio.h", "fputs(\"x\", stderr)"), "may not call stderr"),
        ({**using("time.h", "x"), "src/domain/d.c": "int clock_gettime(int, void *);\nint d(void);\n"
          "int d(void)\n{\n    return clock_gettime(0, 0);\n}\n"}, "src/domain/d.c:1: a pure layer"),
    ]

    def test_takes_text_functions_and_the_door_to_the_clock(self):
        code, said = self.check({**using("string.h", "memcmp(&x, &y, sizeof x)"),
                                 "src/base/env.c": "#include <time.h>\nint e(void);\nint e(void)\n{\n"
                                 "    struct timespec t;\n"
                                 "    return clock_gettime(CLOCK_REALTIME, &t);\n}\n"})
        self.assertEqual(code, 0, said)

    def test_takes_a_lower_pure_layer(self):
        code, said = self.check({"src/domain/d.c": '#include "base/a.h"\nint d(void);\nint d(void)\n{\n'
                                 "    return a_add(1, 2);\n}\n"})
        self.assertEqual(code, 0, said)


main()
