using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>The statements of an exchange, on PostgreSQL.</summary>
internal static class LimitTables
{
    /// <summary>Waits for the turn of this process. One that was stopped in the middle of its own keeps the others waiting for seconds at most.</summary>
    public static Task EnterAsync(GovernanceDbContext db, CancellationToken cancellation) => db.Database.ExecuteSqlRawAsync(
        """
        SET LOCAL lock_timeout = '2s';
        SET LOCAL idle_in_transaction_session_timeout = '3s';
        SET LOCAL synchronous_commit = off;
        SELECT pg_advisory_xact_lock(7034218801);
        """, cancellation);

    /// <summary>Writes this process's own row, and removes those of the gone.</summary>
    public static Task KeepMembersAsync(GovernanceDbContext db, LimitMember me, IReadOnlyCollection<LimitMember> living, CancellationToken cancellation)
    {
        var ids = living.Select(member => member.InstanceId).ToArray();
        return db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM "LimitMembers" WHERE NOT ("InstanceId" = ANY ({ids}));
            INSERT INTO "LimitMembers" ("InstanceId", "JoinedIn", "Sequence", "SeenAt") VALUES ({me.InstanceId}, {me.JoinedIn}, {me.Sequence}, {me.SeenAt})
            ON CONFLICT ("InstanceId") DO UPDATE SET "Sequence" = EXCLUDED."Sequence", "SeenAt" = EXCLUDED."SeenAt";
            """, cancellation);
    }

    /// <summary>Writes what this process says, all in one statement.</summary>
    public static async Task SayAsync(GovernanceDbContext db, IReadOnlyCollection<LimitShare> said, CancellationToken cancellation)
    {
        if (said.Count == 0) return;
        await using var command = (NpgsqlCommand)db.Database.GetDbConnection().CreateCommand();
        command.CommandText =
            """
            INSERT INTO "LimitShares" ("OrganizationId", "Scope", "ScopeId", "Metric", "InstanceId", "Limit", "Claim", "Used", "Want", "WantOne", "FreesAt", "Sequence", "SaidAt")
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT ("OrganizationId", "Scope", "ScopeId", "Metric", "InstanceId") DO UPDATE SET
                "Limit" = EXCLUDED."Limit", "Claim" = EXCLUDED."Claim", "Used" = EXCLUDED."Used", "Want" = EXCLUDED."Want", "WantOne" = EXCLUDED."WantOne",
                "FreesAt" = EXCLUDED."FreesAt", "Sequence" = EXCLUDED."Sequence", "SaidAt" = EXCLUDED."SaidAt"
            """;
        Add(NpgsqlDbType.Uuid, share => share.OrganizationId);
        Add(NpgsqlDbType.Text, share => share.Scope.ToString());
        Add(NpgsqlDbType.Uuid, share => share.ScopeId);
        Add(NpgsqlDbType.Text, share => share.Metric.ToString());
        Add(NpgsqlDbType.Uuid, share => share.InstanceId);
        Add(NpgsqlDbType.Bigint, share => share.Limit);
        Add(NpgsqlDbType.Bigint, share => share.Claim);
        Add(NpgsqlDbType.Bigint, share => share.Used);
        Add(NpgsqlDbType.Bigint, share => share.Want);
        Add(NpgsqlDbType.Bigint, share => share.WantOne);
        Add(NpgsqlDbType.TimestampTz, share => share.FreesAt);
        Add(NpgsqlDbType.Bigint, share => share.Sequence);
        Add(NpgsqlDbType.TimestampTz, share => share.SaidAt);
        await command.ExecuteNonQueryAsync(cancellation);

        void Add<T>(NpgsqlDbType type, Func<LimitShare, T> value) =>
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type, Value = said.Select(value).ToArray() });
    }

    /// <summary>Removes what says nothing any more, once everybody has read that, and the use of the dead once it counts no longer.</summary>
    public static Task PurgeAsync(GovernanceDbContext db, Guid[] living, DateTimeOffset windowsSince, DateTimeOffset callsSince, CancellationToken cancellation)
    {
        var since = windowsSince < callsSince ? windowsSince : callsSince;
        return db.LimitShares
            .Where(share => share.SaidAt < since && (!living.Contains(share.InstanceId) || (share.Claim == null && share.Used == 0 && share.Want == 0)))
            .ExecuteDeleteAsync(cancellation);
    }
}
