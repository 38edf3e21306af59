// Whole files, read and replaced. Fails with an Error that names the file.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/result.h"

namespace sluice {

// At most `limit` bytes; a longer file is an Error.
Result<std::string> read_file(const std::string& path, size_t limit);

// Readers see the old file or the whole new one, also after a crash: written under another name,
// synced, renamed, and the folder synced.
Status replace_file(const std::string& path, std::string_view bytes, unsigned mode);

// "cannot open /x: Permission denied"
Error io_error(std::string_view what, const std::string& path, int errno_value);

}  // namespace sluice
