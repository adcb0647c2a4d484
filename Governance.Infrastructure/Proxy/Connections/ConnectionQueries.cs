using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Connections;

/// <summary>Connections with how they do and what they are used for: the organisation's, the operator's and the sandbox.</summary>
public sealed class ConnectionQueries(AccessControl access, GovernanceDatabase database, ProviderConnections connections, TimeProvider time)
{
    private const int MaxModels = 200;

    /// <summary>Every connection, the organisation's first; none for who may not see them.</summary>
    public async Task<IReadOnlyList<ConnectionRow>> ListAsync(Actor actor, TimeRange period, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ProvidersRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = await RowsAsync(db, cancellation);
        var now = time.GetUtcNow();
        var hour = await ConnectionLedger.HealthAsync(db, now.AddHours(-1), cancellation);
        var day = await ConnectionLedger.HealthAsync(db, now.AddDays(-1), cancellation);
        var failures = await ConnectionLedger.FailuresAsync(db, now.AddDays(-1), cancellation);
        var costs = await ConnectionLedger.CostsAsync(db, period, cancellation);
        return
        [
            .. rows.Select(row => row with
            {
                Hour = hour.GetValueOrDefault(row.Name, ConnectionHealth.None),
                Day = day.GetValueOrDefault(row.Name, ConnectionHealth.None),
                LastFailure = failures[row.Name].FirstOrDefault(),
                Calls = costs.GetValueOrDefault(row.Name).Calls,
                Cost = costs.GetValueOrDefault(row.Name).Cost,
            }),
        ];
    }

    /// <summary>One connection, by its name or public id; none if there is no such, or the actor may not see it.</summary>
    public async Task<ConnectionDetail?> FindAsync(Actor actor, string nameOrId, TimeRange period, CancellationToken cancellation)
    {
        var id = nameOrId.StartsWith(PublicId.Connection + "_", StringComparison.Ordinal) && PublicId.TryParse(PublicId.Connection, nameOrId, out var parsed) ? parsed : (Guid?)null;
        if ((await ListAsync(actor, period, cancellation)).FirstOrDefault(row => id is null ? row.Name == nameOrId : row.Id == id) is not { } found) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var failures = await ConnectionLedger.FailuresAsync(db, time.GetUtcNow().AddDays(-1), cancellation);
        var models = await ConnectionLedger.ModelsAsync(db, found.Name, period, MaxModels, cancellation);
        return new ConnectionDetail(found, models, [.. failures[found.Name]]);
    }

    private async Task<IReadOnlyList<ConnectionRow>> RowsAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        var own = await db.Connections.AsNoTracking().OrderBy(connection => connection.Name).ToListAsync(cancellation);
        var taken = own.Select(connection => connection.DefaultOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var rows = own.Select(ToRow).ToList();
        foreach (var operators in connections.OfOperator())
        {
            rows.Add(new ConnectionRow(ConnectionSource.Operator, operators.Name, operators.Kind.Id, operators.BaseUrl)
            {
                Region = operators.Region,
                AccessKeyId = operators.Credential.AccessKeyId,
                DefaultOf = taken.Add(operators.Kind.Id) ? [operators.Kind] : [],
            });
        }

        var rest = Providers.All.Where(kind => kind.Base.Length > 0 && !taken.Contains(kind.Id)).ToList();
        if (connections.SandboxUrl is { } sandbox) rows.Add(new ConnectionRow(ConnectionSource.Sandbox, ProviderConnections.SandboxName, "", sandbox) { DefaultOf = rest });
        return rows;
    }

    private static ConnectionRow ToRow(Connection connection) => new(ConnectionSource.Organization, connection.Name, connection.Kind, connection.BaseUrl)
    {
        Id = connection.Id,
        Region = connection.Region,
        Account = connection.Account,
        AccessKeyId = connection.AccessKeyId,
        Aliases = connection.Aliases,
        ConnectTimeoutSeconds = connection.ConnectTimeoutSeconds,
        ActivityTimeoutSeconds = connection.ActivityTimeoutSeconds,
        Attempts = connection.Attempts,
        Approved = connection.ApprovedAt is not null,
        ApprovedAt = connection.ApprovedAt,
        DefaultOf = connection.DefaultOf is { } kind && Providers.Find(kind) is { } provider ? [provider] : [],
        Models = connection.Models,
        ModelsReadAt = connection.ModelsReadAt,
        TestedAt = connection.TestedAt,
        TestLatencyMs = connection.TestLatencyMs,
        TestError = connection.TestError,
        CreatedAt = connection.CreatedAt,
    };
}
