// Tells systemd what goes on (sd_notify's datagram, spoken directly). Does nothing elsewhere.
#pragma once

namespace sluice::server {

void notify(
    const char* state) noexcept;  // "READY=1", "RELOADING=1\nMONOTONIC_USEC=…", "STOPPING=1"

}  // namespace sluice::server
