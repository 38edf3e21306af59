// How lines and tokens of a Caddyfile are spelled.
#include "compiler/emit/blocks.h"

#include <gtest/gtest.h>

namespace sluice::emit {
namespace {

TEST(Blocks, TokensAreQuotedOnlyWhereTheLexerNeedsIt) {
  EXPECT_EQ(token("reverse_proxy"), "reverse_proxy");
  EXPECT_EQ(token("{http.request.uri}"), "{http.request.uri}");
  EXPECT_EQ(token("^/v1(?:/|$)"), "^/v1(?:/|$)");
  EXPECT_EQ(token("a#b"), "a#b");
  EXPECT_EQ(token("#b"), "\"#b\"");
  EXPECT_EQ(token(""), "\"\"");
  EXPECT_EQ(token("{"), "\"{\"");
  EXPECT_EQ(token("a b"), "\"a b\"");
  EXPECT_EQ(token("<<x"), "\"<<x\"");
  EXPECT_EQ(token("say \"hi\""), "`say \"hi\"`");
  EXPECT_EQ(token("a`b"), "\"a`b\"");
  EXPECT_EQ(token("a` \"b\""), "\"a` \\\"b\\\"\"");
  EXPECT_EQ(token("ends with \\"), "`ends with \\`");
  EXPECT_EQ(token("`\\\""), "<<SLUICE\n`\\\"\nSLUICE");
  EXPECT_EQ(token("two\nlines"), "\"two\nlines\"");
}

TEST(Blocks, ABraceOfTheUsersIsJustABrace) {
  EXPECT_EQ(literal("{path}"), "\\{path\\}");
  EXPECT_EQ(literal("{$HOME}"), "\\{{vars.nothing}$HOME\\}");
}

TEST(Blocks, LinesAreIndentedAsTheyNest) {
  Blocks inner;
  inner.open({"handle", "@r1"}).line({"respond", "no more", "410"}).close();
  Blocks blocks;
  blocks.comment("one\n\ntwo")
      .open_list({"a.x", "b.x"})
      .blank()
      .line({"import", "x"})
      .blank()
      .blank();
  blocks.append(inner).close();
  EXPECT_EQ(blocks.text(),
            "# one\n#\n# two\na.x,\nb.x {\n\timport x\n\n\thandle @r1 {\n\t\trespond \"no more\" "
            "410\n\t}\n}\n");
}

}  // namespace
}  // namespace sluice::emit
