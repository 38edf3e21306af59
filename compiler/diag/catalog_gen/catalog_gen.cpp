// Turns the pages of catalog/ into catalog.gen.h (one struct per diagnostic) and catalog.gen.cpp
// (the texts of `sluice explain`). Runs at build time: `diag_catalog_gen OUT_DIR PAGE...`.
//
// A page is
//   ---
//   name: UnknownName
//   severity: error
//   args: kind, name, suggestion?
//   text: no {kind} named `{name}`{suggestion?}
//   ---
//   Markdown
// An argument marked `?` may be empty; `{suggestion?}` then vanishes (see format_message).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Page {
  std::string code, name, severity, text, body;
  std::vector<std::string> args;
};

[[noreturn]] void fail(const std::string& path, const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", path.c_str(), why.c_str());
  std::exit(1);
}

std::string trim(std::string text) {
  text.erase(0, text.find_first_not_of(" \t"));
  text.erase(text.find_last_not_of(" \t") + 1);
  return text;
}

std::vector<std::string> split_args(const std::string& list) {
  std::vector<std::string> result;
  std::istringstream in(list);
  for (std::string arg; std::getline(in, arg, ',');) {
    arg = trim(arg);
    if (!arg.empty() && arg.back() == '?') arg.pop_back();
    if (!arg.empty()) result.push_back(arg);
  }
  return result;
}

Page read_page(const std::string& path) {
  Page page;
  size_t slash = path.rfind('/') + 1;
  page.code = path.substr(slash, path.size() - slash - 3);
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line) || line != "---") fail(path, "must begin with ---");
  while (std::getline(in, line) && line != "---") {
    size_t colon = line.find(':');
    if (colon == std::string::npos) fail(path, "no colon in `" + line + "`");
    std::string key = line.substr(0, colon), value = trim(line.substr(colon + 1));
    if (key == "name")
      page.name = value;
    else if (key == "severity")
      page.severity = value;
    else if (key == "args")
      page.args = split_args(value);
    else if (key == "text")
      page.text = value;
    else
      fail(path, "unknown key `" + key + "`");
  }
  std::ostringstream body;
  body << in.rdbuf();
  page.body = body.str();
  page.body.erase(0, page.body.find_first_not_of('\n'));
  if (page.name.empty() || page.text.empty()) fail(path, "needs name and text");
  if (page.severity != "error" && page.severity != "warning")
    fail(path, "severity: error or warning");
  if (page.body.find("```bad") == std::string::npos && page.body.find("```") == std::string::npos)
    fail(path, "needs an example");
  for (const std::string& arg : page.args) {
    if (page.text.find("{" + arg + "}") == std::string::npos &&
        page.text.find("{" + arg + "?}") == std::string::npos)
      fail(path, "argument `" + arg + "` does not stand in the text");
  }
  return page;
}

std::string raw(const std::string& text) { return "R\"~~(" + text + ")~~\""; }

void write_header(const std::string& path, const std::vector<Page>& pages) {
  std::ofstream out(path);
  out << "// Generated from compiler/diag/catalog. Do not edit.\n#pragma once\n\n"
         "#include \"compiler/diag/diagnostic.h\"\n\nnamespace sluice::diag {\n";
  for (const Page& page : pages) {
    out << "\n// " << page.text << "\nstruct " << page.name << " {\n"
        << "  static constexpr std::string_view kCode = \"" << page.code << "\";\n"
        << "  static constexpr std::string_view kName = \"" << page.name << "\";\n"
        << "  static constexpr Severity kSeverity = Severity::" << page.severity << ";\n";
    for (const std::string& arg : page.args) out << "  Arg " << arg << ";\n";
    out << "  std::string text() const {\n    return format_message(" << raw(page.text) << ", {";
    for (const std::string& arg : page.args) out << "{\"" << arg << "\", " << arg << ".text()}, ";
    out << "});\n  }\n};\n";
  }
  out << "\n}  // namespace sluice::diag\n";
}

void write_source(const std::string& path, const std::vector<Page>& pages) {
  std::ofstream out(path);
  out << "// Generated from compiler/diag/catalog. Do not edit.\n"
         "#include \"compiler/diag/diagnostic.h\"\n\nnamespace sluice::diag {\n\n"
         "const std::vector<Page>& catalog() {\n  static const std::vector<Page> pages = {\n";
  for (const Page& page : pages) {
    out << "      {\"" << page.code << "\", \"" << page.name << "\", Severity::" << page.severity
        << ", " << raw(page.text) << ", " << raw(page.body) << "},\n";
  }
  out << "  };\n  return pages;\n}\n\n}  // namespace sluice::diag\n";
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Page> pages;
  for (int i = 2; i < argc; ++i) pages.push_back(read_page(argv[i]));
  std::sort(pages.begin(), pages.end(), [](auto& a, auto& b) { return a.code < b.code; });
  write_header(std::string(argv[1]) + "/catalog.gen.h", pages);
  write_source(std::string(argv[1]) + "/catalog.gen.cpp", pages);
  return 0;
}
