// How a source's files are read. The driver gives the disk, tests give a map; nothing below the
// driver touches the disk itself.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace sluice::model {

struct Files {
  std::function<bool(const std::string& path)> is_folder;
  // The whole file.
  std::function<Result<std::string>(const std::string& path)> read;
  // Every `*.sluice` in a folder and below it, each path beginning with `folder`; any order.
  std::function<Result<std::vector<std::string>>(const std::string& folder)> list;
};

}  // namespace sluice::model
