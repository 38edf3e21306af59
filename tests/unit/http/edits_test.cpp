// Lists of header edits: what they refuse, and how several play together.
#include "runtime/http/edits.h"

#include "runtime/http/write_head.h"
#include "tests/unit/http/support.h"

namespace sluice::http {
namespace {

struct Step {
  EditOp op;
  const char* name;
  const char* value = "";
};
EditList list(std::initializer_list<Step> steps) {
  EditList edits;
  for (const Step& step : steps) EXPECT_TRUE(edits.edit(step.op, step.name, step.value));
  return edits;
}
using enum EditOp;

// The header lines that a client sees when the upstream sent `lines`.
std::string after(std::string lines, std::initializer_list<const EditList*> lists) {
  const std::string bytes = "HTTP/1.1 200 OK\r\n" + lines + "\r\n";
  char out[2048];
  const size_t size = write_response_head(
      response(bytes), {.framing = {BodyKind::none, true}, .edits = {lists.begin(), lists.size()}},
      out);
  const std::string text(out, size);
  return text.substr(17, text.size() - 19);
}

TEST(EditList, RefusesWhatWouldInjectOrFrame) {
  EditList edits;
  for (const char* name : {"", "a b", "a:", "a\r\n", "Connection", "transfer-encoding", "Upgrade",
                           "Content-Length", "Expect", "TE", "Keep-Alive"})
    EXPECT_FALSE(edits.edit(set, name, "v")) << name;
  for (const char* value : {"a\r\nb", "a\nb", "a\rb", "\x01", "\x7f"})
    EXPECT_FALSE(edits.edit(set, "X", value));
  EXPECT_TRUE(edits.empty());
}

TEST(EditList, EachOperation) {
  const EditList s = list({{set, "X-A", "1"}}), a = list({{add, "X-A", "1"}}),
                 r = list({{remove, "x-a"}}), d = list({{set_if_absent, "X-A", "1"}});
  EXPECT_EQ(after("x-a: 0\r\nX-A: 9\r\nB: b\r\n", {&s}), "B: b\r\nX-A: 1\r\n");
  EXPECT_EQ(after("x-a: 0\r\nB: b\r\n", {&a}), "x-a: 0\r\nB: b\r\nX-A: 1\r\n");
  EXPECT_EQ(after("x-a: 0\r\nB: b\r\nX-A: 2\r\n", {&r}), "B: b\r\n");
  EXPECT_EQ(after("x-a: 0\r\nB: b\r\n", {&d}), "x-a: 0\r\nB: b\r\n");
  EXPECT_EQ(after("B: b\r\n", {&d}), "B: b\r\nX-A: 1\r\n");
}

TEST(EditList, WithinAListTheOrderCounts) {
  const EditList later_set = list({{add, "X", "1"}, {set, "X", "2"}, {add, "x", "3"}});
  EXPECT_EQ(after("X: 0\r\n", {&later_set}), "X: 2\r\nx: 3\r\n");
  const EditList removed = list({{set, "X", "1"}, {remove, "X"}});
  EXPECT_EQ(after("X: 0\r\n", {&removed}), "");
  const EditList absent_for_sure = list({{remove, "Server"}, {set_if_absent, "Server", "s"}});
  EXPECT_EQ(after("Server: up\r\n", {&absent_for_sure}), "Server: s\r\n");
  const EditList already = list({{set, "X", "1"}, {set_if_absent, "X", "2"}});
  EXPECT_EQ(after("", {&already}), "X: 1\r\n");
}

TEST(EditList, OfSeveralListsTheLaterWins) {
  const EditList outer = list({{set, "X", "outer"}, {add, "Y", "outer"}, {set, "Server", "o"}});
  const EditList inner = list({{set, "x", "inner"}, {remove, "Server"}});
  EXPECT_EQ(after("", {&outer, &inner}), "Y: outer\r\nx: inner\r\n");
  EXPECT_EQ(after("", {&inner, &outer}), "X: outer\r\nY: outer\r\nServer: o\r\n");
  const EditList fallback = list({{set_if_absent, "X", "d"}});
  EXPECT_EQ(after("", {&inner, &fallback}), "x: inner\r\n");
}

TEST(EditList, SizeBoundsWhatIsWritten) {
  EXPECT_EQ(list({{set, "X", "1"}, {remove, "Y"}, {set_if_absent, "Z", "3"}}).size(), 12u);
}

}  // namespace
}  // namespace sluice::http
