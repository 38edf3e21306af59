// Every page of the catalog that resolution and planning can raise shows a source that raises it,
// and the same source mended.
#include <gtest/gtest.h>

#include <sstream>

#include "fixture.h"

namespace sluice::test {
namespace {

std::string example(std::string_view body, std::string_view fence) {
  size_t begin = body.find(fence);
  if (begin == std::string_view::npos) return "";
  begin = body.find('\n', begin) + 1;
  return std::string(body.substr(begin, body.find("```", begin) - begin));
}

// A line `--- NAME` begins another file beside main.sluice.
FileMap files(const std::string& text) {
  FileMap map;
  std::string name = "main.sluice", line;
  std::istringstream in(text);
  while (std::getline(in, line)) {
    if (line.starts_with("--- "))
      name = line.substr(4);
    else
      map[name] += line + '\n';
  }
  return map;
}

// The capability table and the command line are shown by their owners.
bool shown_here(std::string_view code) {
  return code >= "SL0200" && code < "SL0800" && code != "SL0701" && code != "SL0702" &&
         code.substr(0, 5) != "SL074" && code.substr(0, 5) != "SL075";
}

TEST(Pages, bad_examples_raise_their_code_and_good_ones_nothing) {
  for (const diag::Page& page : diag::catalog()) {
    if (!shown_here(page.code)) continue;
    SCOPED_TRACE(page.code);
    Source bad(files(example(page.body, "```bad")));
    bool raised = false;
    for (const diag::Diagnostic& d : bad.diags.all()) raised = raised || d.code == page.code;
    EXPECT_TRUE(raised) << bad.found();
    EXPECT_EQ(bad.diags.sorted().size(), 1U) << bad.found();
    Source good(files(example(page.body, "```good")));
    EXPECT_EQ(good.found(), "");
  }
}

}  // namespace
}  // namespace sluice::test
