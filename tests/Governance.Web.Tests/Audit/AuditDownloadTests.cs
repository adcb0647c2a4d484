using System.IO.Compression;
using System.Net;
using System.Text.Json;
using CsvHelper;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Web.Tests.Access;

namespace Governance.Web.Tests.Audit;

/// <summary>What leaves the log through the pages.</summary>
public sealed class AuditDownloadTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Zip_OfAPeriod_HoldsEveryEntryAndItselfAndIsFetchedOnceByWhoeverAsked()
    {
        var auditor = await world.BrowserOfAsync(Roles.Auditor);
        var now = TimeProvider.System.GetUtcNow();
        var run = (await world.Get<AuditExportFiles>().StartAsync(world.ActorOf(Roles.Auditor), now.AddDays(-7), now.AddDays(1), Cancellation)).Required();
        await Eventually.TrueAsync(() => run.State == AuditExportState.Ready, "the export is written");
        var path = $"/export/audit/{run.Id:n}.zip";
        Assert.Equal(HttpStatusCode.NotFound, (await (await world.BrowserOfAsync(Roles.ComplianceOfficer)).GetAsync(path, Cancellation)).StatusCode);
        using var response = await auditor.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, (await auditor.GetAsync(path, Cancellation)).StatusCode);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        using var zip = new ZipArchive(new MemoryStream(await response.Content.ReadAsByteArrayAsync(Cancellation)));
        using var manifest = JsonDocument.Parse(await TextAsync(zip, "manifest.json"));
        var lines = (await TextAsync(zip, "entries.ndjson")).TrimEnd('\n').Split('\n');
        Assert.Equal(manifest.RootElement.GetProperty("count").GetInt64(), lines.Length);
        Assert.Contains("export.created", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_WithFilters_HoldsWhatTheyLeave()
    {
        var auditor = await world.BrowserOfAsync(Roles.Auditor);
        await using var stream = await auditor.GetStreamAsync("/export/audit.csv?action=person&period=last-7-days", Cancellation);
        using var csv = CsvReader.Create(stream);
        var rows = new List<(string Action, string Resource)>();
        while (csv.Read()) rows.Add((csv.GetString("action"), csv.GetString("resource")));
        Assert.All(rows, row => Assert.StartsWith("person.", row.Action, StringComparison.Ordinal));
        Assert.Contains(("person.created", "auditor"), rows);
    }

    [Fact]
    public async Task JsonLines_OfAnEntry_HoldTheLeafAsItIsHashed()
    {
        var auditor = await world.BrowserOfAsync(Roles.Auditor);
        var lines = (await auditor.GetStringAsync("/export/audit.jsonl?action=organization&period=last-7-days", Cancellation)).TrimEnd('\n').Split('\n');
        var row = Assert.Single((await world.Get<AuditQueries>().ListAsync(world.Tenant.Admin, new AuditFilter { Action = "organization.created" }, null, 10, Cancellation)).Items);
        Assert.Contains(lines, line => JsonDocument.Parse(line).RootElement.GetProperty("leaf").GetRawText() == row.Event.ToLeaf().ToString());
    }

    [Fact]
    public async Task Proof_ForWhoMayNotSeePayloads_HasNone()
    {
        var row = (await world.Get<AuditQueries>().ListAsync(world.Tenant.Admin, new AuditFilter { Action = "key.created" }, null, 1, Cancellation)).Items[0];
        var path = $"/export/audit/{PublicId.Format(PublicId.AuditEvent, row.Event.Id)}.json";
        var ofAdmin = await (await world.BrowserOfAsync(Roles.SystemAdmin)).GetStringAsync(path, Cancellation);
        var ofAuditor = await (await world.BrowserOfAsync(Roles.Auditor)).GetStringAsync(path, Cancellation);
        Assert.False(JsonDocument.Parse(ofAdmin).RootElement.TryGetProperty("parts", out _));
        Assert.True(JsonDocument.Parse(ofAuditor).RootElement.GetProperty("parts")[0].TryGetProperty("payload", out _));
    }

    [Fact]
    public async Task Activity_OfAPerson_CountsEachEventOnce()
    {
        await world.BrowserOfAsync(Roles.SystemAdmin); // Who signs in is both who did it and whom it concerns.
        var filter = new AuditFilter { PersonId = world.ActorOf(Roles.SystemAdmin).Id };
        var listed = await world.Get<AuditQueries>().ListAsync(world.Tenant.Admin, filter, null, 500, Cancellation);
        var counted = await world.Get<AuditQueries>().ActivityAsync(world.Tenant.Admin, filter, TimeZoneInfo.Utc, Cancellation);
        Assert.Contains(listed.Items, row => row.Event.Action == "sign_in.succeeded");
        Assert.Equal(listed.Items.Count, counted.Sum(day => day.Events));
    }

    private static async Task<string> TextAsync(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }
}
