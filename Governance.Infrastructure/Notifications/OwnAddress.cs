namespace Governance.Infrastructure.Notifications;

/// <summary>Tells at which address this process can be reached from this machine.</summary>
/// <param name="Current">The base URL without a trailing slash; where the port is chosen at start, known once the server listens.</param>
public sealed record OwnAddress(Func<string> Current);
