// What sluiced does of each feature.
#pragma once

#include "compiler/capability/capability.h"

namespace sluice::targets::table {

inline constexpr std::string_view kNoAcme =
    "sluiced takes the certificate from its certificate folder; it does not ask the authority "
    "itself yet";

inline constexpr Capabilities kCapabilities = {
    .host_exact = native(),
    .host_wildcard = native(),
    .host_deep_wildcard = native(),
    .host_any = native(),
    .route_prefix = native(),
    .route_exact = native(),
    .route_regex = native(),
    .strip_prefix = native(),
    .respond = native(),
    .respond_body = native(),
    .redirect = native(),
    .redirect_code = native(),
    .upstream_service =
        emulated("the Service's name is dialled as a DNS name, plus service_domain"),
    .upstream_address = native(),
    .pool = native(),
    .allow_peers = native(),
    .allow_ips = native(),
    .deny_ips = native(),
    .rate_limit = native(),
    .rate_limit_other = native(),
    .basic_auth = native(),
    .request_headers = native(),
    .request_headers_add = native(),
    .response_headers = native(),
    .response_headers_add = native(),
    .tls = native(),
    .plain_http_redirect = native(),
    .plain_http_serve = native(),
    .plain_http_refuse = native(),
    .acme_http01 = partial(kNoAcme),
    .acme_tls_alpn01 = partial(kNoAcme),
    .acme_dns01 = partial(kNoAcme),
    .internal_ca = native(),
    .acm = unsupported("certificates of ACM never leave AWS"),
    .issuer_installed = unsupported("there is no cluster that could have it"),
    .certificate_shared = native(),
    .certificate_secret = emulated("read from the certificate folder, under the Secret's name"),
    .certificate_files = native(),
    .trusted_edge = native(),
    .front = native(),
};

}  // namespace sluice::targets::table
