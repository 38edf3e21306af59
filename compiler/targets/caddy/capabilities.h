// What stock Caddy 2.11 can do of each feature.
#pragma once

#include "compiler/capability/capability.h"

namespace sluice::targets::caddy {

inline constexpr std::string_view kNoLimiter = "the stock build of Caddy has no rate limiter";
inline constexpr std::string_view kOnNormalPath =
    "a matcher on the normal path; Caddy's own ignores case";
inline constexpr std::string_view kCoversErrors =
    "deferred, and said again for Caddy's own error answers";

inline constexpr Capabilities kCapabilities = {
    .host_exact = native(),
    .host_wildcard = native(),
    .host_deep_wildcard = emulated("a pattern on the Host header in the site of all other hosts"),
    .host_any = native(),
    .route_prefix = emulated(kOnNormalPath),
    .route_exact = emulated(kOnNormalPath),
    .route_regex = emulated("a matcher on the normal path; Caddy's own sees the decoded one"),
    .strip_prefix = native(),
    .respond = native(),
    .respond_body = native(),
    .redirect = emulated("one redir for GET and one for the other methods"),
    .redirect_code = native(),
    .upstream_service = emulated("the Service's name is dialled as a DNS name"),
    .upstream_address = native(),
    .pool = native(),
    .allow_peers = native(),
    .allow_ips = native(),
    .deny_ips = native(),
    .rate_limit = unsupported(kNoLimiter),
    .rate_limit_other = unsupported(kNoLimiter),
    .basic_auth = native(),
    .request_headers = native(),
    .request_headers_add = native(),
    .response_headers = emulated(kCoversErrors),
    .response_headers_add = emulated(kCoversErrors),
    .tls = native(),
    .plain_http_redirect =
        emulated("one redir for GET and one for the other methods, known hosts only"),
    .plain_http_serve = native(),
    .plain_http_refuse = emulated("404, as for a host that is not known"),
    .acme_http01 = native(),
    .acme_tls_alpn01 = native(),
    .acme_dns01 = unsupported("the stock build of Caddy has no DNS provider; it needs a plug-in"),
    .internal_ca = native(),
    .acm = unsupported("certificates of ACM never leave AWS"),
    .issuer_installed = unsupported("there is no cluster that could have it"),
    .certificate_shared = emulated("Caddy keeps one certificate for each of the names"),
    .certificate_secret = emulated("read from /run/secrets/NAME/tls.crt and tls.key"),
    .certificate_files = native(),
    .trusted_edge = native(),
    .front = native(),
};

}  // namespace sluice::targets::caddy
