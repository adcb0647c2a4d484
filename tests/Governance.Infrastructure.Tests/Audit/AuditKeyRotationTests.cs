using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>The key that signs a log changes, and who trusted the old one can trust the new one.</summary>
public sealed class AuditKeyRotationTests : ProductTest
{
    [Fact]
    public async Task RotateAsync_ThenARestart_AnnouncesTheKeyInTheLogAndHasBothSign()
    {
        await Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        var rotated = (await Get<AuditKeyRotation>().RotateAsync(default)).Required();
        await using var restarted = await RestartedAsync();
        await restarted.Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);

        var origin = AuditLeaf.OriginOf(Tenant.Id);
        var announced = Assert.Single(await EventsAsync(), entry => entry.Action == AuditSigner.Rotated);
        Assert.Equal(new VerifierKey(origin, rotated).ToString(), announced.Row.ResourceRef);
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        var keys = await LogKeys.ReadAsync(db, Tenant.Id, default);
        var handover = SignedNote.Parse(Assert.Single(keys.Handovers))!;
        Assert.Equal([Get<AuditSigner>().PublicKey, rotated], keys.Verifiers.Select(key => key.PublicKey));
        Assert.All(keys.Verifiers, key => Assert.True(AuditSigner.Verify(handover, key)));

        await RecordAsync(restarted);
        var next = SignedNote.Parse((await LastAsync()).Note)!;
        Assert.Equal(new VerifierKey(origin, rotated).KeyHash, Assert.Single(next.Signatures).KeyHash);
    }

    [Fact]
    public async Task CatchUpAsync_InAProcessWithTheKeyOfBefore_SignsNothing()
    {
        await Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        await Get<AuditKeyRotation>().RotateAsync(default);
        await using var restarted = await RestartedAsync();
        await restarted.Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        var signed = await LastAsync();

        await RecordAsync(Process);
        Assert.Equal(signed.Size, (await LastAsync()).Size);
        Assert.Single(await EventsAsync(), entry => entry.Action == AuditSigner.Rotated);
        Assert.Contains(Process.Logs.Entries, entry => entry.Message.Contains("restart it", StringComparison.Ordinal));
        await restarted.Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        Assert.True((await LastAsync()).Size > signed.Size);
    }

    [Fact]
    public async Task RotateAsync_BeforeTheKeyHasSigned_Refuses()
    {
        await Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        await Get<AuditKeyRotation>().RotateAsync(default);
        await using var restarted = await RestartedAsync();
        Assert.Equal(RefusalKind.Conflict, (await restarted.Get<AuditKeyRotation>().RotateAsync(default)).Refusal!.Kind);
        await restarted.Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        Assert.True((await restarted.Get<AuditKeyRotation>().RotateAsync(default)).Succeeded);
    }

    /// <summary>A process that starts an hour later.</summary>
    private async Task<ProductProcess> RestartedAsync()
    {
        var process = await NewProcessAsync();
        process.Clock.Advance(TimeSpan.FromHours(1));
        return process;
    }

    private async Task RecordAsync(ProductProcess process)
    {
        await using var db = process.Database.ForOrganization(Tenant.Id);
        process.Get<AuditTrail>().Record(db, Tenant.Admin, "organization.changed", "organization", PublicId.Format("org", Tenant.Id));
        await db.SaveChangesAsync();
        await process.Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
    }

    private Task<AuditCheckpoint> LastAsync() => QueryAsync(db => db.AuditCheckpoints.AsNoTracking().OrderByDescending(row => row.Size).FirstAsync());
}
