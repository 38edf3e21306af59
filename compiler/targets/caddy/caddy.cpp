#include "compiler/targets/caddy/caddy.h"

#include "compiler/targets/caddy/capabilities.h"

namespace sluice::targets::caddy {
namespace {

constexpr Ignored kIgnores[] = {
    {"Certificate.names", "Caddy asks for a certificate for each name of its sites by itself"},
    {"Edge.tls_ended", "what a trusted edge says in X-Forwarded-Proto is kept and passed on"},
    {"Site.name_space", "there are no namespaces on a host"},
    {"Site.service_domain", "already part of the names that are dialled"},
    {"Site.target", "it chose this target"},
};

}  // namespace

constinit const Target kTarget = {
    .facts = {.name = "caddy",
              .summary = "a Caddyfile for stock Caddy 2.11",
              .kubernetes = false,
              .options = {},
              .capabilities = kCapabilities},
    .ignores = kIgnores,
    .audit = audit,
    .emit = emit,
};

}  // namespace sluice::targets::caddy
