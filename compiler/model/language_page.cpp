#include <fmt/format.h>

#include "compiler/model/schema.h"

namespace sluice::model {
namespace {

constexpr Block kOrder[] = {
    Block::top,        Block::issuer, Block::challenge, Block::certificate, Block::upstream,
    Block::middleware, Block::host,   Block::zone,      Block::route,       Block::tls,
    Block::site,       Block::front,  Block::behind,    Block::test,        Block::request};

std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

}  // namespace

std::string language_page() {
  std::string page =
      "# The language, word by word\n\n"
      "Made from the schema (`compiler/model/schema.cpp`) by `SLUICE_UPDATE=1 sema_test`; a test "
      "holds it equal. "
      "What the words\n"
      "mean for a request is in `SEMANTICS.md`; how they are written down (one statement a line, "
      "braces, quotes\n"
      "for text, `${x}` to read a value) in `Sluice.g4` and below.\n\n"
      "`[ ]` may be left out, `|` is either, `…` after a comma is more of the same, words in "
      "CAPITALS are yours.\n"
      "A word marked *not built* is in the design and is refused by name.\n";
  for (Block block : kOrder) {
    page += fmt::format("\n## {}\n\n| written | what it does |\n|---|---|\n", to_string(block));
    for (const Row& row : schema()) {
      if (row.in != block) continue;
      page += fmt::format("| `{}` | {}{}{} |\n", escaped(row.shape),
                          row.state == State::planned ? "*not built* " : "", escaped(row.doc),
                          row.once && block != Block::top ? " Once." : "");
    }
  }
  page +=
      "\n## destinations\n\n"
      "| written | what it is |\n|---|---|\n"
      "| `NAME`, `MODULE.NAME` | a declared upstream |\n"
      "| `service [NAMESPACE/]NAME:PORT [https]` | a Kubernetes Service; elsewhere its name is "
      "dialled |\n"
      "| `HOST:PORT`, `http://HOST[:PORT]`, `https://HOST[:PORT]`, `unix:/PATH` | an address |\n"
      "| `D [N%], …` | several, with shares that sum to 100 %, or equal ones |\n"
      "| `respond CODE [TEXT]` | an answer of its own |\n"
      "| `redirect [permanent\\|temporary\\|CODE] URL\\|/PATH[/*]` | another place |\n"
      "\n## values\n\n"
      "| type | examples |\n|---|---|\n"
      "| `text` | `\"hello ${name}\"`, `` `^/u/[0-9]+$` `` |\n"
      "| `int` | `50` |\n"
      "| `duration` | `30s`, `1m30s`, `500ms` |\n"
      "| `size` | `10mb`, `64kb` |\n"
      "| `rate` | `50/s`, `100/m`, `5000/h` |\n"
      "| `percent` | `90%`, `2.50%` |\n"
      "| `host` | `a.example.com`, `*.x.org`, `**.x.org`, `bücher.example` |\n"
      "| `address` | `10.0.0.5:8000`, `db.internal:5432`, `[::1]:80`, `unix:/run/app.sock` |\n"
      "| `url` | `https://ca.example/directory` |\n"
      "| `path` | `/v1`, `/a/b` |\n"
      "| `cidr` | `10.0.0.0/8`, `2001:db8::/32`, `203.0.113.7` |\n"
      "| `regex` | `\"^/u/[0-9]+$\"` |\n"
      "| `secret` | `secret(\"name\")`, `secret(\"name\", key = password)`: a reference, never "
      "text |\n"
      "| `issuer`, `certificate`, `upstream`, `middleware` | the name of a declared one |\n";
  return page;
}

}  // namespace sluice::model
