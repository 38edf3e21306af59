// What the caddy target writes, from plans made by hand. Whole sources are in tests/cases/caddy.
#include <gtest/gtest.h>

#include "build_plan.h"
#include "compiler/targets/target.h"

namespace sluice::targets {
namespace {

using namespace plan;  // NOLINT: the builder's words

std::string artifact(const PlanBuilder& builder, const std::string& path) {
  for (const emit::Artifact& artifact : find_target("caddy")->emit(builder.plan)) {
    if (artifact.path == path) return artifact.bytes;
  }
  return "[no such artifact]";
}

std::string caddyfile(const PlanBuilder& builder) { return artifact(builder, "Caddyfile"); }

void expect_has(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "looked for:\n" << part << "\nin:\n" << text;
}

TEST(Caddy, AFrontIsOneShortSiteBlock) {
  PlanBuilder b("netcup", "caddy");
  auto inner = b.front("k3d", b.address({{"host.docker.internal", 30080}}));
  auto issuer = b.letsencrypt();
  for (const char* name : {"bi.akko.example", "lab.akko.example"}) {
    Host& host = b.tls_host(name, b.certificate(name, {name}, issuer));
    b.route(host, PathKind::prefix, "/", inner);
  }
  EXPECT_EQ(caddyfile(b),
            R"(# Site netcup. Written by sluice from its source: change that, not this.
{
	auto_https disable_redirects
	cert_issuer acme {
		dir https://acme-v02.api.letsencrypt.org/directory
		email ops@example.com
		disable_tlsalpn_challenge
	}
	servers {
		max_header_size 60KiB
	}
}

import sluice-guards.caddy

bi.akko.example,
lab.akko.example {
	reverse_proxy http://host.docker.internal:30080 {
		import sluice_front
	}
}
)");
  std::string guards = artifact(b, "sluice-guards.caddy");
  EXPECT_EQ(guards.find("(sluice_path)"), std::string::npos) << "the inner site decides on paths";
  expect_has(guards, "@tls host bi.akko.example lab.akko.example");
}

TEST(Caddy, RoutesStandInMatchOrderOnTheNormalPath) {
  PlanBuilder b("edge", "caddy");
  Host& host = b.host("shop.example");
  auto api = b.address({{"10.0.0.5", 8000}});
  auto strip = b.policy("strip-v1", StripPrefix{std::string("/v1.0")});
  b.route(host, PathKind::exact, "/healthz", PlanBuilder::respond(200, "ok"));
  b.route(host, PathKind::regex, "^/u/[0-9]{2}$", PlanBuilder::pool({{api, 10000}}));
  b.to(host, "/v1.0", api, {strip});
  b.to(host, "/", api);
  EXPECT_EQ(caddyfile(b), R"(# Site edge. Written by sluice from its source: change that, not this.
{
	servers {
		max_header_size 60KiB
	}
}

import sluice-guards.caddy

http://shop.example {
	route {
		import sluice_path
		@r1 vars path /healthz
		handle @r1 {
			respond ok 200
		}
		@r2 vars_regexp path ^/u/[0-9]{2}$
		handle @r2 {
			reverse_proxy 10.0.0.5:8000 {
				import sluice_upstream
			}
		}
		@r3 vars_regexp path ^/v1\.0(?:/|$)
		handle @r3 {
			route {
				uri strip_prefix /v1.0
				reverse_proxy 10.0.0.5:8000 {
					import sluice_upstream
					header_up X-Forwarded-Prefix /v1.0
				}
			}
		}
		handle {
			reverse_proxy 10.0.0.5:8000 {
				import sluice_upstream
			}
		}
	}
}
)");
}

