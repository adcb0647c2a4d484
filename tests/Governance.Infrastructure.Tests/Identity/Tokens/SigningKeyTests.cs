using System.Security.Cryptography;
using System.Text.Json;
using Governance.Domain.Identity.Tokens;
using Governance.Infrastructure.Identity.Tokens;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Identity.Tokens;

public sealed class SigningKeyTests : ProductTest
{
    private static readonly TimeSpan Lifetime = new ApiTokenOptions().SigningKeyLifetime;

    /// <summary>Longer than a process keeps the keys it has read.</summary>
    private static readonly TimeSpan Reread = TimeSpan.FromSeconds(6);

    private SigningKeyRing Ring => Get<SigningKeyRing>();

    [Fact]
    public async Task PublishedAsync_NoKeyYet_MakesOneWhosePrivateHalfIsWrapped()
    {
        var key = Assert.Single(await Ring.PublishedAsync(default));

        var row = Assert.Single(await RowsAsync<SigningKey>());
        Assert.Equal((1, key.Kid, Clock.GetUtcNow()), (row.Generation, row.Kid, row.ActivatesAt));
        Assert.Null(row.RetiresAt);
        Assert.Equal(row.PublicKey.Thumbprint, row.Kid);
        using var opened = Get<SigningKeyVault>().Open(row);
        Assert.Equal(row.PublicKey, Es256PublicKey.Of(opened));
        Assert.Equal(-1, row.WrappedPrivateKey.AsSpan().IndexOf(opened.ExportParameters(includePrivateParameters: true).D));
    }

    [Fact]
    public void Open_KeyUnderTheNameOfAnother_Throws()
    {
        var vault = Get<SigningKeyVault>();
        var (one, two) = (vault.Create(1, Clock.GetUtcNow()), vault.Create(2, Clock.GetUtcNow()));
        var swapped = new SigningKey { Kid = one.Kid, X = one.X, Y = one.Y, WrappedPrivateKey = two.WrappedPrivateKey };

        Assert.ThrowsAny<CryptographicException>(() => vault.Open(swapped));
    }

