# Fails on any C++ file that clang-format would change, and names it.
file(GLOB_RECURSE files ${ROOT}/src/*.h ${ROOT}/src/*.cpp ${ROOT}/bench/*.cpp ${ROOT}/fuzz/*.cpp ${ROOT}/tests/*.cpp)
execute_process(COMMAND clang-format-19 --dry-run --Werror ${files} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "run: clang-format-19 -i on the files named above")
endif()