TEST(Caddy, GuardsActInOrderAndAnswerHeadersCoverErrors) {
  PlanBuilder b("edge", "caddy");
  b.behind("cdn", {"198.51.100.0/24"});
  Host& host = b.host("admin.example");
  HeaderEdits edits;
  edits.response = {HeaderEdit{EditOp::set, "X-Frame-Options", "DENY"},
                    HeaderEdit{EditOp::add, "X-A", "{b} c"},
                    HeaderEdit{EditOp::remove, "Server", ""}};
  edits.request = {HeaderEdit{EditOp::set, "X-By", "edge"}};
  std::vector<PolicyId> chain = {
      b.policy("peers", AllowPeers{CidrList{"198.51.100.0/24"}}),
      b.policy("office", AllowIps{CidrList{"203.0.113.0/24"}}),
      b.policy("banned", DenyIps{CidrList{"203.0.113.9/32", "203.0.113.10/32", "203.0.113.11/32",
                                          "203.0.113.12/32", "203.0.113.13/32"}}),
      b.policy("admins",
               BasicAuth{b.secret("admin-users", SecretUse::users), std::string("the admins")}),
      b.policy("secure", edits)};
  b.to(host, "/", b.address({{"10.0.0.5", 8000}}), chain);
  EXPECT_EQ(caddyfile(b), R"(# Site edge. Written by sluice from its source: change that, not this.
{
	servers {
		max_header_size 60KiB
		# cdn speaks for its clients
		trusted_proxies static 198.51.100.0/24
		trusted_proxies_strict
	}
}

(peers) {
	@peers not remote_ip 198.51.100.0/24
	respond @peers 403
}

(office) {
	@office not client_ip 203.0.113.0/24
	respond @office 403
}

(banned) {
	@banned {
		client_ip 203.0.113.9/32 203.0.113.10/32 203.0.113.11/32 203.0.113.12/32
		client_ip 203.0.113.13/32
	}
	respond @banned 403
}

(admins) {
	# lines of `NAME HASH`, the hash by bcrypt
	basic_auth bcrypt "the admins" {
		import /run/secrets/admin-users
	}
}

(secure) {
	header {
		X-Frame-Options DENY
		+X-A `\{b\} c`
		-Server
		defer
	}
}

import sluice-guards.caddy

http://admin.example {
	route {
		import sluice_path
		import secure
		import peers
		import office
		import banned
		import admins
		reverse_proxy 10.0.0.5:8000 {
			import sluice_upstream
			header_up X-By edge
			header_up -Authorization
		}
	}
	handle_errors {
		import secure
	}
}
)");
}

TEST(Caddy, RoutesWithDifferentAnswerHeadersAreToldApartInErrors) {
  PlanBuilder b("edge", "caddy");
  Host& host = b.host("a.example");
  auto up = b.address({{"10.0.0.5", 8000}});
  HeaderEdits edits;
  edits.response = {HeaderEdit{EditOp::set, "X-A", "1"}};
  b.to(host, "/a", up, {b.policy("marked", edits)});
  b.to(host, "/", up);
  expect_has(caddyfile(b), "\t\t\t\tvars errors_as r1\n\t\t\t\timport marked\n");
  expect_has(caddyfile(b),
             "\thandle_errors {\n\t\t@r1 vars errors_as r1\n\t\troute @r1 {\n\t\t\timport "
             "marked\n\t\t}\n\t}\n");
}

TEST(Caddy, PoolsKeepTheirRatio) {
  PlanBuilder b("edge", "caddy");
  auto two = b.address({{"10.0.0.1", 80}, {"10.0.0.2", 80, 2}});
  auto one = b.address({{"10.0.0.3", 80}});
  Host& host = b.host("a.example");
  b.route(host, PathKind::prefix, "/", PlanBuilder::pool({{two, 9000}, {one, 1000}}));
  expect_has(caddyfile(b),
             "reverse_proxy 10.0.0.1:80 10.0.0.2:80 10.0.0.3:80 {\n\t\t\tlb_policy "
             "weighted_round_robin 3 6 1\n");
}

TEST(Caddy, EvenMembersOfAnHttpsUpstream) {
  PlanBuilder b("edge", "caddy");
  Host& host = b.host("a.example");
  b.to(host, "/", b.address({{"up.example", 443}, {"2001:db8::1", 8443}}, Protocol::https));
  expect_has(caddyfile(b),
             "reverse_proxy https://up.example:443 https://[2001:db8::1]:8443 {\n\t\t\tlb_policy "
             "round_robin\n"
             "\t\t\timport sluice_upstream\n\t\t\theader_up Host {hostport}\n");
}

