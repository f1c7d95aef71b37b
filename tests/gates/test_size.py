from sample import HEADER, SOURCE, GateTest, main

LONG = SOURCE.replace("    return", "    x++;\n" * 68 + "    return")


class SizeTest(GateTest):
    gate = "size"
    violations = [
        ({"src/base/a.c": LONG}, "src/base/a.c:4: function of 71 lines"),
        ({"src/base/a.c": SOURCE + "\n" * 700}, "at most 700"),
        ({"src/base/a.h": HEADER + "\n" * 200}, "at most 200"),
        ({"src/base/a.c": SOURCE + "/* " + "x" * 110 + " */\n"}, "116 columns"),
        ({"tests/unit/base/test_a.c": LONG}, "function of 71 lines"),
    ]

    def test_does_not_count_the_rows_of_a_table(self):
        table = "    static const int T[] = {\n" + "        1,\n" * 90 + "    };\n    return T[0] +"
        code, said = self.check({"src/base/a.c": SOURCE.replace("    return", table)})
        self.assertEqual(code, 0, said)

    def test_takes_a_function_of_seventy_lines(self):
        code, said = self.check({"src/base/a.c": LONG.replace("    x++;\n", "", 1)})
        self.assertEqual(code, 0, said)


main()
