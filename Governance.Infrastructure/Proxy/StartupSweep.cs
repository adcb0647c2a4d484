using Microsoft.Extensions.Hosting;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// Before the server listens: closes what processes that are dead left open, so that money they held is either charged or free before the
/// first call asks for it. The ledger's writer has started by then; the web server starts last.
/// </summary>
internal sealed class StartupSweep(InterruptedCallsJob interrupted) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => interrupted.RunAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
