using System.Diagnostics;
using System.Text.Json;
using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit.Anchors;

/// <summary>What the offline verifier makes of deposits, and what of a log that was rewritten with its real key.</summary>
public sealed class AuditAnchorExportTests : AnchorTest
{
    private StubWitness _witness = null!;

    protected override async Task<Dictionary<string, string?>> SettingsAsync()
    {
        _witness ??= await StubWitness.StartAsync();
        return new()
        {
            ["Audit:Anchors:Folder"] = Place.Path,
            ["Audit:Anchors:Witnesses:0:Url"] = _witness.Url,
            ["Audit:Anchors:Witnesses:0:VerifierKey"] = _witness.Key.ToString(),
        };
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _witness.DisposeAsync();
    }

    [Fact]
    public async Task Export_AfterDeposits_VerifiesWithTheWitnessAndTheFile()
    {
        await DepositAsync();
        await DepositAsync(after: TimeSpan.FromDays(2));
        await DepositAsync(after: TimeSpan.FromHours(1));

        var (exit, verdicts, json) = await VerifyAsync("--witness", _witness.Key.ToString(), "--older", Directory.GetFiles(LogFolder).Order(StringComparer.Ordinal).First());
        Assert.True(exit == 0, json);
        Assert.StartsWith($"{_witness.Key.Name} cosigned the first ", verdicts["anchors"].Detail, StringComparison.Ordinal);
        Assert.Contains("All 4 deposits agree", verdicts["anchors"].Detail, StringComparison.Ordinal); // Of each place the newest, and one a day before.
    }

    [Fact]
    public async Task Export_WitnessThatDidNotCosign_Fails()
    {
        await DepositAsync();
        await using var other = await StubWitness.StartAsync(_witness.Key.Name, seed: 9);
        var (exit, verdicts, _) = await VerifyAsync("--witness", other.Key.ToString());
        Assert.Equal((1, "FAILED"), (exit, verdicts["anchors"].Status));
    }

    [Fact]
    public async Task Export_LogRewrittenWithTheRealKey_IsCaughtByAnchorsAndByTheAuditorsOwnFile()
    {
        await DepositAsync();
        var kept = Directory.GetFiles(LogFolder).Single();
        await RewriteAsync();

        var (exit, verdicts, _) = await VerifyAsync();
        Assert.Equal((1, "FAILED", "ok", "ok"), (exit, verdicts["anchors"].Status, verdicts["signature"].Status, verdicts["root"].Status));

        // Whoever rewrites the log can rewrite what the database says of deposits; a copy elsewhere they cannot.
        await using (var db = Process.Database.AsOwner()) await db.AuditDeposits.ExecuteDeleteAsync();
        Assert.Equal(0, (await VerifyAsync()).Exit);
        (exit, verdicts, _) = await VerifyAsync("--older", kept);
        Assert.Equal((1, "FAILED"), (exit, verdicts["consistency"].Status));
        (exit, verdicts, _) = await VerifyAsync("--witness", _witness.Key.ToString());
        Assert.Equal((1, "FAILED"), (exit, verdicts["anchors"].Status));
    }

    private async Task DepositAsync(TimeSpan after = default)
    {
        _witness.Time = Clock;
        _witness.Logs[AuditLeaf.OriginOf(Tenant.Id)] = new VerifierKey(AuditLeaf.OriginOf(Tenant.Id), Get<AuditSigner>().PublicKey);
        Clock.Advance(after);
        await GrowAsync();
        await RunJobAsync();
    }

    /// <summary>Takes an event away and has the product build the tree anew, with its own key.</summary>
    private async Task RewriteAsync()
    {
        await using (var db = Process.Database.AsOwner())
        {
            await Guards.DropAsync(db);
            var victim = (await db.AuditEvents.OrderBy(entry => entry.At).Select(entry => entry.Id).ToListAsync())[1];
            await db.AuditEntries.ExecuteDeleteAsync();
            await db.AuditCheckpoints.ExecuteDeleteAsync();
            await db.AuditParts.Where(part => part.EventId == victim).ExecuteDeleteAsync();
            await db.AuditEvents.Where(entry => entry.Id == victim).ExecuteDeleteAsync();
            await db.AuditWaiting.ExecuteDeleteAsync();
            var left = await db.AuditEvents.Select(entry => new AuditWaiting { OrganizationId = entry.OrganizationId, At = entry.At, EventId = entry.Id }).ToListAsync();
            db.AuditWaiting.AddRange(left);
            await db.SaveChangesAsync();
        }

        await using var anew = await new ProductProcess(Database, Clock, await SettingsAsync()).StartAsync();
        await anew.Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        await GrowAsync();
    }

    private async Task<(int Exit, Dictionary<string, (string Status, string Detail)> Verdicts, string Json)> VerifyAsync(params string[] arguments)
    {
        var file = Path.Combine(Database.Folder, $"export-{Guid.CreateVersion7():n}.zip");
        var plan = (await Get<AuditExport>().PlanAsync(Tenant.Admin, Clock.GetUtcNow().AddDays(-30), Clock.GetUtcNow().AddDays(1), default)).Required();
        await using (var stream = File.Create(file)) await Get<AuditExport>().WriteAsync(plan, stream, null, default);

        var start = new ProcessStartInfo("node", [Script(), file, "--json", .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var json = await output;
        Assert.True(json.Length > 0, await error);
        var verdicts = JsonDocument.Parse(json).RootElement.GetProperty("verdicts").EnumerateArray().ToDictionary(
            verdict => verdict.GetProperty("name").GetString()!,
            verdict => (verdict.GetProperty("status").GetString()!, verdict.GetProperty("detail").GetString()!));
        return (process.ExitCode, verdicts, json);
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "tools", "verify-audit.mjs");
            if (File.Exists(script)) return script;
        }

        throw new FileNotFoundException("tools/verify-audit.mjs is in no folder above the tests.");
    }
}
