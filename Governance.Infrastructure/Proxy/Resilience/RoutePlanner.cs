using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Proxy.Connections;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>Decides where a call may go: by its organisation's route for the model, or where there is none, through the connection that was called.</summary>
public sealed class RoutePlanner(ProviderConnections connections, ConnectionDirectory directory, PriceBooks prices, Random random, IOptions<ProxyOptions> options)
{
    /// <summary>Whether two kinds speak the same format, so that a request for one can go to the other as it is.</summary>
    public static bool SpeaksAlike(Provider one, Provider other) => ReferenceEquals(one.Routes, other.Routes);

    /// <summary>The plan, or why no target of the route may be called. Neither where there is no route and no connection.</summary>
    /// <param name="holder">Who calls.</param>
    /// <param name="kind">The kind under whose base it was called; none if a connection was called by name, which is what then is called.</param>
    /// <param name="connection">The connection that is called without a route.</param>
    /// <param name="api">What is called.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<(RoutePlan? Plan, ProxyError? Refusal)> PlanAsync(
        KeyHolder holder, Provider? kind, ProviderConnection? connection, ProviderApi api, CallRequest request, DateTimeOffset at, CancellationToken cancellation)
    {
        if (kind is null || request.Model is not { } asked
            || (await directory.GetAsync(holder.OrganizationId, cancellation)).RouteOf(kind.Id, asked) is not { } route)
            return (connection is null ? null : new RoutePlan([Candidate(connection, request.Model, null)]), null);

        var book = api.Free || options.Value.UnpricedModels == UnpricedModels.Pass ? null : await prices.GetAsync(holder.OrganizationId, cancellation);
        var candidates = new List<RouteCandidate>();
        ProxyError? refusal = null;
        foreach (var target in RouteOrder.Of(route.Targets, random))
        {
            if (await connections.NamedAsync(holder.OrganizationId, kind, target.Connection, cancellation) is not { } named || !SpeaksAlike(kind, named.Kind)) continue;
            var candidate = Candidate(named, target.Model ?? asked, target.Model == asked ? null : target.Model);
            if (Check(candidate, holder, book, at) is { } wrong) refusal ??= wrong;
            else candidates.Add(candidate);
        }

        return candidates.Count > 0 ? (new RoutePlan(candidates), null) : (null, refusal ?? ProxyErrors.ProviderNotConfigured(kind.DisplayName));
    }

    private static RouteCandidate Candidate(ProviderConnection connection, string? model, string? sent) =>
        new(connection, model is null ? null : connection.Aliases.GetValueOrDefault(model, model), sent);

    private static ProxyError? Check(RouteCandidate candidate, KeyHolder holder, PriceBook? book, DateTimeOffset at)
    {
        if (!candidate.Connection.Approved) return ProxyErrors.ConnectionNotApproved(candidate.Connection.Name);
        if (holder.CheckModel(candidate.Model!) is { } notAllowed) return notAllowed;
        return book is not null && book.Find(candidate.Connection.Provider, candidate.Model!, at) is null ? ProxyErrors.UnpricedModel(candidate.Model!) : null;
    }
}
