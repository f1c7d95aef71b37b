from sample import SOURCE, GateTest, main


def body(text):
    return {"src/base/a.c": SOURCE.replace("    return x + y;", text)}


class CppcheckTest(GateTest):
    gate = "cppcheck"
    violations = [
        (body("    int t[2] = {x, y};\n    return t[2];"), "arrayIndexOutOfBounds"),
        (body("    int *p = 0;\n    if (x)\n        y = *p;\n    return y;"), "[nullPointer]"),
        (body("    return x / (y - y) + sizeof(sizeof(x));"), "src/base/a.c:5:"),
    ]


main()
