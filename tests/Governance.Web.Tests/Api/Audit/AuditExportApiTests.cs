using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Governance.Testing.Audit;
using static Governance.Web.Tests.Api.Audit.AuditApiFixture;

namespace Governance.Web.Tests.Api.Audit;

public sealed class AuditExportApiTests(AuditApiFixture api) : IClassFixture<AuditApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_AsZip_IsVerifiedByTheTool()
    {
        using var response = await api.Auditor.GetAsync("/api/v1/audit/export", Cancellation);
        response.EnsureSuccessStatusCode();
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder.PathOf("export.zip"), await response.Content.ReadAsByteArrayAsync(Cancellation), Cancellation);

        Assert.Equal("application/zip", response.Content.Headers.ContentType?.MediaType);
        Assert.Matches(@"^audit-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.zip$", response.Content.Headers.ContentDisposition?.FileName ?? "");
        await using var zip = await ZipFile.OpenReadAsync(folder.PathOf("export.zip"), Cancellation);
        Assert.NotNull(zip.GetEntry("tile/0/000"));
        (await AuditVerifier.RunAsync(folder.PathOf("export.zip"))).MustPass();
    }

    [Fact]
    public async Task Export_OfAnEmptyPeriod_IsVerifiedByTheTool()
    {
        using var folder = new TempFolder();
        var bytes = await api.Auditor.GetByteArrayAsync("/api/v1/audit/export?from=2020-01-01&to=2020-01-02", Cancellation);
        await File.WriteAllBytesAsync(folder.PathOf("export.zip"), bytes, Cancellation);

        (await AuditVerifier.RunAsync(folder.PathOf("export.zip"))).MustPass();
    }

    [Fact]
    public async Task Export_AsLines_HasEveryEventAndNothingAboutPeople()
    {
        var text = await api.Auditor.GetStringAsync("/api/v1/audit/export?format=ndjson", Cancellation);

        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Events - 1, rows.Count(row => row.GetProperty("action").GetString() == "key.updated"));
        Assert.Equal(rows.Select(row => row.GetProperty("index").GetInt64()).OrderDescending(), Enumerable.Range(0, rows.Count).Reverse().Select(i => (long)i));
        Assert.DoesNotContain(Address, text, StringComparison.Ordinal);
        Assert.DoesNotContain(PersonName + "\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_AsCsv_HasTheSameRowsAndDefusesFormulas()
    {
        const string Formula = "=cmd|calc!A1";
        await IdOfAsync(await PostAsync(api.Writer, $$$"""{"source":"crm","action":"deal.won","resource":{"type":"deal","id":"{{{Formula}}}"}}"""));

        var text = await api.Auditor.GetStringAsync("/api/v1/audit/export?format=csv", Cancellation);

        var lines = text.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r').TrimStart('\uFEFF')).ToList();
        Assert.Equal("index,id,at,actor_kind,actor_ref,action,category,severity,outcome,resource_type,resource_ref,reason,request,source", lines[0]);
        Assert.Equal(Events - 1, lines.Count(line => line.Contains(",key.updated,", StringComparison.Ordinal)));
        var formula = Assert.Single(lines, line => line.Contains(",deal.won,", StringComparison.Ordinal));
        Assert.DoesNotContain("," + Formula, formula, StringComparison.Ordinal);
        Assert.True(int.Parse(lines[1].Split(',')[0], CultureInfo.InvariantCulture) >= Events);
    }

    [Fact]
    public async Task Export_Each_IsItselfRecorded()
    {
        var before = await CountAsync();
        (await api.Auditor.GetAsync("/api/v1/audit/export", Cancellation)).Dispose();
        (await api.Auditor.GetAsync("/api/v1/audit/export?format=csv", Cancellation)).Dispose();

        Assert.Equal(before + 2, await CountAsync());
    }

    private async Task<int> CountAsync() => (await GetAsync(api.Reader, "/logs?action=export.created&limit=500")).GetProperty("items").GetArrayLength();
}
