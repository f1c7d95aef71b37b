# One set of flags for every target. Sanitizers and hardening are chosen by preset.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
option(BUILD_TESTING "build the tests" ON)
set(FENGSUI_SANITIZE "" CACHE STRING "comma-separated list for -fsanitize=, empty for none")
option(FENGSUI_FUZZ "build the fuzz targets (clang)" OFF)
option(FENGSUI_PLANT "build with the bugs of base/plants.def, for the simulator to find" OFF)

# No -DNDEBUG anywhere: an assertion guards against our own defects and stays on in the release.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_definitions(_GNU_SOURCE)
add_compile_options(
  -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Walloca
  -Wformat=2 -Wundef -Wcast-qual -Wswitch-enum -Wimplicit-fallthrough -Werror
  -fno-omit-frame-pointer -g
  -include ${CMAKE_SOURCE_DIR}/src/base/banned.h)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  # Messages are cut on purpose at the size of struct err.
  add_compile_options(-Wno-format-truncation)
else()
  # Lists of samples hold texts that are longer than a line.
  add_compile_options(-Wno-string-concatenation)
endif()

if(FENGSUI_PLANT)
  add_compile_definitions(FENGSUI_PLANT)
endif()
if(FENGSUI_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(FENGSUI_SANITIZE)
  add_compile_options(-fsanitize=${FENGSUI_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FENGSUI_SANITIZE})
else()
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection)
  add_link_options(-Wl,-z,relro,-z,now)
  if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    add_compile_options(-D_FORTIFY_SOURCE=2)
  endif()
endif()
