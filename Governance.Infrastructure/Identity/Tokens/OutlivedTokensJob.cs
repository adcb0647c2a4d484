using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>Removes families that are past their end, with their tokens. Until then used tokens are needed to notice a second use.</summary>
internal sealed class OutlivedTokensJob(GovernanceDatabase database, TimeProvider time) : IJob
{
    public string Name => "outlived-tokens";

    public TimeSpan Interval => TimeSpan.FromHours(6);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var outlived = time.GetUtcNow() - SigningKeyRing.PublishedAfter;
        await using var db = database.AcrossOrganizations();
        await db.RefreshTokenFamilies.Where(family => family.ExpiresAt <= outlived).ExecuteDeleteAsync(cancellation);
    }
}
