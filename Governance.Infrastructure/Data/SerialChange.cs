using System.Data;
using Governance.Domain;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Data;

/// <summary>
/// Reads and changes as if nobody else did meanwhile: SQLite lets one writer at a time begin; PostgreSQL fails the later of two that
/// cannot be put into an order, which is then made again over what the other left.
/// </summary>
internal static class SerialChange
{
    private const int MaxAttempts = 5;

    private static readonly Refusal Raced =
        Refusal.Conflict("Others keep changing this at this very moment. Look at it again, then repeat the change if it is still right.");

    /// <summary>Saves and commits what a change did if it succeeded; nothing of it stays if it was refused.</summary>
    /// <param name="database">Where.</param>
    /// <param name="organizationId">Of which organisation.</param>
    /// <param name="change">The change; it may be made several times, each in a context of its own.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Result<T>> SeriallyAsync<T>(
        this GovernanceDatabase database, Guid organizationId, Func<GovernanceDbContext, Task<Result<T>>> change, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                await using var db = database.ForOrganization(organizationId);
                await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
                var result = await change(db);
                if (!result.Succeeded) return result;
                await db.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return result;
            }
            catch (Exception exception) when (exception.IsConflict())
            {
                // Once more, over what the other one left.
            }
        }

        return Raced;
    }

    /// <inheritdoc cref="SeriallyAsync{T}"/>
    public static async Task<Result> SeriallyAsync(
        this GovernanceDatabase database, Guid organizationId, Func<GovernanceDbContext, Task<Result>> change, CancellationToken cancellation)
    {
        var result = await database.SeriallyAsync<bool>(organizationId, async db => new Result<bool>(true, (await change(db)).Refusal), cancellation);
        return new Result(result.Refusal);
    }
}
