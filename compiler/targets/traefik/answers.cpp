#include <variant>

#include "compiler/targets/traefik/context.h"
#include "runtime/base/check.h"

namespace sluice::targets::traefik {
namespace {

using emit::Yaml;

// `$` means a group in a replacement.
std::string replacement(std::string_view text) {
  std::string result;
  for (char c : text) result += c == '$' ? std::string("$$") : std::string(1, c);
  return result;
}

void redirect_regex(Yaml& node, const plan::Redirect& redirect, const plan::Route& route) {
  const std::string& to = *redirect.location;
  bool relative = to.starts_with("/");
  bool query = *redirect.keep_query;
  std::string origin = relative ? "^(https?://[^/]+)" : "^https?://[^/]+";
  std::string start = relative ? "${1}" + replacement(to) : replacement(to);
  int next = relative ? 2 : 1;
  std::string regex, result;
  bool rest = *redirect.keep_rest;
  if (*redirect.keep_path || rest) {
    std::string prefix =
        route.path->text == "/" || *redirect.keep_path ? "" : regex_escape(route.path->text);
    regex = origin + prefix + "(/[^?]*)?" + (query ? "(\\?.*)?$" : "(?:\\?.*)?$");
    result = start + "${" + std::to_string(next) + "}" +
             (query ? "${" + std::to_string(next + 1) + "}" : "");
  } else {
    regex = origin + "/[^?]*" + (query ? "(\\?.*)?$" : "(?:\\?.*)?$");
    result = start + (query ? "${" + std::to_string(next) + "}" : "");
  }
  node["regex"] = regex;
  node["replacement"] = result;
  node["permanent"] = *redirect.kind == plan::RedirectKind::permanent;
}

}  // namespace

void own_answer(Context& context, const plan::Route& route, const std::string& name_space,
                std::vector<std::string>& middlewares) {
  if (const auto* respond = std::get_if<plan::Respond>(&*route.to)) {
    middlewares.push_back(refusal(context, name_space, *respond->status));
    return;
  }
  const auto* redirect = std::get_if<plan::Redirect>(&*route.to);
  if (redirect == nullptr) return;
  std::string name = route.object + "-redirect";
  bool there = context.out.has("Middleware", name_space, name);
  middlewares.push_back(name);
  int code = *redirect->code;
  if (*redirect->kind == plan::RedirectKind::exact) {
    SLUICE_CHECK(!*redirect->keep_path && !*redirect->keep_rest && !*redirect->keep_query,
                 "the audit refused what a fixed Location cannot say");
    if (!there) {
      Yaml& spec = middleware(context, name_space, name, route.at);
      spec["headers"]["customResponseHeaders"]["Location"] = *redirect->location;
    }
    middlewares.push_back(refusal(context, name_space, code));
    return;
  }
  if (there) return;
  redirect_regex(middleware(context, name_space, name, route.at)["redirectRegex"], *redirect,
                 route);
}

}  // namespace sluice::targets::traefik
