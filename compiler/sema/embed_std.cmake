# stdlib/*.sluice to one .cpp: cmake -DOUT=FILE -DDIR=stdlib -P embed_std.cmake
file(GLOB modules ${DIR}/*.sluice)
list(SORT modules)
set(rows "")
foreach(module IN LISTS modules)
  get_filename_component(name ${module} NAME_WE)
  file(READ ${module} text)
  string(APPEND rows "    {\"${name}\", R\"~~(${text})~~\"},\n")
endforeach()
file(WRITE ${OUT} "// Generated from stdlib/. Do not edit.
#include \"compiler/sema/std_modules.h\"

namespace sluice::sema {
namespace {

constexpr StdModule kModules[] = {
${rows}};

}  // namespace

std::span<const StdModule> std_modules() { return kModules; }

}  // namespace sluice::sema
")
