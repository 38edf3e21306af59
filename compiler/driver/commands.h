// The commands' setup functions, one file each in commands/.
#pragma once

#include "compiler/driver/command.h"

namespace sluice::driver {

Action setup_check(CLI::App& app);
Action setup_compile(CLI::App& app);
Action setup_fmt(CLI::App& app);
Action setup_test(CLI::App& app);
Action setup_route(CLI::App& app);
Action setup_targets(CLI::App& app);
Action setup_explain(CLI::App& app);
Action setup_dump(CLI::App& app);

}  // namespace sluice::driver
