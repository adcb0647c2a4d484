using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// What events have in common that are alike but for who, which and when. A log has some dozens of kinds, however long it is, so that a filter
/// is answered by choosing among them.
/// </summary>
internal sealed record AuditKind(string Action, string ResourceType, AuditCategory Category, AuditSeverity Severity, AuditOutcome Outcome)
{
    /// <summary>Beyond so many, kinds are no short way to anything: some other system makes up its own.</summary>
    private const int Most = 300;

    private static readonly string[] Columns = ["Action", "ResourceType", "Category", "Severity", "Outcome"];

    private static readonly string WalkAll = Walk("\"OrganizationId\" = {0}");

    private static readonly string WalkActor = Walk("\"OrganizationId\" = {0} AND \"ActorRef\" = {2}");

    /// <summary>The kinds that occur in a log, or among what one actor did. None if they are too many.</summary>
    public static async Task<IReadOnlyList<AuditKind>?> AllAsync(GovernanceDbContext db, string? actorRef, CancellationToken cancellation)
    {
        var organizationId = db.OrganizationId!.Value;
        var rows = await (actorRef is null
            ? db.Database.SqlQueryRaw<Row>(WalkAll, organizationId, Most)
            : db.Database.SqlQueryRaw<Row>(WalkActor, organizationId, Most, actorRef)).ToListAsync(cancellation);
        return rows.Count > Most ? null : [.. rows.Select(row => new AuditKind(
            row.Action, row.ResourceType, Enum.Parse<AuditCategory>(row.Category), Enum.Parse<AuditSeverity>(row.Severity), Enum.Parse<AuditOutcome>(row.Outcome)))];
    }

    /// <summary>
    /// From each kind to the first event of the next, along the index: as many steps as there are kinds. The next differs in the last column,
    /// or else in the one before, and so on; SQLite would not use more than the first column of a comparison of rows.
    /// </summary>
    private static string Walk(string where)
    {
        var order = string.Join(", ", Columns.Select(column => $"\"{column}\""));
        var next = Enumerable.Range(0, Columns.Length).Reverse().Select(last =>
            $"(SELECT \"Id\" FROM \"AuditEvents\" WHERE {where}{string.Concat(Columns.Take(last).Select(same => $" AND \"{same}\" = kind.\"{same}\""))}"
            + $" AND \"{Columns[last]}\" > kind.\"{Columns[last]}\" ORDER BY {order} LIMIT 1)");
        return
            $$"""
            WITH RECURSIVE kinds("Id", "Step") AS (
              SELECT (SELECT "Id" FROM "AuditEvents" WHERE {{where}} ORDER BY {{order}} LIMIT 1), 1
              UNION ALL
              SELECT COALESCE({{string.Join(", ", next)}}), "Step" + 1
              FROM kinds JOIN "AuditEvents" AS kind ON kind."Id" = kinds."Id" WHERE "Step" <= {1})
            SELECT {{string.Join(", ", Columns.Select(column => $"kind.\"{column}\""))}} FROM kinds JOIN "AuditEvents" AS kind ON kind."Id" = kinds."Id"
            """;
    }

    private sealed record Row(string Action, string ResourceType, string Category, string Severity, string Outcome);
}
