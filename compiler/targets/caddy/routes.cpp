#include <algorithm>
#include <variant>

#include "compiler/targets/caddy/parts.h"

namespace sluice::targets::caddy {
namespace {

std::string escape_regex(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

// `{$` would be read as an environment variable before anything else is.
std::string regex_token(std::string text) {
  for (size_t at = 0; (at = text.find("{$", at)) != std::string::npos;)
    text.replace(at, 1, "\\x7b");
  return text;
}

bool matches_all(const plan::PathMatch& path) {
  return path.kind == plan::PathKind::prefix && path.text == "/";
}

bool keeps_rest(const plan::Route& route) {
  const auto* redirect = std::get_if<plan::Redirect>(&*route.to);
  return redirect != nullptr && *redirect->keep_rest;
}

// `vars path /a`, after the name of the matcher.
std::vector<std::string> matcher(const plan::Route& route, const std::string& name) {
  const plan::PathMatch& path = *route.path;
  switch (path.kind) {
    case plan::PathKind::exact:
      return {"@" + name, "vars", "path", path.text};
    case plan::PathKind::regex:
      return {"@" + name, "vars_regexp", "path", regex_token(path.text)};
    case plan::PathKind::prefix:
      break;
  }
  std::string escaped = escape_regex(path.text);
  if (keeps_rest(route))
    return {"@" + name, "vars_regexp", name, "path", "^" + escaped + "(/.*)?$"};
  return {"@" + name, "vars_regexp", "path", "^" + escaped + "(?:/|$)"};
}

struct Answer {
  const plan::Plan& plan;
  const plan::Host& host;
  const plan::Route& route;
  const std::string& name;
  emit::Blocks& out;
  int& statements;

  void operator()(const plan::Pool& pool) const {
    out.append(proxy(plan, route, pool));
    ++statements;
  }
  void operator()(const plan::FrontId& id) const {
    out.append(front(plan, plan[id]));
    ++statements;
  }
  void operator()(const plan::Respond& respond) const {
    std::string status = std::to_string(*respond.status);
    if (respond.body->empty() || *respond.status == 204 || *respond.status == 304) {
      out.line({"respond", status});
    } else {
      if (respond.media_type != "text/plain; charset=utf-8") {
        out.line({"header", "Content-Type", respond.media_type});
        ++statements;
      }
      std::string body = emit::literal(*respond.body);
      bool like_matcher = body.front() == '/' || body.front() == '@' || body.front() == '*';
      if (like_matcher) {
        out.line({"respond", "*", body, status});
      } else {
        out.line({"respond", body, status});
      }
    }
    ++statements;
  }
  void operator()(const plan::Redirect& redirect) const {
    std::string to = emit::literal(*redirect.location);
    if (to.starts_with("/")) to = own_scheme(plan, host) + "://{hostport}" + to;
    if (*redirect.keep_path) {
      to += *redirect.keep_query ? "{uri}" : "{vars.path}";
    } else {
      if (*redirect.keep_rest)
        to += matches_all(*route.path) ? "{vars.path}" : "{re." + name + ".1}";
      if (*redirect.keep_query) to += "{http.request.uri.prefixed_query}";
    }
    std::string code = std::to_string(*redirect.code);
    if (*redirect.kind == plan::RedirectKind::exact) {
      out.line({"redir", "*", to, code});
      ++statements;
      return;
    }
    bool permanent = *redirect.kind == plan::RedirectKind::permanent;
    out.line({"@get", "method", "GET"});
    out.line({"redir", "@get", to, permanent ? "301" : "302"});
    out.line({"redir", "*", to, permanent ? "308" : "307"});
    statements += 3;
  }
};

// Names of the snippets that edit this route's answers; the last one's word is the last.
std::vector<std::string> answer_edits(const plan::Plan& plan, const plan::Route& route) {
  std::vector<std::string> names;
  for (const auto& id : route.chain) {
    if (edits_answer(plan[*id])) names.push_back(plan[*id].object);
  }
  std::reverse(names.begin(), names.end());  // deferred edits act from the innermost out
  return names;
}

// What the route does, in order; tells how many directives that is.
emit::Blocks route_body(const plan::Plan& plan, const plan::Host& host, const plan::Route& route,
                        const std::string& name, bool mark, int& statements) {
  emit::Blocks out;
  if (mark && !answer_edits(plan, route).empty()) {
    out.line({"vars", "errors_as", name});
    ++statements;
  }
  for (const std::string& snippet : answer_edits(plan, route)) {
    out.line({"import", snippet});
    ++statements;
  }
  for (const auto& id : route.chain) {
    const plan::Policy& policy = plan[*id];
    if (!has_snippet(policy) || edits_answer(policy)) continue;
    out.line({"import", policy.object});
    statements += 2;
  }
  for (const auto& id : route.chain) {
    const auto* strip = std::get_if<plan::StripPrefix>(&plan[*id].action);
    if (strip == nullptr) continue;
    out.line({"uri", "strip_prefix", *strip->prefix});
    ++statements;
  }
  std::visit(Answer{plan, host, route, name, out, statements}, *route.to);
  return out;
}

}  // namespace

bool is_front(const plan::Host& host) {
  return host.routes.size() == 1 && matches_all(*host.routes.front().path) &&
         std::holds_alternative<plan::FrontId>(*host.routes.front().to);
}

std::string own_scheme(const plan::Plan& plan, const plan::Host& host) {
  bool ended = std::any_of(plan.edges.begin(), plan.edges.end(),
                           [](const auto& edge) { return *edge.tls_ended; });
  if (ended || (host.tls && *host.plain_http != plan::PlainHttp::serve)) return "https";
  return host.tls ? "{scheme}" : "http";
}

emit::Blocks host_body(const plan::Plan& plan, const plan::Host& host) {
  emit::Blocks out;
  if (is_front(host)) {  // nothing is decided here: no guard, no route
    int ignored = 0;
    return route_body(plan, host, host.routes.front(), "r1", false, ignored);
  }
  bool alike = std::all_of(host.routes.begin(), host.routes.end(), [&](const plan::Route& route) {
    return answer_edits(plan, route) == answer_edits(plan, host.routes.front());
  });
  out.open({"route"}).line({"import", "sluice_path"});
  bool complete = false;
  for (size_t at = 0; at < host.routes.size() && !complete; ++at) {
    const plan::Route& route = host.routes[at];
    std::string name = "r" + std::to_string(at + 1);
    complete = matches_all(*route.path);
    int statements = 0;
    emit::Blocks body = route_body(plan, host, route, name, !alike, statements);
    if (host.routes.size() == 1 && complete) {
      out.append(body);
      continue;
    }
    if (!complete) out.line(matcher(route, name)).open({"handle", "@" + name});
    if (complete) out.open({"handle"});
    if (statements > 1) out.open({"route"}).append(body).close();
    if (statements <= 1) out.append(body);
    out.close();
  }
  if (!complete) out.open({"handle"}).line({"respond", "404"}).close();
  out.close();
  if (host.routes.empty()) return out;
  std::vector<std::string> first = answer_edits(plan, host.routes.front());
  if (alike && first.empty()) return out;
  out.open({"handle_errors"});
  for (size_t at = 0; at < (alike ? 1 : host.routes.size()); ++at) {
    std::vector<std::string> names = answer_edits(plan, host.routes[at]);
    if (names.empty()) continue;
    std::string name = "r" + std::to_string(at + 1);
    if (!alike) out.line({"@" + name, "vars", "errors_as", name}).open({"route", "@" + name});
    for (const std::string& snippet : names) out.line({"import", snippet});
    if (!alike) out.close();
  }
  out.close();
  return out;
}

}  // namespace sluice::targets::caddy
