using Governance.Infrastructure.Jobs;

namespace Governance.Infrastructure.Tests.Jobs;

public sealed class SpillTests : ProductTest
{
    private Spill Spill => Get<Spill>();

    private string File => Path.Combine(Database.Folder, "spill", "work.jsonl");

    [Fact]
    public async Task RunAsync_WrittenItems_AreInTheQueueUnchanged()
    {
        var items = Write(3);
        await Spill.RunAsync(default);
        Assert.Equal(items.OrderBy(item => item.Id).Select(Text), (await RowsAsync<WorkItem>()).OrderBy(item => item.Id).Select(Text));
        Assert.False(System.IO.File.Exists(File));
        await Spill.RunAsync(default);
        Assert.Equal(3, (await RowsAsync<WorkItem>()).Count);
    }

    [Fact]
    public async Task RunAsync_CutLastLine_KeepsTheOthers()
    {
        var items = Write(2);
        Cut();
        await Spill.RunAsync(default);
        Assert.Equal(items[0].Id, Assert.Single(await RowsAsync<WorkItem>()).Id);
        Assert.True(Process.Logs.Contains(2004));
    }

    [Fact]
    public async Task Write_AfterACutLine_LosesNothingMore()
    {
        var before = Write(2);
        Cut();
        var after = Write(1);
        await Spill.RunAsync(default);
        Assert.Equal([before[0].Id, after[0].Id], (await RowsAsync<WorkItem>()).Select(item => item.Id).Order());
    }

    [Fact]
    public async Task RunAsync_CrashWhileReplaying_FinishesAndThenTakesTheNewFile()
    {
        var old = Write(3);
        System.IO.File.Move(File, File + ".replaying");
        await InsertAsync(old[1]); // it had come so far
        var added = Write(1);

        await Spill.RunAsync(default);
        await Spill.RunAsync(default);

        Assert.Equal(old.Concat(added).Select(item => item.Id).Order(), (await RowsAsync<WorkItem>()).Select(item => item.Id).Order());
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public async Task RunAsync_SameItemTwice_IsQueuedOnce()
    {
        var item = Write(1)[0];
        Spill.Write(item);
        await Spill.RunAsync(default);
        Assert.Equal(item.Id, Assert.Single(await RowsAsync<WorkItem>()).Id);
    }

    [Fact]
    public async Task RunAsync_Garbage_IsPassedOver()
    {
        await System.IO.File.WriteAllTextAsync(File, "null\n{}\n\n[]\n\0\0\0\n7\n");
        var item = Write(1)[0];
        await Spill.RunAsync(default);
        Assert.Equal(item.Id, Assert.Single(await RowsAsync<WorkItem>()).Id);
    }

    private void Cut()
    {
        using var file = new FileStream(File, FileMode.Open);
        file.SetLength(file.Length - 10);
    }

    private async Task InsertAsync(WorkItem item)
    {
        await using var db = Process.Database.AcrossOrganizations();
        db.WorkItems.Add(item);
        await db.SaveChangesAsync();
    }

    private List<WorkItem> Write(int count)
    {
        var now = Clock.GetUtcNow();
        var items = Enumerable.Range(0, count).Select(i => new WorkItem
        {
            Id = Guid.CreateVersion7(now.AddSeconds(i)),
            OrganizationId = Tenant.Id,
            Kind = "test",
            Payload = """{"text":"é\n\"x\""}""",
            CreatedAt = now,
            DueAt = now,
        }).ToList();
        items.ForEach(Spill.Write);
        Clock.Advance(TimeSpan.FromMinutes(1));
        return items;
    }

    private static string Text(WorkItem item) => System.Text.Json.JsonSerializer.Serialize(item);
}
