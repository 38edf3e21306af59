// The arrows between folders, held: who may include whom, who alone sees which library.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// A folder, and the folders that it may include (itself always). Longest match wins.
const std::map<std::string, std::set<std::string>> kArrows = {
    {"runtime/base", {}},
    {"runtime/table", {"runtime/base"}},
    {"runtime/http", {"runtime/base"}},
    {"runtime/net", {"runtime/base"}},
    {"runtime/tls", {"runtime/base"}},
    {"runtime/proxy",
     {"runtime/base", "runtime/table", "runtime/http", "runtime/net", "runtime/tls"}},
    {"runtime/server",
     {"runtime/base", "runtime/table", "runtime/http", "runtime/net", "runtime/tls",
      "runtime/proxy"}},
    {"compiler/support", {"runtime/base"}},
    {"compiler/diag", {"compiler/support"}},
    {"compiler/syntax", {"compiler/support", "compiler/diag", "runtime/base"}},
    {"compiler/capability", {"compiler/support", "compiler/diag", "runtime/base"}},
    {"compiler/plan", {"compiler/support", "compiler/diag", "compiler/capability", "runtime/base"}},
    {"compiler/model",
     {"compiler/support", "compiler/diag", "compiler/syntax", "compiler/capability",
      "runtime/base"}},
    {"compiler/sema",
     {"compiler/support", "compiler/diag", "compiler/syntax", "compiler/capability",
      "compiler/model", "compiler/plan", "runtime/base"}},
    {"compiler/emit", {"compiler/support", "runtime/base"}},
    {"compiler/targets",
     {"compiler/support", "compiler/diag", "compiler/capability", "compiler/plan", "compiler/emit",
      "runtime/base", "compiler/targets/caddy", "compiler/targets/traefik",  // the list
      "compiler/targets/table"}},
    {"compiler/targets/caddy",
     {"compiler/support", "compiler/diag", "compiler/capability", "compiler/plan", "compiler/emit",
      "compiler/targets", "runtime/base"}},
    {"compiler/targets/traefik",
     {"compiler/support", "compiler/diag", "compiler/capability", "compiler/plan", "compiler/emit",
      "compiler/targets", "runtime/base"}},
    {"compiler/targets/table",
     {"compiler/support", "compiler/diag", "compiler/capability", "compiler/plan", "compiler/emit",
      "compiler/targets", "runtime/base", "runtime/table"}},
    {"compiler/driver",
     {"compiler/support", "compiler/diag", "compiler/syntax", "compiler/capability",
      "compiler/model", "compiler/plan", "compiler/sema", "compiler/emit", "compiler/targets",
      "compiler/targets/table", "runtime/base", "runtime/table"}},
};

// A library's header, and the only folders that may include it.
const std::vector<std::pair<std::regex, std::set<std::string>>> kKeepers = {
    {std::regex("antlr4-runtime.*|Sluice(Lexer|Parser|Listener|BaseListener).*|ANTLR.*"),
     {"compiler/syntax"}},
    {std::regex("uv\\.h"), {"runtime/net"}},
    {std::regex("openssl/.*"), {"runtime/tls"}},
    {std::regex("yaml-cpp/.*"), {"compiler/emit", "compiler/sema"}},
    {std::regex("sys/.*|unistd\\.h|fcntl\\.h|fstream|filesystem"),
     {"runtime/base", "runtime/net", "runtime/tls", "runtime/proxy", "runtime/server",
      "compiler/driver", "compiler/diag/catalog_gen"}},
};

std::string folder_of(const std::string& path) {
  std::string folder = fs::path(path).parent_path().string();
  while (!folder.empty() && !kArrows.contains(folder)) {
    folder = fs::path(folder).parent_path().string();
  }
  return folder;
}

struct Include {
  std::string file, header;
  int line;
  bool quoted;
};

std::vector<Include> includes() {
  static const std::regex include("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"].*");
  std::vector<Include> result;
  for (const char* half : {"compiler", "runtime"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SLUICE_SOURCE_DIR) / half)) {
      std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      std::ifstream in(entry.path());
      std::string text;
      for (int line = 1; std::getline(in, text); ++line) {
        std::smatch match;
        if (!std::regex_match(text, match, include)) continue;
        result.push_back({fs::relative(entry.path(), SLUICE_SOURCE_DIR).string(), match[2], line,
                          match[1] == "\""});
      }
    }
  }
  return result;
}

TEST(Architecture, FoldersIncludeOnlyWhatStandsAboveThem) {
  int seen = 0;
  for (const Include& i : includes()) {
    if (!i.quoted || !(i.header.starts_with("compiler/") || i.header.starts_with("runtime/"))) {
      continue;
    }
    ++seen;
    std::string from = folder_of(i.file), to = folder_of(i.header);
    if (from == to) continue;
    if (i.file == "compiler/targets/all_targets.cpp" && to.starts_with("compiler/targets/"))
      continue;  // the list
    ASSERT_TRUE(kArrows.contains(from)) << i.file << " stands in no folder of the list";
    EXPECT_TRUE(kArrows.at(from).contains(to))
        << i.file << ":" << i.line << ": " << from << " may not include " << to;
  }
  EXPECT_GT(seen, 200);
}

TEST(Architecture, LibrariesHaveOneKeeper) {
  for (const Include& i : includes()) {
    if (i.file.find("/catalog_gen/") != std::string::npos) continue;
    for (const auto& [header, folders] : kKeepers) {
      if (!std::regex_match(i.header, header)) continue;
      EXPECT_TRUE(folders.contains(folder_of(i.file)))
          << i.file << ":" << i.line << ": " << i.header << " is not for " << folder_of(i.file);
    }
  }
}

// Only its own folder, the list and the driver's hand to the table know a target by name.
TEST(Architecture, TargetsAreNamedOnlyAtHome) {
  static const std::regex name("\"(caddy|traefik)\"");
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(SLUICE_SOURCE_DIR) / "compiler")) {
    std::string path = fs::relative(entry.path(), SLUICE_SOURCE_DIR).string();
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
    if (path.starts_with("compiler/targets/") || path.starts_with("compiler/capability/")) continue;
    std::ifstream in(entry.path());
    std::string text;
    for (int line = 1; std::getline(in, text); ++line) {
      if (text.find("//") != std::string::npos) text.resize(text.find("//"));
      EXPECT_FALSE(std::regex_search(text, name)) << path << ":" << line << ": " << text;
    }
  }
}

}  // namespace
