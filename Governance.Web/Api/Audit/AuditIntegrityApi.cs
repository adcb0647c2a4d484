using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api.Audit;

/// <summary>How well the log is kept, for whoever watches over it.</summary>
/// <param name="SignedEntries">How many entries the newest checkpoint covers.</param>
/// <param name="SignedAt">When it was signed.</param>
/// <param name="VerifiedEntries">Up to where the self-check found all in order.</param>
/// <param name="VerifiedAt">When it last looked; none before it first did.</param>
/// <param name="ArchivedEntries">How many of the first entries lie in files.</param>
/// <param name="Problem">What is wrong; none if all is well.</param>
/// <param name="ProblemSince">When that was found.</param>
public sealed record AuditIntegrityResource(
    long SignedEntries, DateTimeOffset? SignedAt, long VerifiedEntries, DateTimeOffset? VerifiedAt, long ArchivedEntries, string? Problem, DateTimeOffset? ProblemSince);

/// <summary>The state of the log.</summary>
internal static class AuditIntegrityApi
{
    public static void MapAuditIntegrity(this RouteGroupBuilder audit) => audit.MapGet("/integrity", GetAsync)
        .WithName("GetAuditIntegrity").WithSummary("Up to where the log is signed and verified, and what the self-check found wrong.")
        .RequireAuthorization(Permissions.AuditRead);

    private static async Task<Results<Ok<AuditIntegrityResource>, ProblemHttpResult>> GetAsync(HttpContext http, AuditLogQueries log) =>
        await log.IntegrityAsync(http.User.ToActor(http), http.RequestAborted) is { } state
            ? TypedResults.Ok(new AuditIntegrityResource(
                state.Checkpoint?.Size ?? 0,
                state.Checkpoint?.At,
                state.Check?.VerifiedSize ?? 0,
                state.Check?.VerifiedAt,
                state.Archive?.Entries ?? 0,
                state.Check?.Problem,
                state.Check?.ProblemSince))
            : ApiProblems.NotFound("There is no log that you may read.");
}
