from sample import SOURCE, GateTest, main


class FormatTest(GateTest):
    gate = "format"
    violations = [
        ({"src/base/a.c": SOURCE.replace("    return", "  return")}, "src/base/a.c:4:"),
        ({"src/base/a.c": SOURCE.replace("\n{", " {")}, "src/base/a.c:3:"),
        ({"src/base/a.c": SOURCE.replace("int x, int y", "int x" + ", int y" * 20)}, "make format mends it"),
    ]


main()
