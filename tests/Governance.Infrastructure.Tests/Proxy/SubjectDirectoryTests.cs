using System.Text;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Secrets;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy;

public sealed class SubjectDirectoryTests : ProductTest
{
    private const string Reference = "Ada.Lovelace+secret@customer.example";

    [Fact]
    public async Task ResolveAsync_ConcurrentFirstSight_GivesOneId()
    {
        await using var second = await new ProductProcess(Database).StartAsync();
        var directories = new[] { Get<SubjectDirectory>(), second.Get<SubjectDirectory>() };
        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => directories[i % 2].ResolveAsync(Tenant.Id, Reference, default))));
        Assert.Single(ids.Distinct());
        Assert.Single(await RowsAsync<Subject>());
        Assert.Equal(ids[0], await Get<SubjectDirectory>().FindAsync(Tenant.Id, Reference, default));
    }

    [Fact]
    public async Task ResolveAsync_SameReferenceInTwoOrganizations_AreTwoUnlinkableSubjects()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        var mine = await Get<SubjectDirectory>().ResolveAsync(Tenant.Id, Reference, default);
        var theirs = await Get<SubjectDirectory>().ResolveAsync(other.Id, Reference, default);
        Assert.NotEqual(mine, theirs);
        var rows = await RowsAsync<Subject>();
        Assert.NotEqual(rows[0].ReferenceMac, rows[1].ReferenceMac);
        Assert.Equal(Reference, (await Get<SubjectDirectory>().ReferencesAsync(Tenant.Id, [mine, theirs], default)).Single(pair => pair.Key == mine).Value);
    }

    [Fact]
    public async Task ResolveAsync_MoreSubjectsThanAreKept_StaysBounded()
    {
        var directory = new SubjectDirectory(Process.Database, Get<MasterKey>(), Clock) { Capacity = 3 };
        var ids = new List<Guid>();
        for (var i = 0; i < 16; i++)
        {
            ids.Add(await directory.ResolveAsync(Tenant.Id, $"user{i % 8}", default));
            Assert.InRange(directory.Count, 1, 3);
        }

        Assert.Equal(ids[..8], ids[8..]);
    }

    [Fact]
    public async Task ResolveAsync_SqliteFile_HoldsNothingRaw()
    {
        Assert.SkipWhen(Database.Provider != DatabaseProvider.Sqlite, "Reads the bytes of the database file.");
        await Get<SubjectDirectory>().ResolveAsync(Tenant.Id, Reference, default);
        foreach (var file in Directory.GetFiles(Database.Folder, "governance.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            foreach (var raw in (string[])[Reference, Tenant.Key.Secret, "Lovelace"])
                Assert.True(copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(raw)) < 0, $"{Path.GetFileName(file)} holds {raw} in clear.");
        }
    }
}
