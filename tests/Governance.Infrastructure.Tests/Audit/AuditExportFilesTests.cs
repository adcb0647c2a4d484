using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Identity.Access;
using Governance.Testing.Audit;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>An export is written to a file with progress, fetched once by whoever asked, and leaves nothing behind.</summary>
public sealed class AuditExportFilesTests : ProductTest
{
    private AuditExportFiles Files => Get<AuditExportFiles>();

    private string Folder => Path.Combine(Database.Folder, "audit-exports");

    [Fact]
    public async Task TakeAsync_OfAFinishedExport_GivesAFileThatVerifiesOnceAndDeletesIt()
    {
        var ann = await PersonAsync("ann");
        var run = await ReadyAsync(ann);
        Assert.Equal(run.Plan.Count, run.Written);
        Assert.True(run.Written > 3);
        Assert.Equal([run.Id], (await Files.ListAsync(ann, default)).Select(own => own.Id));
        Assert.Single(Left());

        var (_, file) = (await Files.TakeAsync(ann, run.Id, default)).Required();
        using var folder = new TempFolder();
        var copy = Path.Combine(folder.Path, "export.zip");
        await using (file)
        {
            await using var target = File.Create(copy);
            await file.CopyToAsync(target);
        }

        (await AuditVerifier.RunAsync(copy)).MustPass();
        Assert.Empty(Left());
        Assert.Empty(await Files.ListAsync(ann, default));
        Assert.Equal(RefusalKind.NotFound, (await Files.TakeAsync(ann, run.Id, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task Any_OfAnotherPerson_IsNotFound()
    {
        var (ann, bob) = (await PersonAsync("ann"), await PersonAsync("bob"));
        var run = await ReadyAsync(ann);
        Assert.Empty(await Files.ListAsync(bob, default));
        Assert.Equal(RefusalKind.NotFound, (await Files.TakeAsync(bob, run.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Files.RemoveAsync(bob, run.Id, default)).Refusal?.Kind);
        Assert.Equal(AuditExportState.Ready, run.State);
    }

    [Fact]
    public async Task TakeAsync_AfterTheRoleWasRevoked_IsRefused()
    {
        var ann = await PersonAsync("ann");
        var run = await ReadyAsync(ann);
        var grant = await QueryAsync(db => db.RoleGrants.SingleAsync(grant => grant.PersonId == ann.Id));
        (await Get<GrantService>().RevokeAsync(Tenant.Admin, grant.Id, "No auditor any more", default)).Required();
        Assert.Equal(RefusalKind.Forbidden, (await Files.TakeAsync(ann, run.Id, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task StartAsync_BeyondTwo_IsRefusedUntilOneIsRemoved()
    {
        var ann = await PersonAsync("ann");
        var first = await ReadyAsync(ann);
        await ReadyAsync(ann);
        Assert.Equal(RefusalKind.TooMany, (await StartAsync(ann)).Refusal?.Kind);
        (await StartAsync(await PersonAsync("bob"))).Required();
        (await Files.RemoveAsync(ann, first.Id, default)).Required();
        await ReadyAsync(ann);
    }

    [Fact]
    public async Task RemoveAsync_WhileItIsWritten_LeavesNoFile()
    {
        var ann = await PersonAsync("ann");
        var run = (await StartAsync(ann)).Required();
        (await Files.RemoveAsync(ann, run.Id, default)).Required();
        await Eventually.TrueAsync(() => Left().Length == 0, "the file is deleted");
        Assert.Equal(AuditExportState.Gone, run.State);
    }

    [Fact]
    public async Task RunAsync_LeftAndForgottenFiles_AreDeleted()
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "left.zip"), "by a process that was killed");
        var run = await ReadyAsync(await PersonAsync("ann"));
        await Files.RunAsync(default);
        Assert.DoesNotContain(Left(), path => path.EndsWith("left.zip", StringComparison.Ordinal));

        Clock.Advance(AuditExportFiles.Lifetime + TimeSpan.FromMinutes(1));
        await Files.RunAsync(default);
        Assert.Empty(Left());
        Assert.Equal(AuditExportState.Gone, run.State);
    }

    private string[] Left() => Directory.Exists(Folder) ? Directory.GetFiles(Folder) : [];

    private async Task<Actor> PersonAsync(string name) =>
        Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, $"{name}@example.test", "a long enough password", Roles.Auditor));

    private Task<Result<AuditExportRun>> StartAsync(Actor actor) => Files.StartAsync(actor, DateTimeOffset.UnixEpoch, Clock.GetUtcNow().AddDays(1), default);

    private async Task<AuditExportRun> ReadyAsync(Actor actor)
    {
        var run = (await StartAsync(actor)).Required();
        await Eventually.TrueAsync(() => run.State != AuditExportState.Writing, "the export is written");
        Assert.Equal(AuditExportState.Ready, run.State);
        return run;
    }
}
