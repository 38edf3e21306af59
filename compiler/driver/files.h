// The disk, for the driver alone. A tree of artifacts is staged whole beside its place, synced, and
// then renamed file by file: a full disk or a folder that cannot be written changes nothing.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace sluice::driver {

// A file's bytes. Refuses folders, devices and pipes that are not regular, and more than `limit`
// bytes.
Result<std::string> read_file(const std::string& path, size_t limit = size_t{1} << 30);
bool exists(const std::string& path);
bool is_folder(const std::string& path);
std::string parent_folder(const std::string& path);  // "." for a bare name
// `path` as seen from `folder`, with forward slashes; both relative, or both absolute.
std::string relative_to(const std::string& folder, const std::string& path);
// Regular files below `folder` that end in `ending`, sorted, hidden ones and links out of it left
// out.
std::vector<std::string> files_below(const std::string& folder, const std::string& ending);

// Replaces one file: temporary name, fsync, rename, fsync of the folder.
Status replace_file(const std::string& path, const std::string& bytes);

struct TreeFile {
  std::string path;  // relative, forward slashes
  std::string bytes;
};
// Makes `folder` hold `files`; files named in `stale` are removed, all else there is left alone.
// Files whose bytes are there already are not touched. The last of `files` is put in place last.
Status write_tree(const std::string& folder, const std::vector<TreeFile>& files,
                  const std::vector<std::string>& stale);

}  // namespace sluice::driver
