namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>Where a call may go, in the order in which it is tried; at least one. Each of them may be what it is charged for.</summary>
/// <param name="Candidates">The connections and models.</param>
public sealed record RoutePlan(IReadOnlyList<RouteCandidate> Candidates);

/// <summary>A connection and a model that a call may go to.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Model">The model that is governed and priced there; none where the API names none.</param>
/// <param name="SentModel">The name to ask for in place of the caller's; none if it goes as the caller wrote it.</param>
public sealed record RouteCandidate(ProviderConnection Connection, string? Model, string? SentModel = null);