TEST(Caddy, Redirects) {
  PlanBuilder b("edge", "caddy");
  Host& host = b.host("old.example");
  b.route(host, PathKind::prefix, "/docs",
          PlanBuilder::redirect(RedirectKind::temporary, "https://new.example/manual/*"));
  b.route(host, PathKind::prefix, "/x",
          PlanBuilder::redirect(RedirectKind::exact, "/landing", 303));
  b.route(host, PathKind::prefix, "/",
          PlanBuilder::redirect(RedirectKind::permanent, "https://new.example"));
  std::string text = caddyfile(b);
  expect_has(text, "@r1 vars_regexp r1 path ^/docs(/.*)?$\n");
  expect_has(
      text,
      "redir @get https://new.example/manual{re.r1.1}{http.request.uri.prefixed_query} 302\n");
  expect_has(text, "redir * http://{hostport}/landing 303\n");
  expect_has(text, "redir @get https://new.example{uri} 301\n");
  expect_has(text, "redir * https://new.example{uri} 308\n");
}

TEST(Caddy, OtherPortsAndOtherCertificates) {
  PlanBuilder b("edge", "caddy");
  b.listen({{Scheme::http, uint16_t{8080}}, {Scheme::https, uint16_t{8443}}});
  auto up = b.address({{"10.0.0.5", 8000}});
  Host& files =
      b.tls_host("a.example", b.certificate("a", {"a.example"}, FilePair{"/c/a.crt", "/c/a.key"}));
  files.plain_http = PlainHttp::serve;
  b.to(files, "/", up);
  Host& internal =
      b.tls_host("b.example", b.certificate("b", {"b.example"}, b.issuer("local", InternalCa{})));
  b.to(internal, "/", up);
  Host& secret = b.tls_host(
      "c.example", b.certificate("c", {"c.example"}, Existing{b.secret("c-tls", SecretUse::tls)}));
  secret.plain_http = PlainHttp::refuse;
  b.to(secret, "/", up);
  std::string text = caddyfile(b);
  expect_has(text,
             "\thttp_port 8080\n\thttps_port 8443\n\tauto_https "
             "disable_redirects\n\tskip_install_trust\n");
  expect_has(text, "a.example,\nhttp://a.example {\n\ttls /c/a.crt /c/a.key\n");
  expect_has(text, "\nb.example {\n\ttls internal\n");
  expect_has(text, "tls /run/secrets/c-tls/tls.crt /run/secrets/c-tls/tls.key");
  std::string guards = artifact(b, "sluice-guards.caddy");
  expect_has(guards, "@tls host b.example\n");
  expect_has(guards, "redir @get https://{host}:8443{uri} 301\n");
}

TEST(Caddy, DeepWildcardsLiveInTheSiteOfAllOtherHosts) {
  PlanBuilder b("edge", "caddy");
  auto up = b.address({{"10.0.0.5", 8000}});
  b.to(b.host("x.example", HostKind::any_depth), "/", up);
  b.to(b.host("x.example", HostKind::one_label), "/", up);
  std::string text = caddyfile(b);
  expect_has(text, "(host-wildcard-x-example) {\n");
  expect_has(text, "http://*.x.example {\n");
  expect_has(artifact(b, "sluice-guards.caddy"),
             "@wildcard-x-example header_regexp Host (?i)^(?:[^.:]+\\.)+x\\.example(?::\\d*)?$\n");
}

TEST(Caddy, TheSamePlanGivesTheSameBytes) {
  PlanBuilder b("edge", "caddy");
  b.to(b.host("a.example"), "/", b.address({{"10.0.0.5", 8000}}));
  EXPECT_EQ(caddyfile(b), caddyfile(b));
}

}  // namespace
}  // namespace sluice::targets
