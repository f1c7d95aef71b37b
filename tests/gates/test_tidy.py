from sample import SOURCE, GateTest, main

DEEP = "    for (;;) {\n        if (x) {\n            while (y) {\n                if (x > y) {\n" \
       "                    return x;\n                }\n            }\n        }\n    }"
MANY = SOURCE.replace("a_add", "a_many").replace("int x, int y", ", ".join(f"int {c}" for c in "xyabcdef"))


def body(text):
    source = SOURCE.replace("    return x + y;", text)
    return {"src/base/a.c": "#include <stdlib.h>\n#include <string.h>\n" + source}


class TidyTest(GateTest):
    gate = "tidy"
    violations = [
        (body("    if (x > y);\n    return 0;"), "bugprone-suspicious-semicolon"),
        (body("    char *p = malloc(4);\n    return p == 0 ? x : y;"), "clang-analyzer-unix.Malloc"),
        (body("    return (int)strlen((char *)0) + x + y;"), "clang-analyzer-core.NonNullParamChecker"),
        (body("    return x + (int)sizeof(&x) + memcmp(&x, &y, sizeof(int *)) == 0 ? y : 1;"), "bugprone-"),
        (body(DEEP), "readability-function-size"),
        ({"src/base/a.c": MANY}, "readability-function-size"),
    ]


main()
