using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Audit.Anchors;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit.Anchors;

public sealed class FolderAnchorTests : AnchorTest
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    protected override Task<Dictionary<string, string?>> SettingsAsync() =>
        Task.FromResult(new Dictionary<string, string?> { ["Audit:Anchors:Folder"] = Place.Path });

    [Fact]
    public async Task Run_NewCheckpoint_IsAFileOfItsOwnThatNobodyWrites()
    {
        var checkpoint = await GrowAsync();
        await RunJobAsync();
        await RunJobAsync();

        var file = Assert.Single(Directory.GetFiles(LogFolder));
        Assert.Equal($"{checkpoint.Size:D12}.checkpoint", Path.GetFileName(file));
        Assert.Equal(checkpoint.Note, await File.ReadAllTextAsync(file));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        var deposit = Assert.Single(await RowsAsync<AuditDeposit>());
        Assert.Equal((AuditAnchorKind.Folder, Place.Path, checkpoint.Size), (deposit.Kind, deposit.Target, deposit.Size));
        Assert.Equal(checkpoint.Root, deposit.Root);
    }

    [Fact]
    public async Task Run_LogThatGrows_IsDepositedOnceAnHourAndAtOnceAfterAPause()
    {
        await GrowAsync();
        await RunJobAsync();
        await GrowAsync();
        await RunAfterAsync(TimeSpan.FromMinutes(58));
        Assert.Single(Directory.GetFiles(LogFolder));
        await RunAfterAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(2, Directory.GetFiles(LogFolder).Length);

        await RunAfterAsync(TimeSpan.FromHours(5)); // Nothing new in the meantime.
        Assert.Equal(2, Directory.GetFiles(LogFolder).Length);
        await GrowAsync();
        await RunJobAsync();
        Assert.Equal(3, Directory.GetFiles(LogFolder).Length);
    }

    [Fact]
    public async Task Run_SameFileThereAlready_IsFine()
    {
        await WriteAsync((await GrowAsync()).Note);
        await RunJobAsync();
        Assert.Single(await RowsAsync<AuditDeposit>());
        Assert.Empty(await AnchorEventsAsync());
    }

    [Fact]
    public async Task Run_OtherFileThereAlready_IsAnAlarmAndStaysUntouched()
    {
        await Tenant.AddPersonAsync(Process.Services, "audra@example.test", "a long enough password", Domain.Identity.Roles.Auditor);
        var checkpoint = await GrowAsync();
        var path = await WriteAsync(checkpoint.Note.Replace(Convert.ToBase64String(checkpoint.Root), Convert.ToBase64String(MerkleTree.EmptyRoot), StringComparison.Ordinal));
        var before = await File.ReadAllTextAsync(path);
        await RunJobAsync();

        var alarm = Assert.Single(await AnchorEventsAsync());
        Assert.Equal(("audit.anchor_contradicted", AuditSeverity.Alarm, AuditOutcome.Failure), (alarm.Action, alarm.Row.Severity, alarm.Outcome));
        Assert.Equal(before, await File.ReadAllTextAsync(path));
        Assert.Empty(await RowsAsync<AuditDeposit>());
        Assert.NotEmpty(await RowsAsync<WorkItem>());

        await GrowAsync();
        await RunAfterAsync(Minute); // The next one has a file of its own; that there was a contradiction stays.
        Assert.NotNull((await StateAsync()).ContradictedAt);
        Assert.Null((await StateAsync()).FailingSince);
    }

    [Fact]
    public async Task Run_FileCutShort_IsNoAlarm()
    {
        await WriteAsync((await GrowAsync()).Note[..20]);
        await RunJobAsync();
        Assert.Equal("audit.anchor_failed", Assert.Single(await AnchorEventsAsync()).Action);
    }

    [Fact]
    public async Task Run_FolderGone_IsOneEventAStreakWithWaitsThatGrowAndOneOfRecovery()
    {
        await RunJobAsync(); // The configuration is read while the folder is there, as at a start.
        await GrowAsync();
        var aside = Place.Path + "-aside";
        Directory.Move(Place.Path, aside);
        try
        {
            await RunJobAsync();
            foreach (var (attempts, wait) in new[] { (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60) })
            {
                var state = await StateAsync();
                Assert.Equal((attempts, Clock.GetUtcNow() + (wait * Minute)), (state.Attempts, state.NextAttemptAt));
                await RunAfterAsync((wait * Minute) - TimeSpan.FromSeconds(1)); // Too early: nothing is tried.
                Assert.Equal(attempts, (await StateAsync()).Attempts);
                await RunAfterAsync(TimeSpan.FromSeconds(1));
            }

            var failed = Assert.Single(await AnchorEventsAsync());
            Assert.Equal(("audit.anchor_failed", AuditSeverity.Warning), (failed.Action, failed.Row.Severity));
        }
        finally
        {
            Directory.Move(aside, Place.Path);
        }

        await RunAfterAsync(TimeSpan.FromHours(1));
        Assert.Equal(["audit.anchor_failed", "audit.anchor_recovered"], (await AnchorEventsAsync()).Select(entry => entry.Action));
        var after = await StateAsync();
        Assert.Equal((null, 0, null, null), (after.FailingSince, after.Attempts, after.NextAttemptAt, after.Error));
        Assert.Single(await RowsAsync<AuditDeposit>());
    }

    [Fact]
    public async Task DepositNow_BeforeItIsDue_DepositsWhatIsThereNow()
    {
        await GrowAsync();
        await RunJobAsync();
        Assert.Equal(1, (await Get<AuditAnchorService>().DepositNowAsync(Tenant.Admin, default)).Value);
        Assert.Equal(2, Directory.GetFiles(LogFolder).Length);
        Assert.Contains(await EventsAsync(), entry => entry.Action == "audit.deposit_requested");
        var row = Assert.Single(await Get<AuditAnchorQueries>().ListAsync(Tenant.Admin, default));
        Assert.Equal((false, false), (row.IsFailing, row.IsContradicted));
        Assert.Equal((await RowsAsync<AuditCheckpoint>()).Max(checkpoint => checkpoint.Size), row.Newest!.Size);
    }

    [Fact]
    public async Task Deposits_ChangedByTheApplication_AreRefusedByTheDatabase()
    {
        await GrowAsync();
        await RunJobAsync();
        await using var db = Process.Database.AcrossOrganizations();
        await Assert.ThrowsAnyAsync<Exception>(() => db.AuditDeposits.ExecuteUpdateAsync(set => set.SetProperty(deposit => deposit.Root, new byte[32])));
        await Assert.ThrowsAnyAsync<Exception>(() => db.AuditDeposits.ExecuteDeleteAsync());
    }

    private async Task<string> WriteAsync(string text)
    {
        var size = (await RowsAsync<AuditCheckpoint>()).Max(checkpoint => checkpoint.Size);
        Directory.CreateDirectory(LogFolder);
        var path = Path.Combine(LogFolder, $"{size:D12}.checkpoint");
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
