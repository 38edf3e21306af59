#include "compiler/sema/answers.h"

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

constexpr std::string_view kRespond = "respond CODE [TEXT]";
constexpr std::string_view kRedirect = "redirect [permanent|temporary|CODE] URL|/PATH[/*]";

bool is_number(const syntax::Item& item) {
  return !item.spelling.empty() &&
         item.spelling.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::optional<Destination> read_respond(Building& b, Words& words, Span at) {
  if (words.done()) return b.wrong_arguments("respond", kRespond, at), std::nullopt;
  auto code = words.next();
  auto status = code ? read_int(*code, 200, 599, b.diags) : std::nullopt;
  if (!status) return {};
  plan::Respond respond{{static_cast<uint16_t>(*status), code->use}, {std::string(), at}};
  FeatureId feature = FeatureId::respond;
  if (!words.done()) {
    if (words.peek().has_call && words.peek().spelling == "file") {
      b.diags.emit(diag::NotBuilt{.what = "`file(…)` as a body"}, words.peek().whole);
      return {};
    }
    auto text = words.next();
    if (!text) return {};
    if (text->secret) return wrong_type(*text, "text", "", b.diags), std::nullopt;
    if (*status == 204 || *status == 304) {
      return wrong_type(*text, "no body: 204 and 304 have none", "", b.diags), std::nullopt;
    }
    respond.body = {text->text, text->use};
    if (!text->text.empty()) feature = FeatureId::respond_body;
  }
  if (!words.done())
    return b.wrong_arguments("respond", kRespond, words.peek().whole), std::nullopt;
  return Destination{std::move(respond), {{feature, at}}};
}

std::optional<Destination> read_redirect(Building& b, Words& words, Span at) {
  using enum plan::RedirectKind;
  plan::Redirect redirect{{temporary, at}, {uint16_t{0}, at}, {},
                          {false, at},     {false, at},       {false, at}};
  FeatureId feature = FeatureId::redirect;
  if (words.done()) return b.wrong_arguments("redirect", kRedirect, at), std::nullopt;
  if (words.skip("permanent"))
    redirect.kind = {permanent, at};
  else if (words.skip("temporary"))
    redirect.kind = {temporary, at};
  else if (is_number(words.peek())) {
    auto value = words.next();
    auto code = value ? read_int(*value, 301, 308, b.diags) : std::nullopt;
    if (!code) return {};
    if (*code > 303 && *code < 307)
      return wrong_type(*value, "301, 302, 303, 307 or 308", "", b.diags), std::nullopt;
    redirect.kind = {exact, value->use};
    redirect.code = {static_cast<uint16_t>(*code), value->use};
    feature = FeatureId::redirect_code;
  }
  if (words.done()) return b.wrong_arguments("redirect", kRedirect, at), std::nullopt;
  auto value = words.next();
  if (!value) return {};
  if (!words.done())
    return b.wrong_arguments("redirect", kRedirect, words.peek().whole), std::nullopt;
  std::string location = value->text;
  bool rest = location.ends_with("/*");
  if (rest) location.resize(location.size() - 2);
  bool absolute = !location.starts_with('/') && !(rest && location.empty());
  if (absolute) {
    Value whole = *value;
    whole.text = location;
    auto url = read_url(whole, b.diags);
    if (!url) return {};
    redirect.keep_path = {!rest && url->rest.empty(), value->use};
  } else if (value->secret || location.find_first_of(" \"<>\\^`{|}\r\n\t") != std::string::npos ||
             location.starts_with("//")) {
    return wrong_type(*value, "a URL, or a path with a query at most", "", b.diags), std::nullopt;
  }
  redirect.location = {location, value->use};
  redirect.keep_rest = {rest, value->use};
  redirect.keep_query = {rest || redirect.keep_path.peek(), value->use};
  return Destination{std::move(redirect), {{feature, at}}};
}

}  // namespace sluice::sema