    [Fact]
    public async Task PublishedAsync_SeveralProcessesAtTheFirstMoment_AgreeOnOneKey()
    {
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            await QueryAsync(db => db.SigningKeys.ExecuteDeleteAsync());
            var processes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => new ProductProcess(Database, Clock).StartAsync()));
            var rings = await Task.WhenAll(processes.SelectMany(process => Enumerable.Range(0, 2).Select(_ => process))
                .Select(process => Task.Run(async () => await process.Get<SigningKeyRing>().PublishedAsync(default))));

            var row = Assert.Single(await RowsAsync<SigningKey>());
            Assert.All(rings, keys => Assert.Equal(row.Kid, Assert.Single(keys).Kid));
            foreach (var process in processes) await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task RunAsync_OverThreeRotations_EveryTokenVerifiesInEveryProcessForAllItsLife()
    {
        await using var second = await new ProductProcess(Database, Clock).StartAsync();
        var signers = new HashSet<string>();
        var recent = new Queue<(string Token, DateTimeOffset ExpiresAt)>();
        var step = TimeSpan.FromMinutes(50); // Not a divisor of the job's interval, so that all phases occur.
        for (var end = Clock.GetUtcNow() + 3 * Lifetime + TimeSpan.FromDays(2); Clock.GetUtcNow() < end;)
        {
            await Get<SigningKeyRotationJob>().RunAsync(default);

            // Around a change of keys every step is looked at, in the quiet weeks between them every fifth day.
            var keys = await RowsAsync<SigningKey>();
            var soon = keys.Count > 1 || Clock.GetUtcNow() + TimeSpan.FromDays(6) > keys[0].ActivatesAt + Lifetime - SigningKeyRotationJob.PublishedAhead;
            foreach (var process in (ProductProcess[])[Process, second])
            {
                var token = await process.Get<SigningKeyRing>().SignAsync(Claims(), default);
                signers.Add(KidOf(token));
                recent.Enqueue((token, Clock.GetUtcNow() + ApiTokenOptions.LongestAccessTokenLifetime));
            }

            while (recent.Peek().ExpiresAt < Clock.GetUtcNow()) recent.Dequeue();
            foreach (var (token, _) in recent)
            {
                Assert.True(await IsPublishedAsync(Process, token), "A valid token's key is not published.");
                Assert.True(await IsPublishedAsync(second, token), "A valid token's key is not published in the other process.");
            }

            Clock.Advance(soon ? step : TimeSpan.FromDays(5));
        }

        Assert.Equal(4, signers.Count);
        Assert.Single(await RowsAsync<SigningKey>());
    }

    [Fact]
    public async Task RunAsync_Rotation_PublishesTheNextAheadAndTheOldOneAfterwards()
    {
        var job = Get<SigningKeyRotationJob>();
        await job.RunAsync(default);
        var first = Assert.Single(await Ring.PublishedAsync(default));

        Clock.Advance(Lifetime - SigningKeyRotationJob.PublishedAhead - TimeSpan.FromSeconds(1));
        await job.RunAsync(default);
        Assert.Single(await RowsAsync<SigningKey>());

        // The next key is published, and the old one signs.
        Clock.Advance(TimeSpan.FromSeconds(1));
        await job.RunAsync(default);
        await job.RunAsync(default);
        Clock.Advance(Reread);
        var both = await Ring.PublishedAsync(default);
        Assert.Equal([first.Kid, both[^1].Kid], both.Select(key => key.Kid));
        Assert.Equal((first.ActivatesAt + Lifetime, first.ActivatesAt + Lifetime), (both[0].RetiresAt, both[1].ActivatesAt));
        Assert.Equal(first.Kid, KidOf(await Ring.SignAsync(Claims(), default)));

        // At its time the next key signs, and the old one stays published for the longest life of a token.
        Clock.Advance(both[1].ActivatesAt - Clock.GetUtcNow());
        Assert.Equal(both[1].Kid, KidOf(await Ring.SignAsync(Claims(), default)));
        Clock.Advance(ApiTokenOptions.LongestAccessTokenLifetime);
        await job.RunAsync(default);
        Assert.Equal(2, (await Ring.PublishedAsync(default)).Count);
        Clock.Advance(ApiTokenOptions.LargestClockSkew);
        await job.RunAsync(default);
        Assert.Equal(both[1].Kid, Assert.Single(await Ring.PublishedAsync(default)).Kid);
        Assert.Equal(both[1].Kid, Assert.Single(await RowsAsync<SigningKey>()).Kid);
    }

    [Fact]
    public async Task RunAsync_NothingRanForLong_TheOldKeySignsUntilTheNextWasPublishedLongEnough()
    {
        var old = Assert.Single(await Ring.PublishedAsync(default)).Kid;
        Clock.Advance(2 * Lifetime);
        await Get<SigningKeyRotationJob>().RunAsync(default);
        Clock.Advance(Reread);

        Assert.Equal(old, KidOf(await Ring.SignAsync(Claims(), default)));
        Clock.Advance(SigningKeyRotationJob.PublishedAhead);
        Assert.NotEqual(old, KidOf(await Ring.SignAsync(Claims(), default)));
    }

    [Fact]
    public async Task RunAsync_TwoProcessesAtOnce_MakeOneSuccessor()
    {
        await using var second = await new ProductProcess(Database, Clock).StartAsync();
        await Ring.PublishedAsync(default);
        Clock.Advance(Lifetime);
        await Task.WhenAll(((ProductProcess[])[Process, second, Process, second])
            .Select(process => Task.Run(() => process.Get<SigningKeyRotationJob>().RunAsync(default))));

        Assert.Equal([1, 2], (await RowsAsync<SigningKey>()).Select(key => key.Generation).Order());
    }

    private static string KidOf(string token) => JsonDocument.Parse(CompactJws.Parse(token)!.Header).RootElement.GetProperty("kid").GetString()!;

    private static async Task<bool> IsPublishedAsync(ProductProcess process, string token)
    {
        var published = await process.Get<SigningKeyRing>().PublishedAsync(default);
        return published.FirstOrDefault(key => key.Kid == KidOf(token)) is { } key && CompactJws.Parse(token)!.IsSignedBy(key.PublicKey);
    }

    private AccessTokenClaims Claims() => new(
        "issuer", "audience", default, default, default, default, Clock.GetUtcNow(), Clock.GetUtcNow(), Clock.GetUtcNow() + ApiTokenOptions.LongestAccessTokenLifetime);
}
