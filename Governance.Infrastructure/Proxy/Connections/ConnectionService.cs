using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Connections;

/// <summary>Keeps an organisation's connections to providers.</summary>
public sealed class ConnectionService(
    AccessControl access, GovernanceDatabase database, SessionService sessions, ConnectionDirectory directory, ConnectionTest test, MasterKey master, AuditTrail audit, TimeProvider time)
{
    /// <summary>The most connections of an organisation.</summary>
    public const int MaxConnections = 100;

    private const string Permission = Permissions.ProvidersManage;

    private static readonly Refusal Unknown = Refusal.NotFound("There is no such connection any more.");
    private static readonly Refusal Taken = Refusal.Invalid(nameof(ConnectionDraft.Name), "Another connection has this name.");
    private static readonly Refusal Overtaken = Refusal.Conflict("Somebody else made another connection the default at this moment. Try again.");

    /// <summary>Adds a connection. Nothing goes through it until it is approved.</summary>
    public async Task<Result<Guid>> CreateAsync(Actor actor, ConnectionDraft draft, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        draft = draft.Trimmed();
        if (draft.Check() is { } refusal) return refusal;
        if (draft.Secret is not { } secret) return Refusal.Invalid(nameof(draft.Secret), "Give the provider's key.");
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.Connections.CountAsync(cancellation) >= MaxConnections) return Refusal.Conflict($"There are {MaxConnections} connections already. Delete one first.");
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var connection = new Connection
        {
            Id = id,
            OrganizationId = actor.OrganizationId,
            Name = draft.Name,
            Kind = draft.Kind,
            BaseUrl = draft.BaseUrl,
            WrappedSecret = Connection.Wrap(actor.OrganizationId, id, secret, master),
            CreatedAt = time.GetUtcNow(),
            CreatedBy = actor.Id,
        };
        Apply(connection, draft);
        db.Connections.Add(connection);
        Record(db, actor, "connection.created", connection, Said(connection));
        return await SaveAsync(db, Taken, cancellation) is { } taken ? taken : id;
    }

    /// <summary>
    /// Changes a connection, and its key if there is a new one. Another host gets no key that was not given for it, and what was approved
    /// was the old one.
    /// </summary>
    public async Task<Result> ChangeAsync(Actor actor, Guid connectionId, ConnectionDraft draft, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await FindAsync(db, connectionId, cancellation) is not { } connection) return Unknown;
        draft = (draft with { Name = connection.Name, Kind = connection.Kind }).Trimmed();
        if (draft.Check() is { } refusal) return refusal;
        var moved = Origin(draft.BaseUrl) != Origin(connection.BaseUrl);
        if (draft.Secret is null && moved) return Refusal.Invalid(nameof(draft.Secret), "Give the key again: it is not sent to another host than the one it was given for.");
        if (draft.Secret is null && draft.AccessKeyId != connection.AccessKeyId) return Refusal.Invalid(nameof(draft.Secret), "Give the secret that belongs to this access key id.");
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;
        var before = Said(connection);
        Apply(connection, draft);
        if (moved) connection.ApprovedAt = null;
        if (draft.Secret is { } secret) connection.Keep(secret, master);
        Record(db, actor, "connection.changed", connection, new { before, after = Said(connection), secretReplaced = draft.Secret is not null });
        return new Result(await SaveAsync(db, Taken, cancellation));
    }

    /// <summary>Lets calls through. The first one of a kind becomes its default.</summary>
    public Task<Result> ApproveAsync(Actor actor, Guid connectionId, CancellationToken cancellation) =>
        SetAsync(actor, connectionId, "connection.approved", async (db, connection) =>
        {
            if (connection.ApprovedAt is not null) return Refusal.Conflict($"{connection.Name} is approved already.");
            connection.ApprovedAt = time.GetUtcNow();
            if (HasBase(connection) && !await db.Connections.AnyAsync(row => row.DefaultOf == connection.Kind, cancellation)) connection.DefaultOf = connection.Kind;
            return null;
        }, cancellation);

    /// <summary>Lets no more calls through. A default stays the default, so that its calls are refused rather than sent elsewhere.</summary>
    public Task<Result> WithdrawAsync(Actor actor, Guid connectionId, CancellationToken cancellation) =>
        SetAsync(actor, connectionId, "connection.withdrawn", (_, connection) =>
        {
            if (connection.ApprovedAt is null) return Task.FromResult<Refusal?>(Refusal.Conflict($"{connection.Name} is not approved."));
            connection.ApprovedAt = null;
            return Task.FromResult<Refusal?>(null);
        }, cancellation);

    /// <summary>Has calls under the base of the connection's kind go through it from now on.</summary>
    public Task<Result> MakeDefaultAsync(Actor actor, Guid connectionId, CancellationToken cancellation) =>
        SetAsync(actor, connectionId, "connection.made_default", async (db, connection) =>
        {
            if (!HasBase(connection)) return Refusal.Conflict("Servers of this kind are called by name only.");
            if (connection.ApprovedAt is null) return Refusal.Conflict($"{connection.Name} is not approved. Approve it first.");
            if (connection.DefaultOf is not null) return Refusal.Conflict($"{connection.Name} is the default already.");
            foreach (var former in await db.Connections.Where(row => row.DefaultOf == connection.Kind).ToListAsync(cancellation)) former.DefaultOf = null;
            connection.DefaultOf = connection.Kind;
            return null;
        }, cancellation);

    /// <summary>Deletes a connection with its key, if no route leads to it. What was called through it stays in the ledger under its name.</summary>
    public Task<Result> DeleteAsync(Actor actor, Guid connectionId, CancellationToken cancellation) =>
        SetAsync(actor, connectionId, "connection.deleted", async (db, connection) =>
        {
            var routes = (await db.ModelRoutes.AsNoTracking().ToListAsync(cancellation))
                .Where(route => route.Targets.Any(target => target.Connection == connection.Name)).Select(route => route.Model).Order(StringComparer.Ordinal).ToList();
            if (routes.Count > 0) return Refusal.Conflict($"The routes of {string.Join(", ", routes)} lead to {connection.Name}. Change or delete them first.");
            db.Connections.Remove(connection);
            return null;
        }, cancellation);

    /// <summary>Asks the provider what costs nothing, and keeps the models it lists.</summary>
    public async Task<Result<ConnectionTestResult>> TestAsync(Actor actor, Guid connectionId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await FindAsync(db, connectionId, cancellation) is not { } connection || connection.Open(master) is not { } opened) return Unknown;
        var result = await test.RunAsync(opened, cancellation);
        var now = time.GetUtcNow();
        (connection.TestedAt, connection.TestLatencyMs, connection.TestError) = (now, result.LatencyMs, result.Error);
        if (result.Models is { } models) (connection.Models, connection.ModelsReadAt) = ([.. models], now);
        Record(
            db, actor, "connection.tested", connection, new { connection.Name, connection.BaseUrl, result.Status, result.LatencyMs, models = result.Models?.Count, error = result.Error },
            result.Passed ? AuditOutcome.Success : AuditOutcome.Failure);
        await db.SaveChangesAsync(cancellation);
        return result;
    }

    private async Task<Result> SetAsync(
        Actor actor, Guid connectionId, string action, Func<GovernanceDbContext, Connection, Task<Refusal?>> change, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await FindAsync(db, connectionId, cancellation) is not { } connection) return Unknown;
        var before = Said(connection);
        if (await change(db, connection) is { } refusal) return refusal;
        Record(db, actor, action, connection, action == "connection.deleted" ? before : new { before, after = Said(connection) });
        return new Result(await SaveAsync(db, Overtaken, cancellation));
    }

    private static Task<Connection?> FindAsync(GovernanceDbContext db, Guid connectionId, CancellationToken cancellation) =>
        db.Connections.SingleOrDefaultAsync(row => row.Id == connectionId, cancellation);

    private static void Apply(Connection connection, ConnectionDraft draft)
    {
        (connection.BaseUrl, connection.Region, connection.Account, connection.AccessKeyId, connection.Aliases) =
            (draft.BaseUrl, draft.Region, draft.Account, draft.AccessKeyId, new Dictionary<string, string>(draft.Aliases));
        (connection.ConnectTimeoutSeconds, connection.ActivityTimeoutSeconds, connection.Attempts) = (draft.ConnectTimeoutSeconds, draft.ActivityTimeoutSeconds, draft.Attempts);
    }

    private static bool HasBase(Connection connection) => Providers.Find(connection.Kind) is { Base.Length: > 0 };

    private static string Origin(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);

    /// <summary>All that is known of it but the secret.</summary>
    private static object Said(Connection connection) => new
    {
        connection.Name, connection.Kind, connection.BaseUrl, connection.Region, connection.Account, connection.AccessKeyId, connection.Aliases,
        connection.ConnectTimeoutSeconds, connection.ActivityTimeoutSeconds, connection.Attempts,
        approved = connection.ApprovedAt is not null, isDefault = connection.DefaultOf is not null,
    };

    private void Record(GovernanceDbContext db, Actor actor, string action, Connection connection, object details, AuditOutcome outcome = AuditOutcome.Success) =>
        audit.Record(db, actor, action, "connection", connection.PublicId, details, outcome);

    private async Task<Refusal?> SaveAsync(GovernanceDbContext db, Refusal conflict, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return conflict;
        }

        directory.Forget();
        return null;
    }
}
