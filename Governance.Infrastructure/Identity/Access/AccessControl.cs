using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>The one place that answers whether an actor may do something. Every service asks it for every reading and every change.</summary>
public sealed class AccessControl(AccessDirectory directory, GovernanceDatabase database)
{
    /// <summary>What part of the organisation an actor holds a permission for.</summary>
    public async ValueTask<Reach> ReachAsync(Actor actor, string permission, CancellationToken cancellation)
    {
        if (!Permissions.Exists(permission)) throw new ArgumentException($"There is no permission '{permission}'.", nameof(permission));
        if (actor.Kind == ActorKind.System) return Reach.Whole;
        if (actor.Scopes is { } scopes && !scopes.Contains(permission)) return Reach.None;
        if (actor.Kind == ActorKind.ServiceAccount) return actor.Scopes is null ? Reach.None : Reach.Whole;
        return actor.Id is { } person && await directory.FindAsync(person, cancellation) is { } access && access.OrganizationId == actor.OrganizationId
            ? access.ReachOf(permission)
            : Reach.None;
    }

    /// <summary>Whether an actor may do something somewhere in the organisation.</summary>
    public async ValueTask<bool> MayAsync(Actor actor, string permission, CancellationToken cancellation) =>
        !(await ReachAsync(actor, permission, cancellation)).IsNone;

    /// <summary>Whether an actor may do something to a part of the organisation.</summary>
    /// <returns>None if they may.</returns>
    public async ValueTask<Refusal?> CheckAsync(Actor actor, string permission, AccessScope scope, CancellationToken cancellation) =>
        (await ReachAsync(actor, permission, cancellation)).Covers(scope)
            ? null
            : Refusal.Forbidden($"Your roles do not allow this ({permission}). Ask an administrator for a role that does.");

    /// <inheritdoc cref="CheckAsync(Actor,string,AccessScope,CancellationToken)"/>
    public ValueTask<Refusal?> CheckAsync(Actor actor, string permission, CancellationToken cancellation) =>
        CheckAsync(actor, permission, AccessScope.Organization, cancellation);

    /// <summary>
    /// A context in which calls, ledger entries, applications and keys outside what the actor may read do not exist. Who may read
    /// nothing finds nothing.
    /// </summary>
    public async Task<GovernanceDbContext> OpenAsync(Actor actor, string permission, CancellationToken cancellation) =>
        database.ForReader(actor.OrganizationId, await ReachAsync(actor, permission, cancellation));
}
