# fengsui_embed(target name folder pattern...)   the files of a folder as `const struct embed_set EMBED_<name>`,
# compiled into the target. Data is found by pattern, unlike sources; a new file is seen at the next build.
function(fengsui_embed target name folder)
  set(patterns ${ARGN})
  list(TRANSFORM patterns PREPEND ${folder}/)
  file(GLOB_RECURSE paths CONFIGURE_DEPENDS ${patterns})
  if(NOT paths)
    message(FATAL_ERROR "nothing to embed: ${patterns}")
  endif()
  set(names "")
  foreach(path IN LISTS paths)
    cmake_path(RELATIVE_PATH path BASE_DIRECTORY ${folder} OUTPUT_VARIABLE relative)
    list(APPEND names ${relative})
  endforeach()
  set(made ${CMAKE_CURRENT_BINARY_DIR}/embed_${name}.c)
  add_custom_command(OUTPUT ${made}
    COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/tools/embed.py ${name} ${folder} ${made} ${names}
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/tools/embed.py
    COMMENT "Embedding ${name}" VERBATIM)
  target_sources(${target} PRIVATE ${made})
endfunction()
