using System.Text;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Import;
using Governance.Infrastructure.Identity.Invitations;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity.Import;

public sealed class PeopleImportTests : ProductTest
{
    private const string Header = "name,email,role,team,scope\n";

    [Fact]
    public async Task ImportAsync_GoodFile_InvitesEverybody()
    {
        var file = Header + """
            Ann,ann@example.org,team_lead,Platform,
            "Bea, the second",bea@example.org,Member,platform,
            Cid,cid@example.org,cost_viewer,,
            Dan,dan@example.org,member,Platform,application:Assistant
            """;
        var preview = (await PreviewAsync(file)).Required();
        Assert.True(preview.CanImport);
        Assert.Equal([2, 3, 4, 5], preview.Lines.Select(line => line.Line));
        Assert.Equal(["Platform", "Platform", "Whole organisation", "Assistant"], preview.Lines.Select(line => line.Scope));
        Assert.Empty(await RowsAsync<Invitation>());

        var reported = new List<int>();
        Assert.Equal(4, (await Get<PeopleImport>().ImportAsync(Tenant.Admin, Encoding.UTF8.GetBytes(file), new Told(reported), default)).Required());
        Assert.Equal([4], reported);
        var rows = await RowsAsync<Invitation>();
        Assert.Equal(4, rows.Count);
        Assert.Equal(4, (await RowsAsync<WorkItem>()).Count);
        Assert.Equal(AccessScope.Application(Tenant.Application.Id), rows.Single(row => row.DisplayName == "Dan").Scope);
        Assert.Single(await EventsAsync(), row => row.Action == "people.imported");
    }

    [Fact]
    public async Task PreviewAsync_WrongLines_AreNamedWithTheirNumberAndNothingIsWritten()
    {
        var file = Header + """
            Ann,ann@example.org,member,Platform,

            ,nowhere,king,Marketing,planet
            "Cid
            with a line break",ann@example.org,member,,
            Dan,dan@example.org,member,Platform,
            """;
        var preview = (await PreviewAsync(file)).Required();
        Assert.False(preview.CanImport);
        Assert.Equal([(2, 0), (4, 5), (5, 2), (7, 0)], preview.Lines.Select(line => (line.Line, line.Errors.Count)));
        Assert.Contains(preview.Lines[2].Errors, error => error.Contains("stands in line 2", StringComparison.Ordinal));
        Assert.Equal(RefusalKind.Conflict, (await Get<PeopleImport>().ImportAsync(Tenant.Admin, Encoding.UTF8.GetBytes(file), null, default)).Refusal?.Kind);
        Assert.Empty(await RowsAsync<Invitation>());
        Assert.Empty(await RowsAsync<WorkItem>());
    }

    [Fact]
    public async Task PreviewAsync_NameWithACommaAndNoQuotes_IsNamed() =>
        Assert.Contains("quotation marks", (await PreviewAsync(Header + "Example, Ann,ann@example.org,member,Platform,\n")).Required().Lines.Single().Errors[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("name,email,role,team,scope\n", "only the header")]
    [InlineData("name;mail;role\nAnn;ann@example.org;member\n", "“email” is missing")]
    [InlineData("name,email,role\n\"Ann,ann@example.org,member\n", "Line 2")]
    public async Task PreviewAsync_UnreadableFile_SaysWhy(string file, string reason) =>
        Assert.Contains(reason, (await PreviewAsync(file)).Refusal?.Message, StringComparison.Ordinal);

    [Fact]
    public async Task PreviewAsync_TooLargeOrOtherEncoding_SaysWhatToDo()
    {
        var many = Header + string.Concat(Enumerable.Range(0, PeopleFile.MaxRows + 1).Select(i => $"P{i},p{i}@example.org,cost_viewer,,\n"));
        Assert.Contains("more than 2,000 rows", (await PreviewAsync(many)).Refusal?.Message, StringComparison.Ordinal);
        Assert.Contains("1 MB", (await PreviewAsync(new string('x', PeopleFile.MaxBytes + 1))).Refusal?.Message, StringComparison.Ordinal);
        var latin = (byte[])[.. Encoding.ASCII.GetBytes(Header), (byte)'J', 0xF6, (byte)'r', (byte)'g'];
        Assert.Contains("UTF-8", (await Get<PeopleImport>().PreviewAsync(Tenant.Admin, latin, default)).Refusal?.Message, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.Forbidden, (await Get<PeopleImport>().PreviewAsync(Tenant.Viewer, latin, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task PreviewAsync_SemicolonsAndByteOrderMark_AreReadAsExcelWritesThem()
    {
        var preview = (await PreviewAsync("\uFEFFName;Email;Role;Team\r\nJörg;joerg@example.org;Cost viewer;\r\n")).Required();
        Assert.Equal(("Jörg", true), (preview.Lines.Single().Name, preview.CanImport));
    }

    [Fact]
    public async Task ImportAsync_LargestFile_InvitesAllOrNobody()
    {
        var rows = Enumerable.Range(0, PeopleFile.MaxRows).Select(i => $"Person {i},p{i}@example.org,member,Platform,\n").ToList();
        var file = Encoding.UTF8.GetBytes(Header + string.Concat(rows));
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get<PeopleImport>().ImportAsync(Tenant.Admin, file, new Told([], stop), stop.Token));
        Assert.Empty(await RowsAsync<Invitation>());
        Assert.Equal(PeopleFile.MaxRows, (await Get<PeopleImport>().ImportAsync(Tenant.Admin, file, null, default)).Required());
        Assert.Equal(PeopleFile.MaxRows, (await RowsAsync<Invitation>()).Count);
    }

    private Task<Result<ImportPreview>> PreviewAsync(string file) => Get<PeopleImport>().PreviewAsync(Tenant.Admin, Encoding.UTF8.GetBytes(file), default);

    /// <summary>Notes what is reported, and stops the work if it is to.</summary>
    private sealed class Told(List<int> reported, CancellationTokenSource? stop = null) : IProgress<int>
    {
        public void Report(int value)
        {
            reported.Add(value);
            stop?.Cancel();
        }
    }
}
