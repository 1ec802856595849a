# SPDX-License-Identifier: LGPL-2.1-or-later

# nsd_library(NAME LINKS...): every .cpp of this folder as one static library.
function(nsd_library name)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC nsd_flags ${ARGN})
endfunction()

# nsd_dbus_glue(TARGET XML STEM): adaptor and proxy classes generated from the interface's XML into
# generated/STEM_adaptor.hpp and STEM_proxy.hpp.
function(nsd_dbus_glue target xml stem)
  set(out "${PROJECT_BINARY_DIR}/generated")
  file(MAKE_DIRECTORY "${out}")
  add_custom_command(
    OUTPUT "${out}/${stem}_adaptor.hpp" "${out}/${stem}_proxy.hpp"
    COMMAND "${NSD_SDBUS_XML2CPP}" "${CMAKE_CURRENT_SOURCE_DIR}/${xml}"
      "--adaptor=${out}/${stem}_adaptor.hpp" "--proxy=${out}/${stem}_proxy.hpp"
    DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${xml}"
    VERBATIM)
  add_custom_target(${target}_${stem} DEPENDS "${out}/${stem}_adaptor.hpp" "${out}/${stem}_proxy.hpp")
  add_dependencies(${target} ${target}_${stem})
endfunction()
