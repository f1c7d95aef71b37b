from sample import HEADER, GateTest, main


class HeadersTest(GateTest):
    gate = "headers"
    violations = [
        ({"src/base/a.h": HEADER.replace("int a_add(int x", "int a_add(size_t x")}, "does not compile alone"),
        ({"src/base/a.h": HEADER.replace("BASE_A_H", "A_H")}, "the guard is to be BASE_A_H"),
        ({"src/base/a.h": HEADER.split("*/\n", 1)[1]}, "the first comment says what the header is"),
        ({"src/base/a.h": HEADER.replace(" * Layer    base.\n", "")}, "the first comment is a contract"),
        ({"src/base/a.h": HEADER.replace("int a_add(int x, int y);", "static int a_unused(void);")},
         "does not compile alone"),
    ]


main()
