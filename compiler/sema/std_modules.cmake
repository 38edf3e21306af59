# The library becomes a part of the binary: see std_modules.h.
file(GLOB modules CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/stdlib/*.sluice)
set(std_out ${CMAKE_BINARY_DIR}/generated/compiler/sema/std_modules.gen.cpp)
set(std_script ${CMAKE_CURRENT_LIST_DIR}/embed_std.cmake)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated/compiler/sema)
add_custom_command(
  OUTPUT ${std_out}
  COMMAND ${CMAKE_COMMAND} -DOUT=${std_out} -DDIR=${CMAKE_SOURCE_DIR}/stdlib -P ${std_script}
  DEPENDS ${std_script} ${modules}
  COMMENT "the library's modules"
  VERBATIM)
target_sources(compiler_sema PRIVATE ${std_out})
