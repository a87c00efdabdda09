#pragma once
// What each command does. Answers go to standard output, faults to standard error, both at once as they
// arise.
#include "app/exit_code.h"
#include "app/settings.h"

namespace orakgarak::app {

ExitCode run(const AnalyzeCommand&, const Settings&);
ExitCode run(const RecommendCommand&, const Settings&);
ExitCode run(const CatalogImportCommand&, const Settings&);
ExitCode run(const CatalogListCommand&, const Settings&);
ExitCode run(const CatalogShowCommand&, const Settings&);
ExitCode run(const CatalogCheckCommand&, const Settings&);
ExitCode run(const SampleCommand&, const Settings&);
ExitCode run(const DemoCommand&, const Settings&);
ExitCode run(const ServeCommand&, const Settings&);
ExitCode run(const WorkerCommand&, const Settings&);

// Next to a running server or without one: they open its database, or ask its broker.
ExitCode run(const UploadsListCommand&, const Settings&);
ExitCode run(const UploadsShowCommand&, const Settings&);
ExitCode run(const UploadsRedriveCommand&, const Settings&);
ExitCode run(const LettersListCommand&, const Settings&);
ExitCode run(const LettersShowCommand&, const Settings&);
ExitCode run(const LettersDecideCommand&, const Settings&);
ExitCode run(const EventsLagCommand&, const Settings&);
ExitCode run(const DevicesCommand&, const Settings&);
ExitCode run(const DecisionsListCommand&, const Settings&);
ExitCode run(const ReprocessCommand&, const Settings&);
ExitCode run(const OperatorsAddCommand&, const Settings&);
ExitCode run(const OperatorsListCommand&, const Settings&);
ExitCode run(const OperatorsRemoveCommand&, const Settings&);

// It asks nothing of anybody.
ExitCode run(const PartitionsCommand&, const Settings&);

}  // namespace orakgarak::app
