# SPDX-License-Identifier: LGPL-2.1-or-later
# What a build can be asked for, and the flags that every target has.
option(NSD_BUILD_TESTS "Build the tests" ON)
option(NSD_BUILD_BENCH "Build the benchmark" OFF)
option(NSD_SANITIZE "Build the daemon, nsctl and the tests with ASan and UBSan" OFF)
option(NSD_CLANG_TIDY "Run clang-tidy on every file that is built" OFF)

if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
  # Units, D-Bus policy and polkit actions are looked for below /usr alone.
  set(CMAKE_INSTALL_PREFIX "/usr" CACHE PATH "Install prefix" FORCE)
endif()
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(nsd_flags INTERFACE)
target_include_directories(nsd_flags INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
target_compile_options(nsd_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual
  -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference -fstack-protector-strong)
# Once GCC 12 has inlined the standard library it sees null pointers and uninitialised members in it that
# are none; Debug builds, the sanitizers and clang-tidy see the real ones.
target_compile_options(nsd_flags INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-null-dereference;-Wno-maybe-uninitialized>)
target_compile_definitions(nsd_flags INTERFACE _GNU_SOURCE)

add_library(nsd_sanitizers INTERFACE)
if(NSD_SANITIZE)
  # The vptr check looks at memory through a pipe of its own: in a process without a free descriptor,
  # as some tests make it, every object would have an invalid vptr.
  # -g1: lines for the reports, and not what only a debugger reads. That makes a build a quarter shorter, and
  # each of the test programs a third as large.
  target_compile_options(nsd_sanitizers INTERFACE -g1
    -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(nsd_sanitizers INTERFACE -fsanitize=address,undefined)
endif()
target_link_libraries(nsd_flags INTERFACE nsd_sanitizers)

if(NSD_CLANG_TIDY)
  find_program(NSD_CLANG_TIDY_PROGRAM clang-tidy REQUIRED)
  set(CMAKE_CXX_CLANG_TIDY "${NSD_CLANG_TIDY_PROGRAM};--quiet;--warnings-as-errors=*")
endif()
