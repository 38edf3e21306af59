// Whole decisions, in the order in which things act (SEMANTICS O, M, U, D, S).
#include "runtime/table/evaluate.h"

#include <gtest/gtest.h>

#include "tests/unit/table/everything.h"
#include "tests/unit/table/spec_help.h"

namespace sluice::table {
namespace {

Request get(std::string host, std::string target, Scheme listener = Scheme::http) {
  Request request;
  request.listener = listener;
  request.target = std::move(target);
  request.headers = {{"Host", std::move(host)}};
  return request;
}
Request https(std::string host, std::string target) {
  return get(std::move(host), std::move(target), Scheme::https);
}

std::string header(const std::vector<HeaderField>& headers, std::string_view name) {
  std::string all;
  for (const HeaderField& h : headers) {
    if (h.name == name) all += (all.empty() ? "" : " | ") + h.value;
  }
  return all;
}
std::string line(const Decision& d) {
  std::string out(describe(d.outcome));
  if (d.status != 0) out += " " + std::to_string(d.status);
  if (!d.location.empty()) out += " " + d.location;
  if (d.reason != Reason::none) out += " (" + std::string(describe(d.reason)) + ")";
  return out;
}

class Everything : public testing::Test {
 protected:
  Decision ask(const Request& request) { return evaluate(t_.table, request); }
  Loaded t_ = load(everything());
};

TEST_F(Everything, PlainHttpIsSentToHttpsOnTheSitesOwnPort) {
  EXPECT_EQ(line(ask(get("API.example.com:80", "/x/../a?b=1"))),
            "redirect 301 https://API.example.com:8443/a?b=1 (plain HTTP is sent to HTTPS)");
  Request post = get("api.example.com", "/a?");
  post.method = "POST";
  EXPECT_EQ(line(ask(post)),
            "redirect 308 https://api.example.com:8443/a? (plain HTTP is sent to HTTPS)");
}
TEST_F(Everything, TheRedirectNeverCoversAcmeChallenges) {
  EXPECT_EQ(line(ask(get("api.example.com", "/.well-known/acme-challenge/token"))),
            "ACME challenge 404");
  EXPECT_EQ(ask(get("api.example.com", "/.well-known/acme-challenge")).outcome, Outcome::redirect);
}
TEST_F(Everything, PeersAreJudgedBeforeTheRedirect) {
  Request stranger = get("api.example.com", "/v1/users");
  stranger.peer = *parse_address("203.0.113.7");
  EXPECT_EQ(line(ask(stranger)), "refused 403 (allow_peers does not hold the peer)");
  EXPECT_EQ(ask(get("api.example.com", "/v1/users")).outcome, Outcome::redirect);
}
TEST_F(Everything, AnEdgeThatEndedTlsSaysTheScheme) {
  Request request = get("api.example.com", "/v1/users?q");
  request.peer = *parse_address("173.245.48.9");
  request.headers.push_back({"X-Forwarded-Proto", "https"});
  request.headers.push_back({"X-Forwarded-For", "198.51.100.1"});
  request.headers.push_back({"X-Forwarded-Host", "shown.example.com"});
  const Decision d = ask(request);
  EXPECT_EQ(line(d), "upstream");
  EXPECT_TRUE(d.https);
  EXPECT_EQ(d.upstream_target, "/users?q");
  EXPECT_EQ(header(d.upstream_headers, "X-Forwarded-For"), "198.51.100.1, 173.245.48.9");
  EXPECT_EQ(header(d.upstream_headers, "X-Forwarded-Proto"), "https");
  EXPECT_EQ(header(d.upstream_headers, "X-Forwarded-Host"), "shown.example.com");
  request.headers[1].value = "http";
  EXPECT_EQ(ask(request).outcome, Outcome::redirect);
  request.peer = *parse_address("127.0.0.1");  // a stranger claims it
  request.headers[1].value = "https";
  EXPECT_EQ(ask(request).outcome, Outcome::redirect);
}
TEST_F(Everything, AHostThatRefusesPlainHttpIsNotThere) {
  EXPECT_EQ(line(ask(get("x.example.com", "/"))),
            "refused 404 (the host is not served over plain HTTP)");
  EXPECT_EQ(line(ask(https("x.example.com", "/"))), "upstream");
}

TEST_F(Everything, APrefixIsStrippedAndThePoolIsWeighted) {
  Request request = https("api.example.com", "/v1/users?a=1");
  request.headers.push_back({"X-Forwarded-Prefix", "/forged"});
  const Decision d = ask(request);
  EXPECT_EQ(d.upstream_target, "/users?a=1");
  EXPECT_EQ(d.matched_path, "/v1/users");
  EXPECT_EQ(header(d.upstream_headers, "X-Forwarded-Prefix"), "/v1");
  ASSERT_EQ(d.pool.size(), 2U);
  EXPECT_EQ(d.pool[0].weight, 9000U);
  EXPECT_EQ(d.pool[1].weight, 1000U);
  EXPECT_EQ(groups(t_.table, t_.table.routes()[d.route]),
            (std::vector<std::string_view>{"cloudflare-only", "throttle", "security.headers"}));
}
TEST_F(Everything, WhatTheUpstreamSees) {
  Request request = https("Api.Example.com:8443", "/x");
  request.peer = *parse_address("198.51.100.7");
  request.headers.insert(request.headers.end(), {{"Accept", "*/*"},
                                                 {"X-Forwarded-For", "6.6.6.6"},
                                                 {"X-Real-IP", "6.6.6.6"},
                                                 {"X_Evil", "1"},
                                                 {"X-Debug", "1"},
                                                 {"X-From", "client"},
                                                 {"x-from", "client"},
                                                 {"Connection", "close, X-Hop"},
                                                 {"X-Hop", "1"},
                                                 {"Keep-Alive", "5"},
                                                 {"Cookie", "a=1"},
                                                 {"Cookie", "b=2"}});
  const std::vector<HeaderField> expected = {{"Host", "Api.Example.com:8443"},
                                             {"Accept", "*/*"},
                                             {"Cookie", "a=1"},
                                             {"Cookie", "b=2"},
                                             {"X-Forwarded-For", "198.51.100.7"},
                                             {"X-Forwarded-Proto", "https"},
                                             {"X-Forwarded-Host", "Api.Example.com:8443"},
                                             {"X-From", "edge"}};
  EXPECT_EQ(ask(request).upstream_headers, expected);
}
TEST_F(Everything, AnswerHeadersCoverRefusalsToo) {
  Request request = https("api.example.com", "/admin");
  request.peer = *parse_address("203.0.113.9");
  const Decision unauthorised = ask(request);
  EXPECT_EQ(line(unauthorised), "refused 401 (a password is needed)");
  EXPECT_EQ(header(unauthorised.answer_headers, "WWW-Authenticate"),
            "Basic realm=\"admin \\\"area\\\"\"");
  EXPECT_EQ(header(unauthorised.answer_headers, "Strict-Transport-Security"), "max-age=31536000");
  request.headers.push_back({"Authorization", "basic Ym9iOnNlY3JldA=="});
  const Decision let_in = ask(request);
  EXPECT_EQ(line(let_in), "upstream");
  EXPECT_TRUE(let_in.needs_password);
  EXPECT_EQ(header(let_in.upstream_headers, "Authorization"), "");
  EXPECT_EQ(header(let_in.answer_headers, "X-Hop"), "edge");
  EXPECT_EQ(let_in.removed_answer_headers,
            (std::vector<std::string>{"Strict-Transport-Security", "Server"}));
  EXPECT_EQ(let_in.steps.size(), 5U);
}
TEST_F(Everything, ListsJudgeTheClientAndDenyWins) {
  Request request = https("api.example.com", "/admin");
  request.headers.push_back({"Authorization", "Basic x"});
  request.peer = *parse_address("10.1.1.1");
  EXPECT_EQ(line(ask(request)), "upstream");
  request.peer = *parse_address("10.6.6.6");
  EXPECT_EQ(line(ask(request)), "refused 403 (the client's address is not let in)");
  request.peer = *parse_address("173.245.48.9");
  request.headers.push_back({"X-Forwarded-For", "10.1.1.1"});
  EXPECT_EQ(line(ask(request)), "upstream");
  request.headers.back().value = "10.1.1.1, unknown";
  EXPECT_EQ(line(ask(request)), "refused 403 (the client's address is not let in)");
}

TEST_F(Everything, StaticAnswersAndRedirects) {
  const Decision ok = ask(https("api.example.com", "/healthz"));
  EXPECT_EQ(line(ok), "respond 200");
  EXPECT_EQ(ok.body, "ok\n");
  EXPECT_EQ(header(ok.answer_headers, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(line(ask(https("api.example.com", "/old/a%20b?c"))),
            "redirect 301 https://new.example/x/a%20b?c");
  EXPECT_EQ(line(ask(https("api.example.com", "/old"))), "redirect 301 https://new.example/x");
  EXPECT_EQ(line(ask(get("Other:81", "/x?y"))), "redirect 303 http://Other:81/gone");
}
TEST_F(Everything, AFrontHandsTheHostOnWhole) {
  const Decision d = ask(https("x.example.com", "/a//b?c"));
  EXPECT_EQ(d.front, 0U);
  EXPECT_EQ(t_.table.text(t_.table.upstreams()[d.pool[0].upstream].object), "inner");
  EXPECT_EQ(d.upstream_target, "/a/b?c");
}

TEST_F(Everything, Handshakes) {
  EXPECT_EQ(
      t_.table.text(t_.table.certificates()[ask(https("api.example.com", "/")).certificate].object),
      "api-example-com");
  EXPECT_EQ(line(ask(https("unknown.test", "/"))), "handshake refused");
  Request other = https("nothing.test", "/");  // the Host decides, not the server name
  other.server_name = "api.example.com";
  EXPECT_EQ(line(ask(other)), "redirect 303 https://nothing.test/gone");
  other.server_name = "unknown.test";
  EXPECT_EQ(line(ask(other)), "handshake refused");
}

TEST_F(Everything, MalformedRequests) {
  Request request = get("api.example.com", "/a%2fb");
  EXPECT_EQ(line(ask(request)), "refused 400 (a malformed target)");
  request.target = "*";
  EXPECT_EQ(line(ask(request)), "refused 400 (a malformed target)");
  request.method = "OPTIONS";
  EXPECT_EQ(line(ask(request)), "refused 200 (OPTIONS * asks for no route)");
  request.method = "CONNECT";
  request.target = "h:443";
  EXPECT_EQ(line(ask(request)), "refused 501 (CONNECT is not served)");
  request = get("user@h", "/");
  EXPECT_EQ(line(ask(request)), "refused 400 (a malformed Host)");
  request = get("api.example.com", "/");
  request.headers.push_back({"host", "api.example.com"});
  EXPECT_EQ(line(ask(request)), "refused 400 (more than one Host line)");
  request.headers.clear();
  EXPECT_EQ(line(ask(request)), "refused 400 (no host is asked for)");
  request.version = 10;
  EXPECT_EQ(line(ask(request)), "refused 404 (no host is asked for)");
  request = https("api.example.com", "/");
  request.headers.push_back({"Connection", "X-Forwarded-For"});
  EXPECT_EQ(line(ask(request)),
            "refused 400 (Connection names a header that nobody may take away)");
}
TEST_F(Everything, AnAbsoluteTargetNamesTheHost) {
  Request request = https("ignored.test", "https://api.example.com/healthz");
  request.server_name = "api.example.com";
  EXPECT_EQ(line(ask(request)), "respond 200");
  request.target = "https://api.example.com/x";
  EXPECT_EQ(header(ask(request).upstream_headers, "Host"), "api.example.com");
}

// ---------------------------------------------------------------- redirects, by the word
std::string redirected(RedirectSpec to, const Request& request, const char* path = "/p1",
                       std::vector<PolicySpec> policies = {}) {
  TableSpec spec;
  RouteSpec route = prefix(path);
  route.answer = AnswerKind::redirect;
  route.redirect = std::move(to);
  for (uint32_t i = 0; i < policies.size(); ++i) route.chain.push_back(i);
  spec.policies = std::move(policies);
  spec.hosts = {host("d.test", {route})};
  const Loaded t = load(spec);
  return line(evaluate(t.table, request));
}

TEST(Redirects, ByMethod) {
  for (const auto& [method, permanent, temporary] :
       {std::tuple{"GET", 301, 302}, {"HEAD", 308, 307}, {"POST", 308, 307}, {"get", 308, 307}}) {
    EXPECT_EQ(redirect_status(RedirectKind::permanent, 0, method), permanent) << method;
    EXPECT_EQ(redirect_status(RedirectKind::temporary, 0, method), temporary) << method;
    EXPECT_EQ(redirect_status(RedirectKind::exact, 307, method), 307) << method;
  }
}
TEST(Redirects, AUrlWithoutAPathKeepsPathAndQuery) {
  const RedirectSpec to{RedirectKind::permanent, 0, "https://new.example", true, false, true};
  EXPECT_EQ(redirected(to, get("d.test:9999", "/p1//a?x")),
            "redirect 301 https://new.example/p1/a?x");
  EXPECT_EQ(redirected(to, get("d.test", "/p1?")), "redirect 301 https://new.example/p1?");
}
TEST(Redirects, ARestFollowsThePrefix) {
  const RedirectSpec to{RedirectKind::temporary, 0, "/p2", false, true, true};
  EXPECT_EQ(redirected(to, get("D.test:9999", "/p1/a?x")),
            "redirect 302 http://D.test:9999/p2/a?x");
  EXPECT_EQ(redirected(to, get("d.test", "/p1")), "redirect 302 http://d.test/p2");
  EXPECT_EQ(redirected(to, get("d.test", "/p1/")), "redirect 302 http://d.test/p2/");
  EXPECT_EQ(redirected(to, get("d.test", "/a"), "/"), "redirect 302 http://d.test/p2/a");
  const RedirectSpec elsewhere{
      RedirectKind::temporary, 0, "https://new.example", false, true, true};
  EXPECT_EQ(redirected(elsewhere, get("d.test", "/p1")), "redirect 302 https://new.example/");
  EXPECT_EQ(redirected(elsewhere, get("d.test", "/p1/a")), "redirect 302 https://new.example/a");
}
TEST(Redirects, AnyOtherIsTakenAsWritten) {
  const RedirectSpec to{RedirectKind::exact, 308, "https://new.example/x?y=1", false, false, false};
  EXPECT_EQ(redirected(to, get("d.test", "/p1/a?x")), "redirect 308 https://new.example/x?y=1");
}
TEST(Redirects, AStrippedPathIsKeptStripped) {
  PolicySpec strip;
  strip.kind = PolicyKind::strip_prefix, strip.prefix = "/p1";
  const RedirectSpec to{RedirectKind::permanent, 0, "https://new.example", true, false, true};
  EXPECT_EQ(redirected(to, get("d.test", "/p1/a"), "/p1", {strip}),
            "redirect 301 https://new.example/a");
}

}  // namespace
}  // namespace sluice::table
